"""The queue: open requests in ringing order, the backlog in counts, what a company asked before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Index,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.journal import Entry
from callbacks.moves import OPEN, Move, State
from callbacks.work import Work

SHOWN = 200
"""How many of one part of the queue are read at once; nobody looks further down."""


Column = InstrumentedAttribute[datetime | None]


def _written(value: int | str) -> BindParameter[Any]:
    """Written out in the question, so that the index of just these is seen to answer it."""
    return bindparam(None, value, literal_execute=True)


IS_OPEN = Callback.state.in_(sorted(OPEN))
NOT_CLOSED = Callback.state != _written(State.CLOSED.value)
IS_PAUSED = Callback.state == _written(State.PAUSED.value)
WAS_RUNG = and_(NOT_CLOSED, Callback.first_rang_at.is_not(None))
NOT_RUNG = and_(IS_OPEN, Callback.first_rang_at.is_(None))
NEVER_RUNG = and_(NOT_CLOSED, Callback.first_rang_at.is_(None))
"""The same, said so plainly that an index in ringing order is seen to answer it."""

CALLABLE = and_(
    Callback.kind == _written(Kind.CALLBACK.value),
    Callback.number.is_not(None),
    Callback.for_person.is_(None),
)
FOR_SALES = Callback.kind == _written(Kind.SALES.value)
TO_LOOK_AT = and_(~CALLABLE, ~FOR_SALES)

SOLVE_BY = {1: Callback.solve_by_level_1, 2: Callback.solve_by_level_2}
"""By level."""

RUNG = [
    (and_(WAS_RUNG, Callback.level == _written(level), paused), by)
    for paused in (~IS_PAUSED, IS_PAUSED)
    for level, by in SOLVE_BY.items()
]
"""What was rung, in four orders: each level has its own, and who is waited for."""


def _index(name: str, *columns: Any, of: ColumnElement[bool]) -> None:
    """Of open requests alone: however many are open or closed, only those are read that are shown."""
    Index(f"ix_callbacks_{name}", *columns, sqlite_where=of, postgresql_where=of)


_index(
    "backlog", Callback.closes, Callback.at_risk_from, Callback.opens, Callback.first_rang_at,
    Callback.kind, Callback.number, Callback.for_person, Callback.state, of=NOT_CLOSED,
)  # fmt: skip
for _number, (_which, _by) in enumerate(RUNG):
    _index(f"rung_{_number}", _by, of=_which)
_index("to_look_at", Callback.closes, of=and_(NOT_CLOSED, TO_LOOK_AT))
_index("for_sales", Callback.received_at, of=and_(NOT_CLOSED, FOR_SALES))


@dataclass(frozen=True)
class Backlog:
    """All that is open, counted: four by the promise of what was not rung yet, four by what they wait for."""

    late: int = 0
    at_risk: int = 0
    due: int = 0
    early: int = 0
    to_ring: int = 0
    rung: int = 0
    to_look_at: int = 0
    for_sales: int = 0


def to_ring(work: Work, limit: int = SHOWN) -> list[Callback]:
    """What is owed a ring, in ringing order: what may be rung now before what may not yet, and of each
    the least working time left first. Working time never runs backwards, so that is by closing moment."""
    owed = select(Callback).where(NEVER_RUNG, CALLABLE).order_by(Callback.closes)
    now = _read(work, owed.where(Callback.ring_from <= work.now), limit)
    room = limit - len(now)
    not_yet = or_(Callback.ring_from.is_(None), Callback.ring_from > work.now)
    return [*now, *_read(work, owed.where(not_yet), room)] if room else now


def rung(work: Work, limit: int = SHOWN) -> list[Callback]:
    """What was rung and still has no outcome, by when it is to be solved; who is waited for comes last."""
    first = union_all(*(_first(each, by, limit) for each, by in RUNG))
    solve_by = case(SOLVE_BY, value=Callback.level)
    shown = select(Callback).where(Callback.id.in_(first))
    return _read(work, shown.order_by(case((IS_PAUSED, 1), else_=0), solve_by), limit)


def to_look_at(work: Work, limit: int = SHOWN) -> list[Callback]:
    """What a person must make sense of first: no message, no number, a last miss, the trouble line."""
    return _read(work, select(Callback).where(NOT_CLOSED, TO_LOOK_AT).order_by(Callback.closes), limit)


def for_sales(work: Work, limit: int = SHOWN) -> list[Callback]:
    """Messages for Sales, the oldest first."""
    return _read(work, select(Callback).where(NOT_CLOSED, FOR_SALES).order_by(Callback.received_at), limit)


def read(work: Work, keys: Collection[int]) -> dict[int, Callback]:
    """These, by their ids, with all that a page shows of each."""
    return {each.id: each for each in _read(work, select(Callback).where(Callback.id.in_(keys)), len(keys))}


def all_open(work: Work, limit: int = SHOWN) -> list[Callback]:
    """Every open request: to ring, rung, to look at, for Sales; no part is read in vain."""
    found: list[Callback] = []
    for part in (to_ring, rung, to_look_at, for_sales):
        found += part(work, limit - len(found)) if len(found) < limit else []
    return found


def may_ring(work: Work, callback: Callback) -> bool:
    """Whether it may be rung now: never before a time the caller asked for, nor in the pause after a miss."""
    return callback.ring_from is not None and callback.ring_from <= work.now


def backlog(session: Session, now: datetime) -> Backlog:
    """One pass over what is open; closed requests, however many, cost nothing."""
    unrung = Callback.first_rang_at.is_(None)
    counts: dict[str, ColumnElement[bool]] = {
        "late": and_(unrung, Callback.closes < now),
        "at_risk": and_(unrung, Callback.at_risk_from <= now, Callback.closes >= now),
        "due": and_(unrung, Callback.opens <= now, Callback.at_risk_from > now),
        "early": and_(unrung, Callback.opens > now),
        "to_ring": and_(unrung, CALLABLE),
        "rung": and_(CALLABLE, ~unrung),
        "to_look_at": TO_LOOK_AT,
        "for_sales": FOR_SALES,
    }
    columns = [func.count(case((condition, 1))).label(name) for name, condition in counts.items()]
    return Backlog(**session.execute(select(*columns).where(NOT_CLOSED)).one()._mapping)


def rings(session: Session, callbacks: Sequence[Callback]) -> dict[int, int]:
    """How often each of these was rung, by id; those never rung are left out."""
    subjects = {callback.subject: callback.id for callback in callbacks}
    counted = (
        select(Entry.subject, func.count())
        .where(Entry.subject.in_(subjects), Entry.move == Move.RANG)
        .group_by(Entry.subject)
    )
    return {subjects[subject]: count for subject, count in session.execute(counted)} if subjects else {}


def under_way(session: Session, of: Collection[int] | None = None) -> dict[int, Dial]:
    """Every attempt to ring that is under way, or those `of` these callbacks, by its callback: never more
    than there are agents."""
    live = select(Dial).where(Dial.live.is_(True)).options(joinedload(Dial.agent))
    wanted = live if of is None else live.where(Dial.callback_id.in_(of))
    return {dial.callback_id: dial for dial in session.scalars(wanted)}


def earlier(session: Session, callback: Callback, limit: int = 10) -> list[Callback]:
    """What the same company asked before this, the newest first; of nobody known, the same caller's."""
    same: ColumnElement[bool] = Callback.subscription_id == callback.subscription_id
    if callback.subscription_id is None:
        if not callback.number:
            return []
        same = and_(Callback.subscription_id.is_(None), Callback.number == callback.number)
    asked = select(Callback).where(same, Callback.id < callback.id).order_by(Callback.id.desc())
    return list(session.scalars(asked.limit(limit)))


def _first(which: ColumnElement[bool], by: Column, limit: int) -> Select[int]:
    """The ids of so many, as an index has them."""
    first = select(Callback.id).where(which, CALLABLE).order_by(by, Callback.id).limit(limit).subquery()
    return select(first.c.id)


def _read(work: Work, wanted: Select[Any], limit: int) -> list[Callback]:
    """With all that a page shows of each, in a fixed number of reads."""
    shown = wanted.order_by(Callback.id).limit(limit).options(
        joinedload(Callback.subscription), joinedload(Callback.agent), selectinload(Callback.messages)
    )  # fmt: skip
    return list(work.session.scalars(shown))
