"""An agent or supervisor: who answers for a callback, when they are there, and what they can take."""

import json
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Base
from callbacks.hours import OfficeHours


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
    shifts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    days_off: Mapped[list[str]] = mapped_column(default=list)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    def is_any(self, *roles: Role) -> bool:
        """Whether one of these roles is theirs."""
        return not set(roles).isdisjoint(self.roles)

    def on_shift(self, office: OfficeHours, now: datetime) -> bool:
        """Whether this moment lies in the agent's shift, which lies in the office's hours."""
        if not office.is_open(now):
            return False
        if now.astimezone(office.zone).date().isoformat() in self.days_off:
            return False
        return not self.shifts or _shift(office.zone.key, json.dumps(self.shifts, sort_keys=True)).is_open(
            now
        )

    def shift_ends(self, office: OfficeHours, now: datetime) -> datetime:
        """When the running shift ends; for one who is not on shift, the next end of one."""
        ends = office.closing(now)
        if not self.shifts:
            return ends
        return min(ends, _shift(office.zone.key, json.dumps(self.shifts, sort_keys=True)).closing(now))


@lru_cache(maxsize=512)
def _shift(zone: str, shifts: str) -> OfficeHours:
    """A week of shifts as working time; agents of one rota share it."""
    return OfficeHours.from_table(tz=zone, hours=json.loads(shifts))


def by_sign_in(session: Session, sign_in: str) -> Agent | None:
    """The person who signs in by this name and has not left."""
    named = select(Agent).where(Agent.sign_in == sign_in.strip().lower(), Agent.left_at.is_(None))
    return session.scalar(named)


def by_phone(session: Session, phone: str) -> Agent | None:
    """The person whose registered phone this is."""
    return session.scalar(select(Agent).where(Agent.phone == phone, Agent.left_at.is_(None)))
