"""Retention: what the policy lets go, and when; open requests stay, and the chain still verifies."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from callbacks import draft, journal
from callbacks.call import Call
from callbacks.callback import DESK, Callback
from callbacks.guard import CodeTry
from callbacks.journal import Entry, Personal
from callbacks.message import Message, MessageState
from callbacks.work import Work

CARRIER_KEEPS = "carrier_keeps"
"""Told once, when the carrier begins to hold what the policy has let go."""

KEPT = (MessageState.OURS_ALONE, MessageState.STORED, MessageState.AT_CARRIER)

AT_ONCE = 200
"""Rows of one unit of work, so that nobody waits long for it."""


def old_recordings(work: Work) -> list[Message]:
    """Recordings of requests closed so long ago that the policy lets their sound go, but those in work."""
    before = work.now - work.policy.retention.recordings
    idle = or_(Message.claimed_until.is_(None), Message.claimed_until <= work.now)
    old = (
        select(Message)
        .join(Callback)
        .where(Message.state.in_(KEPT), idle, Callback.closed_at < before)
        .order_by(Message.id)
        .limit(AT_ONCE)
    )
    return list(work.session.scalars(old))


def recording_erased(work: Work, message_id: int) -> None:
    """Its sound is off the shelf: say so in the journal, and whether the carrier still holds it."""
    message = work.held(Message, message_id)
    if message is None or message.state not in KEPT:
        return
    is_first = _first_held_by_carrier(work)
    message.erased()
    subject, facts = f"callback/{message.callback_id}", {"recording": message.recording_sid}
    journal.write(work, subject, "recording_erased", DESK, facts=facts)
    if message.state == MessageState.CARRIERS_ALONE:
        message.alarm_at = message.alarm_at or work.now
        journal.write(work, subject, "recording_at_carrier", DESK, facts=facts)
        if is_first:
            journal.write(work, journal.DESK, CARRIER_KEEPS, DESK, facts=facts)


def _first_held_by_carrier(work: Work) -> bool:
    held = select(Message.id).where(Message.state == MessageState.CARRIERS_ALONE)
    return work.session.scalar(held.limit(1)) is None


def erase_personal(work: Work, after: int = 0) -> int | None:
    """Forget what old lines say of people. Returns the line to go on after, None at the end."""
    before = work.now - work.policy.retention.personal
    old = (
        select(Entry.id, Entry.subject)
        .join(Personal)
        .where(Entry.written_at < before, Entry.id > after)
        .order_by(Entry.id)
        .limit(AT_ONCE)
    )
    rows = work.session.execute(old).all()
    for subject in sorted({row.subject for row in rows}):
        if _may_be_forgotten(work.session, subject, before):
            _forget(work, subject, before)
    return rows[-1].id if len(rows) == AT_ONCE else None


def erase_calls(work: Work) -> bool:
    """Let old calls go whose requests are all long closed. True while there may be more."""
    before = work.now - work.policy.retention.calls
    owed = select(Callback.id).where(
        Callback.call_id == Call.id, (Callback.closed_at.is_(None)) | (Callback.closed_at >= before)
    )
    old = select(Call.id).where(Call.started_at < before, Call.alarm_at.is_(None), ~owed.exists())
    ids = list(work.session.scalars(old.order_by(Call.started_at).limit(AT_ONCE)))
    if ids:
        work.session.execute(update(Callback).where(Callback.call_id.in_(ids)).values(call_id=None))
        work.session.execute(delete(CodeTry).where(CodeTry.call_id.in_(ids)))
        work.session.execute(delete(Call).where(Call.id.in_(ids)))
        journal.write(work, journal.DESK, "calls_erased", DESK, facts={"calls": len(ids)})
    return len(ids) == AT_ONCE


def _may_be_forgotten(session: Session, subject: str, before: datetime) -> bool:
    """A request must have been closed that long; what belongs to no request only has to be old."""
    kind, _, key = subject.partition("/")
    if kind != "callback":
        return True
    closed = select(Callback.id).where(Callback.id == int(key), Callback.closed_at < before)
    return session.scalar(closed) is not None


def _forget(work: Work, subject: str, before: datetime) -> None:
    lines = select(Entry.id).where(Entry.subject == subject, Entry.written_at < before)
    ids: Iterable[int] = list(work.session.scalars(lines.join(Personal)))
    work.session.execute(delete(Personal).where(Personal.entry_id.in_(ids)))
    kind, _, key = subject.partition("/")
    if kind == "callback":
        draft.forget_about(work, [int(key)])
        work.session.execute(
            update(Callback).where(Callback.id == int(key)).values(caller="", number=None),
            execution_options={"synchronize_session": False},
        )
    journal.write(work, subject, "personal_erased", DESK, facts={"lines": len(list(ids))})
