"""The cast that a reader learns once, and a clock that stands until a test moves it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from callbacks import extension_code
from callbacks.agent import Agent, Role
from callbacks.policy import Policy
from callbacks.subscription import Plan, Subscription
from callbacks.work import Desk

ROME = ZoneInfo("Europe/Rome")
CODE_KEY = b"a key for tests alone"
POLICY_FILE = Path(__file__).parents[1] / "policy.toml"

ACME_PHONE = "+390212344587"
"""A Premium customer's phone in Milan."""
STRANGER_PHONE = "+390699887766"


def rome(text: str) -> datetime:
    """A moment on the office's wall clock: `rome("2026-11-23 12:10")`."""
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


@dataclass
class Clock:
    """Time as a test sets it."""

    now: datetime = field(default_factory=lambda: rome("2026-11-23 12:10"))

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)

    def set(self, text: str) -> None:
        """To this moment of the office's wall clock."""
        self.now = rome(text)

    def forward(self, amount: timedelta) -> None:
        """On by so much time."""
        self.now = self.now.astimezone(UTC) + amount


@dataclass(frozen=True)
class Cast:
    """Who is there. The codes are those that `extension_code.make` showed once."""

    acme_code: str
    bolt_code: str
    lapsed_code: str


def make_desk(engine: Engine, clock: Clock, policy: Policy | None = None) -> Desk:
    """A desk on this database under the policy that ships, at the clock's time."""
    return Desk(engine, policy or shipped_policy(), CODE_KEY, clock)


@cache
def shipped_policy() -> Policy:
    """The policy that ships, read once for all tests."""
    return Policy.load(POLICY_FILE, environ={})


def fill(desk: Desk) -> Cast:
    """Ada (level 1, English and Italian), Bruno (level 2, Italian), Sara who supervises;
    Acme Premium, Bolt Standard, Late & Co. lapsed."""
    with desk.work() as work:
        _people(work.session, work.now)
        codes = [
            extension_code.make(
                work, _subscription(work.session, work.now, company, plan, ends_on), "front desk"
            )
            for company, plan, ends_on in (
                ("Acme", Plan.PREMIUM, None),
                ("Bolt", Plan.STANDARD, None),
                ("Late & Co.", Plan.PREMIUM, date(2026, 1, 31)),
            )
        ]
    return Cast(*codes)


def _people(session: Session, now: datetime) -> None:
    for sign_in, name, roles, level, languages in (
        ("ada", "Ada", [Role.AGENT], 1, ["en", "it"]),
        ("bruno", "Bruno", [Role.AGENT], 2, ["it"]),
        ("sara", "Sara", [Role.SUPERVISOR], 2, ["en", "it"]),
        ("dora", "Dora", [Role.ADMINISTRATOR], 1, ["en", "it"]),
    ):
        session.add(
            Agent(
                sign_in=sign_in,
                name=name,
                roles=list(roles),
                level=level,
                languages=languages,
                created_at=now,
            )
        )


def _subscription(
    session: Session, now: datetime, company: str, plan: Plan, ends_on: date | None
) -> Subscription:
    subscription = Subscription(
        company=company, plan=plan, contract_speed=10_000, starts_on=date(2025, 1, 1), ends_on=ends_on,
        languages=["en"], contacts=[], created_at=now,
    )  # fmt: skip
    session.add(subscription)
    session.flush()
    return subscription
