"""Promises kept and broken, the two numbers that every wall shows."""

from sqlalchemy import and_, case, func, or_, select

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.figures.days import Days
from callbacks.queue import NOT_RUNG
from callbacks.search import BROKEN
from callbacks.work import Work


def kept(work: Work, days: Days) -> tuple[int, int]:
    """(kept, broken) of the promises on messages received on these days; who is late now has broken one.

    The rule is the statement's: rung at or before the window's closing. What ended before it was owed, and
    what is open in time, is neither.
    """
    start, end = days.bounds(work)
    is_broken = or_(BROKEN, and_(NOT_RUNG, Callback.closes < work.now))
    counted = select(
        func.count(case((Callback.first_rang_at <= Callback.closes, 1))), func.count(case((is_broken, 1)))
    ).where(Callback.kind == Kind.CALLBACK, Callback.received_at >= start, Callback.received_at < end)
    row = work.session.execute(counted).one()
    return row[0], row[1]
