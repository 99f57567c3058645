"""The desk composed from Settings: the same for the web, the worker, the clock and the command line."""

from datetime import UTC, datetime

from callbacks.database import open_engine
from callbacks.policy import Policy
from callbacks.work import Desk
from settings import Settings


def now() -> datetime:
    """The true time; every other clock is given by a test."""
    return datetime.now(UTC)


def open_desk(settings: Settings) -> Desk:
    """Raises PolicyError, with every fault at once, where the policy cannot be used."""
    return Desk(
        engine=open_engine(settings.database_url),
        policy=Policy.load(settings.policy_file),
        code_key=settings.key_for("extension codes"),
        clock=now,
    )
