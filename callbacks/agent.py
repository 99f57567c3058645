"""An agent or supervisor: who answers for a callback, when they are there, and what they can take."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks.database import Base
from callbacks.hours import OfficeHours
from callbacks.notice_way import NoticeWay


class Role(StrEnum):
    """What somebody at the desk may do. One person may be several: in a small desk somebody is all three."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Presence(StrEnum):
    """Whether callbacks may be rung to an agent. Being on a dial shows by itself."""

    READY = "ready"
    BUSY = "busy"
    AWAY = "away"


class Agent(Base):
    """A person at the desk. `sign_in` is a short name in lower case; `phone` is E.164, `sip:` or `client:`.

    `roles` are the doors open to them; `topics` are those the agent can take, all where empty; `shifts` is a
    week as in `OfficeHours.from_table`, the office's own where empty; `days_off` are dates of the office.
    `off_the_phone_at` is when the last talk and what it left to do were over; `unanswered` counts offers
    in a row that found nobody at the phone.
    """

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[str]] = mapped_column(default=lambda: [Role.AGENT.value])
    level: Mapped[int] = mapped_column(default=1)
    languages: Mapped[list[str]]
    topics: Mapped[list[str]] = mapped_column(default=list)
    phone: Mapped[str | None] = mapped_column(String(120))
    phone_code: Mapped[str | None] = mapped_column(String(64))
    presence: Mapped[str] = mapped_column(String(10), default=Presence.AWAY, index=True)
    presence_since: Mapped[datetime | None]
    idle_since: Mapped[datetime | None]
    off_the_phone_at: Mapped[datetime | None]
    unanswered: Mapped[int] = mapped_column(default=0)
    shifts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    days_off: Mapped[list[str]] = mapped_column(default=list)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    notice_ways: Mapped[list[NoticeWay]] = relationship(viewonly=True)

    def is_any(self, *roles: Role) -> bool:
        """Whether one of these roles is theirs."""
        return not set(roles).isdisjoint(self.roles)

    @property
    def rota(self) -> "Rota":
        """When they are there."""
        return Rota.of(self.shifts, self.days_off)

    def on_shift(self, office: OfficeHours, now: datetime) -> bool:
        """Whether this moment lies in the agent's shift, which lies in the office's hours."""
        return self.rota.on_shift(office, now)

    def shift_ends(self, office: OfficeHours, now: datetime) -> datetime:
        """When the running shift ends; for one who is not on shift, the next end of one."""
        return self.rota.ends(office, now)

    @property
    def skills(self) -> "Skills":
        """What they can take."""
        return Skills(self.level, frozenset(self.languages), frozenset(self.topics))


@dataclass(frozen=True)
class Skills:
    """Level, languages, and topics, all where empty."""

    level: int
    languages: frozenset[str]
    topics: frozenset[str]

    def suffice(self, level: int, language: str, topic: str | None) -> bool:
        """Whether a request of this level, language and topic can be taken; level 2 takes level 1 too."""
        knows = not self.topics or topic is None or topic in self.topics
        return self.level >= level and language in self.languages and knows


@dataclass(frozen=True)
class Rota:
    """Shifts and days off, in JSON as they are kept: whoever works by the same rota shares the answer."""

    shifts: str
    days_off: str

    @classmethod
    def of(cls, shifts: dict[str, Any], days_off: list[str]) -> "Rota":
        """As an agent's row has them."""
        return cls(json.dumps(shifts, sort_keys=True), json.dumps(days_off))

    def on_shift(self, office: OfficeHours, now: datetime) -> bool:
        """Whether this moment lies in a shift, which lies in the office's hours."""
        if not office.is_open(now):
            return False
        if now.astimezone(office.zone).date().isoformat() in json.loads(self.days_off):
            return False
        own = _shift(office.zone.key, self.shifts)
        return own is None or own.is_open(now)

    def ends(self, office: OfficeHours, now: datetime) -> datetime:
        """When the running shift ends, or the next one does."""
        own = _shift(office.zone.key, self.shifts)
        return min(office.closing(now), own.closing(now)) if own else office.closing(now)


@lru_cache(maxsize=512)
def _shift(zone: str, shifts: str) -> OfficeHours | None:
    """A week of shifts as working time; None where the office's hours are theirs."""
    week = json.loads(shifts)
    return OfficeHours.from_table(tz=zone, hours=week) if week else None


def by_sign_in(session: Session, sign_in: str) -> Agent | None:
    """The person who signs in by this name and has not left."""
    named = select(Agent).where(Agent.sign_in == sign_in.strip().lower(), Agent.left_at.is_(None))
    return session.scalar(named)
