"""Alarms: which rows time has come for, claimed so that two clocks never both hand one out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from callbacks.work import Work

LEASE = timedelta(seconds=30)
"""How long a claim holds. A worker that dies with it costs this much and nothing else."""


def claim_due(work: Work, kind: Any, limit: int, lease: timedelta = LEASE) -> list[int]:
    """Ids of rows whose alarm has come, the longest overdue first; nobody else gets them until the lease ends."""
    due = (
        select(kind.id)
        .where(kind.alarm_at <= work.now, or_(kind.claimed_until.is_(None), kind.claimed_until <= work.now))
        .order_by(kind.alarm_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(work.session.scalars(due))
    if ids:
        claimed = update(kind).where(kind.id.in_(ids)).values(claimed_until=work.now + lease)
        work.session.execute(claimed, execution_options={"synchronize_session": False})
    return ids


def next_alarm(session: Session, kinds: Iterable[Any], after: datetime) -> datetime | None:
    """The next instant at which time alone changes something in any of these tables."""
    moments = [session.scalar(select(func.min(kind.alarm_at)).where(kind.alarm_at > after)) for kind in kinds]
    return min((moment for moment in moments if moment is not None), default=None)
