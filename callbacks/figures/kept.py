"""Promises kept and broken, the two numbers that every wall shows."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import and_, case, func, or_, select

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.figures import keeping
from callbacks.figures.counted import Counted, DaySums
from callbacks.figures.days import Days
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
    """The same of several periods, with one look for what is not counted yet."""
    news = keeping.uncounted(work, FEW)
    if news is None:
        return [as_it_stands(work, days) for days in periods]
    return [_of_sums(work, days, news) for days in periods]


def _of_sums(work: Work, days: Days, news: list[int]) -> tuple[int, int]:
    sums = work.session.execute(
        select(func.sum(DaySums.kept), func.sum(DaySums.late + DaySums.broken)).where(
            DaySums.part == "all", DaySums.day.between(days.first, days.last)
        )
    ).one()
    change = _change(work, days, news)
    return int(sums[0] or 0) + change["kept"], int(sums[1] or 0) + change["broken"]


def as_it_stands(work: Work, days: Days) -> tuple[int, int]:
    """The same in one pass over the callbacks, without a look at what is kept."""
    start, end = days.bounds(work)
    is_broken = or_(BROKEN, and_(NOT_RUNG, Callback.closes < work.now))
    counted = select(
        func.count(case((Callback.first_rang_at <= Callback.closes, 1))), func.count(case((is_broken, 1)))
    ).where(Callback.kind == Kind.CALLBACK, Callback.received_at >= start, Callback.received_at < end)
    row = work.session.execute(counted).one()
    return row[0], row[1]


def _change(work: Work, days: Days, news: list[int]) -> Counter[str]:
    """What these add as they stand now, less what they were counted as."""
    start, end = days.bounds(work)
    change: Counter[str] = Counter()
    rows = select(Counted.stand).where(
        Counted.callback_id.in_(news), Counted.day.between(days.first, days.last)
    )
    change.subtract("broken" if stand == "late" else stand for stand in work.session.scalars(rows))
    stands = select(Callback).where(
        Callback.id.in_(news), Callback.kind == Kind.CALLBACK,
        Callback.received_at >= start, Callback.received_at < end,
    )  # fmt: skip
    for callback in work.session.scalars(stands):
        lateness = callback.lateness(work)
        if lateness and lateness.state in JUDGED:
            change[JUDGED[lateness.state]] += 1
    return change
