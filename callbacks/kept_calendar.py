"""The calendars under which promises were made, kept so that each can be explained years later."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Base
from callbacks.hours import OfficeHours
from callbacks.work import Work


class KeptCalendar(Base):
    """One version of the office's calendar, as `OfficeHours.table()` gives it."""

    __tablename__ = "calendars"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]]
    first_used_at: Mapped[datetime]


def keep(work: Work) -> None:
    """Keep the calendar in force, once; of two hands at one instant `Desk.do` repeats the loser."""
    version = work.hours.version
    if work.session.get(KeptCalendar, version) is None:
        work.session.add(KeptCalendar(version=version, body=work.hours.table(), first_used_at=work.now))
        work.session.flush()


def hours_of(session: Session, version: str) -> OfficeHours | None:
    """The working time that a promise was made under."""
    if version not in _READ and (kept := session.get(KeptCalendar, version)):
        _READ[version] = OfficeHours.from_table(**kept.body)
    return _READ.get(version)


def hours_for(work: Work, version: str | None) -> OfficeHours:
    """The working time to measure a promise by: that of its own calendar, today's where that is the same."""
    if version is None or version == work.hours.version:
        return work.hours
    return hours_of(work.session, version) or work.hours


_READ: dict[str, OfficeHours] = {}
"""Calendars read once: a version never changes, and there are as many as the policy was ever edited."""
