"""Alarms: which rows time has come for, claimed so that two clocks never both hand one out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from callbacks.database import Moment
from callbacks.work import Work

LEASE = timedelta(seconds=30)
"""How long a claim holds. A worker that dies with it costs this much and nothing else."""


@dataclass(frozen=True)
class Claim:
    """Ids of rows that are ours until the lease ends. `lapsed`: some were claimed before and never done."""

    ids: tuple[int, ...]
    lapsed: bool = False


@dataclass(frozen=True)
class Survey:
    """`due`: for each table, whether there is anything to claim. `coming`: when to look again."""

    due: tuple[bool, ...]
    coming: datetime | None


def claim_due(work: Work, kind: Any, limit: int, lease: timedelta = LEASE) -> Claim:
    """Rows whose alarm has come, the longest overdue first; nobody else gets them until the lease ends."""
    due = select(kind.id, kind.claimed_until).where(_is_due(kind, work.now))
    rows = work.session.execute(
        due.order_by(kind.alarm_at).limit(limit).with_for_update(skip_locked=True)
    ).all()
    ids = tuple(row.id for row in rows)
    if ids:
        _keep_from_others(work, kind, ids, work.now + lease)
    return Claim(ids, lapsed=any(row.claimed_until is not None for row in rows))


def put_off(work: Work, kind: Any, ids: Iterable[int], until: datetime) -> None:
    """Leave these alone until then: what was tried with them fails."""
    _keep_from_others(work, kind, tuple(ids), until)


def survey(session: Session, kinds: Sequence[Any], now: datetime) -> Survey:
    """What may be claimed now, and the next instant at which time alone changes something in these tables.

    One question, and a look alone, so that waiting costs the writers nothing.
    """
    row = session.execute(_surveying(tuple(kinds)), {"now": now}).one()
    ahead: list[datetime] = [moment for moment in row[len(kinds) :] if moment is not None]
    return Survey(tuple(map(bool, row[: len(kinds)])), min(ahead, default=None))


@cache
def _surveying(kinds: tuple[Any, ...]) -> Select[*tuple[Any, ...]]:
    """Made once: it is asked four times a second and more."""
    now: Any = bindparam("now", type_=Moment)
    due = [select(kind.id).where(_is_due(kind, now)).exists() for kind in kinds]
    coming = [select(func.min(kind.alarm_at)).where(kind.alarm_at > now).scalar_subquery() for kind in kinds]
    return select(*due, *coming)


def _is_due(kind: Any, now: datetime) -> ColumnElement[bool]:
    free = or_(kind.claimed_until.is_(None), kind.claimed_until <= now)
    due: ColumnElement[bool] = (kind.alarm_at <= now) & free
    return due


def _keep_from_others(work: Work, kind: Any, ids: tuple[int, ...], until: datetime) -> None:
    claimed = update(kind).where(kind.id.in_(ids)).values(claimed_until=until)
    work.session.execute(claimed, execution_options={"synchronize_session": False})
