"""What to do next: what is late, will be late as things stand, is at risk, or waits for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain

from sqlalchemy import select

from callbacks import queue
from callbacks.agent import Presence
from callbacks.callback import Callback
from callbacks.crew import Crew, Member
from callbacks.dial import Dial, Outcome
from callbacks.moves import State
from callbacks.reason import Reason, reasons
from callbacks.work import Work

USUAL = timedelta(minutes=6)
"""An attempt with its talk and wrap-up, until the desk has had enough of them to know better."""
COUNTED, ENOUGH = 50, 10

LOOKED_AT = 80
"""Of each part of the queue: twice as many as a wall shows."""


class Standing(StrEnum):
    """Why something is on the list, the most pressing first."""

    LATE = "late"
    WILL_BE_LATE = "will_be_late"
    AT_RISK = "at_risk"
    SOLVE_LATE = "solve_late"
    DECIDE = "decide"


@dataclass(frozen=True)
class Next:
    """One line of the list. `starts` is when, as things stand, it would be rung; None where it would not."""

    callback: Callback
    standing: Standing
    reason: Reason
    starts: datetime | None


def what_next(work: Work, crew: Crew, limit: int = LOOKED_AT) -> list[Next]:
    """Late first, the longest late on top; then by when their windows close; then what waits for a person."""
    owed = [*queue.to_ring(work, limit), *queue.to_look_at(work, limit)]
    rung = [each for each in queue.rung(work, limit) if _is_solve_late(work, each)]
    starts = outlook(crew, owed, usual_length(work))
    standings = [(each, _standing(work, each, starts.get(each.id))) for each in chain(owed, rung)]
    listed = [(each, standing) for each, standing in standings if standing]
    why = reasons(crew, [each for each, _ in listed])
    found = [Next(each, standing, why[each.id], starts.get(each.id)) for each, standing in listed]
    order = list(Standing)
    return sorted(found, key=lambda each: (order.index(each.standing), _presses(each.callback)))


def outlook(crew: Crew, callbacks: Iterable[Callback], length: timedelta) -> dict[int, datetime]:
    """When each of these would be rung as things stand, by id; what nobody would ring is left out.

    In ringing order each goes to whoever may take it and is free first, and keeps them for `length`. Who is
    ready counts from now, or from when their call will be over; who is busy or away, from their next shift.
    """
    free = {member.agent.id: _free_from(member, length) for member in crew.members}
    starts: dict[int, datetime] = {}
    for callback in sorted(callbacks, key=_closes):
        takers = _takers(crew, callback)
        found = [(start, each.agent.id) for each in takers if (start := _start(crew, each, callback, free))]
        if found:
            start, taker = min(found)
            starts[callback.id], free[taker] = start, start + length
    return starts


def usual_length(work: Work) -> timedelta:
    """How long an attempt that led to a talk keeps somebody: the mean of the last ones."""
    talked = select(Dial.made_at, Dial.ended_at).where(Dial.outcome == Outcome.TALKED, Dial.live.is_(None))
    rows = work.session.execute(talked.order_by(Dial.id.desc()).limit(COUNTED)).all()
    lasted = [row.ended_at - row.made_at for row in rows if row.ended_at]
    return sum(lasted, timedelta(0)) / len(lasted) if len(lasted) >= ENOUGH else USUAL


def _standing(work: Work, callback: Callback, starts: datetime | None) -> Standing | None:
    """Where it belongs on the list; None where all is well with it."""
    closes = callback.closes
    if callback.first_rang_at is None and closes is not None:
        if closes < work.now:
            return Standing.LATE
        if starts is None or starts > closes:
            return Standing.WILL_BE_LATE
        if callback.at_risk_from and callback.at_risk_from <= work.now:
            return Standing.AT_RISK
        return None
    return Standing.SOLVE_LATE if _is_solve_late(work, callback) else Standing.DECIDE


def _is_solve_late(work: Work, callback: Callback) -> bool:
    promise = callback.promise
    is_running = promise is not None and callback.first_rang_at and callback.state != State.PAUSED
    return bool(is_running and promise and promise.solve_by(callback.level) < work.now)


def _takers(crew: Crew, callback: Callback) -> Sequence[Member]:
    """Who would ring it: whoever has it, else all who may; nobody where a person is to decide first."""
    if callback.agent_id is not None:
        holder = crew.member(callback.agent_id)
        return [holder] if holder else []
    if callback.ring_from is None or callback.number is None or callback.for_person:
        return []
    return [member for member in crew.takers(callback) if member.agent.phone]


def _start(
    crew: Crew, member: Member, callback: Callback, free: dict[int, datetime | None]
) -> datetime | None:
    """The first moment at which this one could begin: free, on shift, and with enough of the shift left."""
    since = free[member.agent.id]
    if since is None and callback.agent_id != member.agent.id:
        return None
    soonest = max(since or crew.work.now, callback.ring_from or crew.work.now)
    for start, end in member.duty:
        begins = max(start, soonest)
        if begins < end and begins <= crew.last_start(callback, end):
            return begins
    return None


def _free_from(member: Member, length: timedelta) -> datetime | None:
    if member.agent.presence == Presence.READY or member.dial:
        return max(member.now, member.dial.made_at + length) if member.dial else member.now
    return member.begins


def _closes(callback: Callback) -> tuple[bool, datetime, int]:
    """In ringing order; what carries no promise comes last."""
    return callback.closes is None, callback.closes or callback.received_at, callback.id


def _presses(callback: Callback) -> tuple[bool, datetime, int]:
    """Within one standing: what is to be rung by its window, what was rung by when it is to be solved."""
    if callback.first_rang_at is None:
        return _closes(callback)
    promise = callback.promise
    return promise is None, promise.solve_by(callback.level) if promise else callback.received_at, callback.id
