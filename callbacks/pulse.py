"""The desk's pulse: a mark that is another one as soon as anything was written, whoever wrote it."""

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from callbacks.dial import Dial
from callbacks.journal import DESK, Entry

WINDOW = 500
"""So many of the newest lines are looked at: one with an earlier number may be committed after a later one,
and then another of them is the oldest."""

Pulse = tuple[int, ...]

_OF_LATE = select(Entry.id).order_by(Entry.id.desc()).limit(WINDOW).subquery()
_LINES = select(func.max(_OF_LATE.c.id), func.min(_OF_LATE.c.id), func.count()).subquery()
_DIALS = select(func.count(), func.max(Dial.id), func.sum(Dial.version)).where(Dial.live.is_(True)).subquery()
_OF_THE_DESK = select(func.max(Entry.seq)).where(Entry.subject == DESK)
_BOTH = select(_LINES, _DIALS).join_from(_LINES, _DIALS, true())


def pulse(session: Session) -> Pulse:
    """Every move has its line in the journal; how far a ring has come shows in its dial alone."""
    return tuple(int(each or 0) for each in session.execute(_BOTH).one())


def own_lines(session: Session) -> int:
    """How many lines the desk's own journal has: one more with each change of people, sign-ins, settings."""
    return session.scalar(_OF_THE_DESK) or 0


def mark(found: Pulse) -> str:
    """The pulse in one word."""
    return "-".join(map(str, found))
