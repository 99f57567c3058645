"""All parts of the queue by one question: which requests stand in each, in its order, and nothing of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from callbacks.callback import SUBJECT, Callback
from callbacks.database import Moment
from callbacks.dial import Dial
from callbacks.journal import Entry
from callbacks.queue import CALLABLE, FOR_SALES, NOT_CLOSED, NOT_RUNG, RUNG, TO_LOOK_AT
from callbacks.work import Work

Column = InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime]

OWED = and_(NOT_RUNG, NOT_CLOSED, CALLABLE)
MAY_RING = func.coalesce(Callback.ring_from <= bindparam("now", type_=Moment), False)

ORDERS: dict[str, list[list[tuple[ColumnElement[bool], Column]]]] = {
    "to_ring": [[(and_(OWED, MAY_RING), Callback.closes)], [(and_(OWED, ~MAY_RING), Callback.closes)]],
    "rung": [[(and_(which, CALLABLE), by) for which, by in orders] for orders in (RUNG[:2], RUNG[2:])],
    "to_look_at": [[(and_(NOT_CLOSED, TO_LOOK_AT), Callback.closes)]],
    "for_sales": [[(and_(NOT_CLOSED, FOR_SALES), Callback.received_at)]],
}
"""Of each part the orders that it is made of, each an index's own: those that are woven into one, and then
those that follow it where it leaves room."""


class Listed(NamedTuple):
    """A request by its id. `version`, or `line`, the last of its journal, is another one as soon as anything
    of it is; `dial` as soon as the attempt that is under way has come further."""

    key: int
    version: int
    line: int
    dial: int


def listed(work: Work, limits: Mapping[str, int]) -> dict[str, list[Listed]]:
    """The parts that `queue` has, no more of each than its limit."""
    found: dict[str, list[Listed]] = {name: [] for name in limits}
    for place in (0, 1):
        room = tuple((name, limit) for name, limit in limits.items() if len(found[name]) < limit)
        for name, *mark in _asked(work, place, room):
            found[name].append(Listed(*mark))
    return {name: found[name][:limit] for name, limit in limits.items()}


def _asked(work: Work, place: int, limits: tuple[tuple[str, int], ...]) -> Iterable[Row[*tuple[Any, ...]]]:
    wanted = tuple(each for each in limits if len(ORDERS[each[0]]) > place)
    return work.session.execute(_question(place, wanted), {"now": work.now}) if wanted else ()


@cache
def _question(place: int, limits: tuple[tuple[str, int], ...]) -> Select[*tuple[Any, ...]]:
    """Built once: that takes longer than to answer it."""
    rows = union_all(
        *(_first(name, limit, *order) for name, limit in limits for order in ORDERS[name][place])
    ).subquery()
    return select(rows.c.name, *marks(rows)).order_by(rows.c.by, rows.c.id)


def marks(rows: Subquery) -> list[ColumnElement[int]]:
    """What `Listed` wants to know of each of these, which have their `id` and `version`."""
    line = select(func.max(Entry.seq)).where(Entry.subject == literal(SUBJECT) + cast(rows.c.id, String))
    dial = select(Dial.version).where(Dial.callback_id == rows.c.id, Dial.live.is_(True))
    beside = (func.coalesce(each.scalar_subquery(), 0) for each in (line, dial))
    return [rows.c.id, rows.c.version, *beside]


def _first(name: str, limit: int, which: ColumnElement[bool], by: Column) -> Select[*tuple[Any, ...]]:
    """So many, as one order has them."""
    order = select(Callback.id, Callback.version, by.label("by")).where(which).order_by(by, Callback.id)
    rows = order.limit(bindparam(None, limit, literal_execute=True)).subquery()
    return select(literal(name).label("name"), rows.c.by, rows.c.id, rows.c.version)
