"""Tellings: which channel has told of which entry, so that one that fails makes no other repeat itself."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from callbacks import hand_over, journal
from callbacks.callback import Callback
from callbacks.database import Base
from callbacks.journal import Entry
from callbacks.work import Work

SOONEST, LATEST = timedelta(seconds=30), timedelta(hours=1)
"""Bounds of the wait before a channel that failed is tried again; between them, half of what has passed."""

FRESH = timedelta(minutes=15)
"""So long after the day's closing its hand-over may still be told; later it waits for the morning."""

GIVES_UP = timedelta(days=3)
"""After this long there is no use in telling; the journal and the board have had it all along."""


class Telling(Base):
    """One entry, told by one channel."""

    __tablename__ = "tellings"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(80), primary_key=True)
    told_at: Mapped[datetime]


def to_tell(work: Work, ids: Collection[int]) -> list[Entry]:
    """Those that are still to be told, and may be now; the others are armed for when they may."""
    ready = []
    for entry in journal.held(work, ids):
        if entry.told_at is None and entry.alarm_at is not None and entry.alarm_at <= work.now:
            entry.alarm_at = _from_when(work, entry)
            ready += [entry] if entry.alarm_at == work.now else []
    return ready


def _from_when(work: Work, entry: Entry) -> datetime:
    """Now, or when the office opens; the day's hand-over belongs to the moment at which it closes."""
    soon = entry.move == hand_over.MOVE and work.now - entry.at < FRESH
    return work.now if soon else journal.may_tell_from(work, work.now)


def untold_by(session: Session, channel: str, entries: Collection[Entry]) -> list[Entry]:
    """Those of the entries that this channel has not told."""
    ids = [entry.id for entry in entries]
    told = select(Telling.entry_id).where(Telling.channel == channel, Telling.entry_id.in_(ids))
    known = set(session.scalars(told))
    return [entry for entry in entries if entry.id not in known]


def told_by(work: Work, channel: str, entries: Collection[Entry]) -> None:
    """This channel has told of these."""
    for entry in untold_by(work.session, channel, entries):
        work.session.add(Telling(entry_id=entry.id, channel=channel, told_at=work.now))


def failed(work: Work, entry_id: int) -> bool:
    """A channel has not told of it: again later, in hours when one may. False once it is given up."""
    for entry in journal.held(work, [entry_id]):
        waited = work.now - entry.written_at
        again = work.now + min(max(waited / 2, SOONEST), LATEST)
        hopeless = waited > GIVES_UP
        entry.alarm_at = None if hopeless else journal.may_tell_from(work, again)
        entry.claimed_until = None
        return not hopeless
    return True


def requests(session: Session, entries: Collection[Entry]) -> dict[str, Callback]:
    """The requests that these lines are about, by the names of their chains."""
    named = (entry.subject.partition("/") for entry in entries)
    keys = [int(key) for kind, _, key in named if kind == "callback"]
    chosen = select(Callback).where(Callback.id.in_(keys)).options(joinedload(Callback.subscription))
    return {callback.subject: callback for callback in session.scalars(chosen)}
