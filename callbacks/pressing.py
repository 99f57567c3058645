"""What presses: the few of all that is open which a supervisor is to look at, found by indexes of their own.

However much is open, and however much was ever closed, no more is read than is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Row, ScalarSelect, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload

from callbacks.callback import Callback
from callbacks.database import Moment
from callbacks.queue import CALLABLE, FOR_SALES, NEVER_RUNG, NOT_CLOSED, RUNG, SOLVE_BY, TO_LOOK_AT, Column
from callbacks.work import Work

Pressing = Row[*tuple[Any, ...]]

NEEDED = (
    Callback.id, Callback.state, Callback.level, Callback.language, Callback.topic, Callback.number,
    Callback.for_person, Callback.agent_id, Callback.received_at, Callback.closes, Callback.at_risk_from,
    Callback.ring_from, Callback.first_rang_at, Callback.solve_by_level_1, Callback.solve_by_level_2,
)  # fmt: skip
"""All that is read of a request to see where it stands, and when somebody could ring it."""


Index(
    "ix_callbacks_unrung", Callback.closes, Callback.at_risk_from, Callback.opens,
    sqlite_where=NEVER_RUNG, postgresql_where=NEVER_RUNG,
)  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """All that is owed a ring, by how its promise stands."""

    late: int
    at_risk: int
    due: int
    early: int


def counts(work: Work) -> Counts:
    """Each by its own stretch of one small index."""
    return Counts(*work.session.execute(_COUNTS, {"now": work.now}).one())


def _how_many(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(NEVER_RUNG, *conditions).scalar_subquery()


_NOW: Any = bindparam("now", type_=Moment)
_COUNTS = select(
    _how_many(Callback.closes < _NOW).label("late"),
    _how_many(Callback.closes >= _NOW, Callback.at_risk_from <= _NOW).label("at_risk"),
    _how_many(Callback.opens <= _NOW, Callback.at_risk_from > _NOW).label("due"),
    _how_many(Callback.opens > _NOW).label("early"),
)
"""Written once: a wall asks at every change."""


def late(work: Work, limit: int) -> list[Pressing]:
    """Owed a ring whose window has closed, the longest late first."""
    return _read(work, Callback.closes, limit, NEVER_RUNG, ~FOR_SALES, Callback.closes < work.now)


def in_time(work: Work, limit: int) -> list[Pressing]:
    """Owed a ring in a window that is open or to come, in ringing order: what may be rung now comes first."""
    owed = (NEVER_RUNG, CALLABLE, Callback.closes >= work.now)
    now = _read(work, Callback.closes, limit, *owed, Callback.ring_from <= work.now)
    left = limit - len(now)
    not_yet = or_(Callback.ring_from.is_(None), Callback.ring_from > work.now)
    return [*now, *_read(work, Callback.closes, left, *owed, not_yet)] if left else now


def to_decide(work: Work, limit: int) -> list[Pressing]:
    """What a person must make sense of first, by when its window closes; without what is late."""
    was_rung, is_in_time = Callback.first_rang_at.is_not(None), Callback.closes >= work.now
    is_not_late = or_(was_rung, Callback.closes.is_(None), is_in_time)
    return _read(work, Callback.closes, limit, NOT_CLOSED, TO_LOOK_AT, is_not_late)


def unsolved(work: Work, limit: int) -> list[Pressing]:
    """Rung, waiting for nobody, and open past when it was to be solved; the longest past first."""
    running = RUNG[: len(SOLVE_BY)]
    found = [row for of, by in running for row in _read(work, by, limit, of, CALLABLE, by < work.now)]
    return sorted(found, key=lambda row: (solve_by(row), row.id))[:limit]


def solve_by(row: Pressing) -> datetime | None:
    """When it is to be solved, at the level where it is."""
    by: dict[int, datetime | None] = {1: row.solve_by_level_1, 2: row.solve_by_level_2}
    return by[row.level]


def whole(session: Session, ids: Sequence[int]) -> dict[int, Callback]:
    """These, with all that a list shows of each."""
    shown = select(Callback).where(Callback.id.in_(ids))
    found = session.scalars(shown.options(joinedload(Callback.subscription), joinedload(Callback.agent)))
    return {callback.id: callback for callback in found}


def _read(work: Work, by: Column, limit: int, *conditions: ColumnElement[bool]) -> list[Pressing]:
    chosen = select(*NEEDED).where(*conditions).order_by(by, Callback.id).limit(limit)
    return list(work.session.execute(chosen))
