"""Promises kept and broken, the two numbers that every wall shows."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, case, func, or_, select

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.figures import keeping
from callbacks.figures.counted import Counted, DaySums, Stand
from callbacks.figures.days import Days, office_day
from callbacks.promise import LatenessState
from callbacks.queue import NOT_RUNG
from callbacks.search import BROKEN
from callbacks.work import Work

FEW = 200
"""So many that were not counted yet are judged one by one; with more, all are counted as they stand."""

JUDGED = {
    LatenessState.KEPT: "kept", LatenessState.LATE: "broken", LatenessState.BROKEN: "broken",
}  # fmt: skip


def kept(work: Work, days: Days) -> tuple[int, int]:
    """(kept, broken) of the promises on messages received on these days; who is late now has broken one.

    The rule is the statement's: rung at or before the window's closing. What ended before it was owed, and
    what is open in time, is neither. Read from the days' sums, with what they do not know yet put right.
    """
    return of_each(work, [days])[0]


def of_each(work: Work, periods: Sequence[Days]) -> list[tuple[int, int]]:
    """The same of several periods, in one look at the sums and one for what is not counted yet."""
    news = keeping.uncounted(work, FEW)
    if news is None:
        return [as_it_stands(work, days) for days in periods]
    sums, change = _sums(work, periods), _change(work, news) if news else []
    return [
        (
            kept + sum(times for day, name, times in change if name == "kept" and day in days),
            broken + sum(times for day, name, times in change if name == "broken" and day in days),
        )
        for days, (kept, broken) in zip(periods, sums, strict=True)
    ]


def _sums(work: Work, periods: Sequence[Days]) -> list[tuple[int, int]]:
    """Of the days' sums, as they were counted."""
    first, last = min(days.first for days in periods), max(days.last for days in periods)
    rows = work.session.execute(
        select(DaySums.day, DaySums.kept, (DaySums.late + DaySums.broken).label("broken")).where(
            DaySums.part == "all", DaySums.of == "", DaySums.day.between(first, last)
        )
    ).all()
    return [
        (sum(row.kept for row in rows if row.day in days), sum(row.broken for row in rows if row.day in days))
        for days in periods
    ]


def as_it_stands(work: Work, days: Days) -> tuple[int, int]:
    """The same in one pass over the callbacks, without a look at what is kept."""
    start, end = days.bounds(work)
    is_broken = or_(BROKEN, and_(NOT_RUNG, Callback.closes < work.now))
    counted = select(
        func.count(case((Callback.first_rang_at <= Callback.closes, 1))), func.count(case((is_broken, 1)))
    ).where(Callback.kind == Kind.CALLBACK, Callback.received_at >= start, Callback.received_at < end)
    row = work.session.execute(counted).one()
    return row[0], row[1]


def _change(work: Work, news: list[int]) -> list[tuple[date, str, int]]:
    """What these add on which day as they stand now, less what they were counted as."""
    rows = select(Counted.day, Counted.stand).where(Counted.callback_id.in_(news))
    change = [
        (row.day, "broken" if row.stand == Stand.LATE else row.stand, -1)
        for row in work.session.execute(rows)
    ]
    stands = select(Callback).where(Callback.id.in_(news), Callback.kind == Kind.CALLBACK)
    for callback in work.session.scalars(stands):
        lateness = callback.lateness(work)
        if lateness and lateness.state in JUDGED:
            change.append((office_day(work, callback.received_at), JUDGED[lateness.state], 1))
    return change
