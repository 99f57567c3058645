"""The desk's pulse: a mark that is another one as soon as anything was written, whoever wrote it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.dial import Dial
from callbacks.journal import Entry

WINDOW = 500
"""So many of the newest lines are counted: one with an earlier number may be committed after a later one."""

Pulse = tuple[int, ...]

_NEWEST = select(func.max(Entry.id)).scalar_subquery()
_OF_LATE = select(func.count(Entry.id)).where(Entry.id > _NEWEST - WINDOW).scalar_subquery()
_DIALS = select(_NEWEST, _OF_LATE, func.count(Dial.id), func.max(Dial.id), func.sum(Dial.version)).where(
    Dial.live.is_(True)
)


def pulse(session: Session) -> Pulse:
    """Every move has its line in the journal; how far a ring has come shows in its dial alone."""
    return tuple(int(each or 0) for each in session.execute(_DIALS).one())
