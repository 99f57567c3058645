"""Is the desk alive, and is it ready for a call? The database alone decides; the rest is told."""

from datetime import datetime, timedelta
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import ScalarSelect, bindparam, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from callbacks.call import Call
from callbacks.callback import Callback
from callbacks.database import Moment
from callbacks.journal import Entry
from callbacks.message import Message
from callbacks.work import Work
from console.queue_server import queue_server
from console.room import Room

ALARMED = (Callback, Message, Call, Entry)
PATIENT = timedelta(seconds=10)
"""The clock looks four times a second: an alarm so long overdue, claimed by nobody, means it stands still."""


class Health:
    """Answers for supervisors of processes and balancers of load."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def lives(self) -> ResponseReturnValue:
        """The process answers; nothing else is asked."""
        return jsonify(alive=True)

    def ready(self) -> ResponseReturnValue:
        """200 where a caller can be answered and recorded, else 503."""
        facts = self.facts()
        return jsonify(facts), 200 if facts["ready"] else 503

    def facts(self) -> dict[str, Any]:
        """Each part in a word: nothing here names a person, an address or a secret."""
        database, clock = self._database()
        told = queue_server(self.room.place.redis_url)
        return {"ready": database == "current", "database": database, "clock": clock,
                "redis": "answers" if told.answers else "away", "workers": told.workers}  # fmt: skip

    def _database(self) -> tuple[str, str]:
        """(current, behind or away; on time, behind or unknown)."""
        try:
            if not self.room.is_current(self.room.desk.engine):
                return "behind", "unknown"
            with self.room.desk.reading() as work:
                return "current", "behind" if behind(work) > PATIENT else "on time"
        except SQLAlchemyError:
            return "away", "unknown"


def behind(work: Work) -> timedelta:
    """How long the most overdue alarm has waited that nobody has claimed; zero where the clock keeps up."""
    overdue = work.session.execute(_OLDEST, {"now": work.now}).one()
    return max((work.now - moment for moment in overdue if moment is not None), default=timedelta(0))


_NOW: Any = bindparam("now", type_=Moment)


def _oldest(kind: Any) -> ScalarSelect[datetime]:
    is_unclaimed = or_(kind.claimed_until.is_(None), kind.claimed_until <= _NOW)
    return select(func.min(kind.alarm_at)).where(kind.alarm_at <= _NOW, is_unclaimed).scalar_subquery()


_OLDEST = select(*map(_oldest, ALARMED))
"""Written once: walls, meters and balancers ask for it all the time."""
