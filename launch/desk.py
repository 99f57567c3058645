"""The desk composed from Settings: the same for the web, the worker, the clock and the command line."""

from datetime import UTC, datetime

from callbacks.database import open_engine
from callbacks.policy import Policy, text_of
from callbacks.policy_in_force import Judge, PolicyInForce
from callbacks.work import Desk
from settings import Settings


def now() -> datetime:
    """The true time; every other clock is given by a test."""
    return datetime.now(UTC)


def prompts_fit(policy: Policy) -> None:
    """PolicyError where a recording replaces no sentence of the phone line. That room is slow to load."""
    if policy.prompts:
        from ivr.check import check  # noqa: PLC0415

        check(policy)


JUDGE = Judge(checks=(prompts_fit,))
"""How policies are read wherever the desk runs."""


def open_desk(settings: Settings) -> Desk:
    """Under the policy that the database holds, or the file's where it holds none yet.

    Raises PolicyError, with every fault at once, where no policy can be used.
    """
    engine, file = open_engine(settings.database_url), settings.policy_file
    return Desk(
        engine=engine,
        policy=PolicyInForce(engine, lambda: JUDGE.read(text_of(file), file.name), JUDGE),
        code_key=settings.key_for("extension codes"),
        clock=now,
    )
