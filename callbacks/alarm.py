"""Alarms: which rows time has come for, claimed so that two clocks never both hand one out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from callbacks.work import Work

LEASE = timedelta(seconds=30)
"""How long a claim holds. A worker that dies with it costs this much and nothing else."""


@dataclass(frozen=True)
class Claim:
    """Ids of rows that are ours until the lease ends. `lapsed`: some were claimed before and never done."""

    ids: tuple[int, ...]
    lapsed: bool = False


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


def is_due(session: Session, kind: Any, now: datetime) -> bool:
    """Whether there is anything to claim. A look alone, so that waiting costs the writers nothing."""
    return session.scalar(select(kind.id).where(_is_due(kind, now)).limit(1)) is not None


def next_alarm(session: Session, kinds: Iterable[Any], after: datetime) -> datetime | None:
    """The next instant at which time alone changes something in any of these tables."""
    moments = [session.scalar(select(func.min(kind.alarm_at)).where(kind.alarm_at > after)) for kind in kinds]
    return min((moment for moment in moments if moment is not None), default=None)


def _is_due(kind: Any, now: datetime) -> ColumnElement[bool]:
    free = or_(kind.claimed_until.is_(None), kind.claimed_until <= now)
    due: ColumnElement[bool] = (kind.alarm_at <= now) & free
    return due


def _keep_from_others(work: Work, kind: Any, ids: tuple[int, ...], until: datetime) -> None:
    claimed = update(kind).where(kind.id.in_(ids)).values(claimed_until=until)
    work.session.execute(claimed, execution_options={"synchronize_session": False})
