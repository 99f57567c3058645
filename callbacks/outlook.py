"""What to do next: what is late, will be late as things stand, is at risk, or waits for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from callbacks import pressing
from callbacks.callback import Callback
from callbacks.crew import Crew
from callbacks.dial import Dial, Outcome
from callbacks.moves import State
from callbacks.pressing import Pressing, solve_by
from callbacks.reason import Reason, reasons
from callbacks.turns import Turns
from callbacks.work import Work

USUAL = timedelta(minutes=6)
"""An attempt with its talk and wrap-up, until the desk has had enough of them to know better."""
COUNTED, ENOUGH = 50, 10

LISTED = 40
"""So many lines; nobody looks further down before these are done."""

LOOKED_AT = 80
"""Of what is not late yet, what was not solved and what waits for a person."""


class Standing(StrEnum):
    """Why something is on the list, the most pressing first."""

    LATE = "late"
    WILL_BE_LATE = "will_be_late"
    AT_RISK = "at_risk"
    SOLVE_LATE = "solve_late"
    DECIDE = "decide"


ORDER = {standing: place for place, standing in enumerate(Standing)}


@dataclass(frozen=True)
class Next:
    """One line of the list. `starts` is when, as things stand, it would be rung; None where it would not, or
    where nobody looked so far ahead."""

    callback: Callback
    standing: Standing
    reason: Reason
    starts: datetime | None


@dataclass(frozen=True)
class ToDo:
    """The list from its top, and how many more there are below; None where they are many and uncounted."""

    lines: Sequence[Next]
    more: int | None


@dataclass(frozen=True)
class _Found:
    row: Pressing
    standing: Standing
    starts: datetime | None = None


def what_next(work: Work, crew: Crew, limit: int = LISTED) -> ToDo:
    """Late first, the longest late on top; then by when their windows close; then what waits for a person.

    Where what is late fills the list, nobody looks further.
    """
    late = pressing.late(work, limit + 1)
    if len(late) > limit:
        return ToDo(_lines(work, crew, [_Found(row, Standing.LATE) for row in late[:limit]]), None)
    parts = [part(work, LOOKED_AT) for part in (pressing.in_time, pressing.to_decide, pressing.unsolved)]
    found = _in_order(work, crew, [*late, *parts[0], *parts[1]], parts[2])
    more, is_all = max(0, len(found) - limit), all(len(part) < LOOKED_AT for part in parts)
    return ToDo(_lines(work, crew, found[:limit]), more if is_all or not more else None)


def outlook(crew: Crew, requests: Iterable[Pressing], length: timedelta) -> dict[int, datetime]:
    """When each of these would be rung as things stand, by id; what nobody would ring is left out.

    In ringing order each goes to whoever may take it and could begin first, and keeps them for `length`.
    """
    turns = Turns(crew, length)
    in_order = sorted(requests, key=_closes)
    return {row.id: begins for row in in_order if (begins := turns.begins(row)) is not None}


def usual_length(work: Work) -> timedelta:
    """How long an attempt that led to a talk keeps somebody: the mean of the last ones."""
    talked = select(Dial.made_at, Dial.ended_at).where(Dial.outcome == Outcome.TALKED, Dial.live.is_(None))
    rows = work.session.execute(talked.order_by(Dial.id.desc()).limit(COUNTED)).all()
    lasted = [row.ended_at - row.made_at for row in rows if row.ended_at]
    return sum(lasted, timedelta(0)) / len(lasted) if len(lasted) >= ENOUGH else USUAL


def _in_order(work: Work, crew: Crew, owed: list[Pressing], unsolved: list[Pressing]) -> list[_Found]:
    """Those with which not all is well, the most pressing first."""
    starts = outlook(crew, owed, usual_length(work))
    rows = {row.id: row for row in (*owed, *unsolved)}
    stands = ((row, _standing(work, row, starts.get(row.id))) for row in rows.values())
    found = [_Found(row, standing, starts.get(row.id)) for row, standing in stands if standing]
    return sorted(found, key=lambda each: (ORDER[each.standing], _presses(each.row)))


def _lines(work: Work, crew: Crew, found: Sequence[_Found]) -> list[Next]:
    """With all that is shown of each, and why nothing happens with it."""
    whole = pressing.whole(work.session, [each.row.id for each in found])
    listed = [(whole[each.row.id], each) for each in found if each.row.id in whole]
    why = reasons(crew, [callback for callback, _ in listed])
    return [Next(callback, each.standing, why[callback.id], each.starts) for callback, each in listed]


def _standing(work: Work, row: Pressing, starts: datetime | None) -> Standing | None:
    """Where it belongs on the list; None where all is well with it."""
    if row.first_rang_at is None and row.closes is not None:
        if row.closes < work.now:
            return Standing.LATE
        if starts is None or starts > row.closes:
            return Standing.WILL_BE_LATE
        if row.at_risk_from and row.at_risk_from <= work.now:
            return Standing.AT_RISK
        return None
    return Standing.SOLVE_LATE if _is_solve_late(work, row) else Standing.DECIDE


def _is_solve_late(work: Work, row: Pressing) -> bool:
    by = solve_by(row)
    return row.first_rang_at is not None and row.state != State.PAUSED and by is not None and by < work.now


def _closes(row: Pressing) -> tuple[bool, datetime, int]:
    """In ringing order; what carries no promise comes last."""
    return row.closes is None, row.closes or row.received_at, row.id


def _presses(row: Pressing) -> tuple[bool, datetime, int]:
    """Within one standing: what is to be rung by its window, what was rung by when it is to be solved."""
    if row.first_rang_at is None:
        return _closes(row)
    by = solve_by(row)
    return by is None, by or row.received_at, row.id
