"""Proof that the journal is as it was written: each chain checked, each day sealed over all."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Date, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Base
from callbacks.journal import Entry
from callbacks.work import Work

SETTLED = timedelta(minutes=10)
"""How long after midnight a day is surely written: no unit of work stays open as long."""


class Seal(Base):
    """One UTC day of the journal under one digest, chained to the seal before."""

    __tablename__ = "seals"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


def seal_past_days(work: Work) -> int:
    """Seal each day that has ended since the last seal. Returns how many. Safe to repeat."""
    newest = work.session.scalar(select(func.max(Seal.day)))
    first = newest + timedelta(days=1) if newest else _first_day(work.session)
    open_day, made = (work.now - SETTLED).astimezone(UTC).date(), 0
    while first is not None and first < open_day:
        count, digest = _day_digest(work.session, first)
        work.session.add(Seal(day=first, entries=count, digest=digest, sealed_at=work.now))
        work.session.flush()
        first, made = first + timedelta(days=1), made + 1
    return made


def faults(session: Session) -> list[str]:
    """Every broken link of the journal in one sentence each; empty where all is as it was written."""
    return [*_broken_chains(session), *_broken_seals(session)]


def _broken_chains(session: Session) -> list[str]:
    """Each chain is walked from its first line; a line that does not follow the one before is named."""
    found: list[str] = []
    subject, seq, previous = "", 0, "0" * 64
    for entry in session.scalars(
        select(Entry).order_by(Entry.subject, Entry.seq).execution_options(yield_per=500)
    ):
        if entry.subject != subject:
            subject, seq, previous = entry.subject, 0, "0" * 64
        where = f"{entry.subject}, line {entry.seq}"
        if (entry.seq, entry.previous) != (seq + 1, previous):
            found.append(f"{where}: does not follow the line before it")
        if entry.digest != entry.computed_digest():
            found.append(f"{where}: was changed after it was written")
        if entry.personal and entry.personal.computed_digest() != entry.personal_digest:
            found.append(f"{where}: what it says of a person was changed")
        seq, previous = entry.seq, entry.digest
    return found


def _broken_seals(session: Session) -> list[str]:
    """A day whose lines no longer give its seal: something was removed or put in."""
    seals = session.scalars(select(Seal).order_by(Seal.day)).all()
    checked = ((seal, *_day_digest(session, seal.day)) for seal in seals)
    return [
        f"{seal.day}: sealed with {seal.entries} lines, now {count} that do not give its seal"
        for seal, count, digest in checked
        if (count, digest) != (seal.entries, seal.digest)
    ]


def _first_day(session: Session) -> date | None:
    first = session.scalar(select(func.min(Entry.written_at)))
    return first.date() if first else None


def _day_digest(session: Session, day: date) -> tuple[int, str]:
    """How many lines the day has, and the digest of them all after the seal before."""
    start = datetime.combine(day, time(), UTC)
    before = session.scalar(select(Seal.digest).where(Seal.day < day).order_by(Seal.day.desc()).limit(1))
    found, count = hashlib.sha256((before or "").encode()), 0
    of_day = select(Entry.digest).where(
        Entry.written_at >= start, Entry.written_at < start + timedelta(days=1)
    )
    for digest in session.scalars(of_day.order_by(Entry.id).execution_options(yield_per=1000)):
        found.update(digest.encode())
        count += 1
    return count, found.hexdigest()
