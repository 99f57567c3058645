"""Rounds: what the desk does every so often, kept as rows so that two clocks never walk one twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Alarmed, Base
from callbacks.work import Work


class Round(Alarmed, Base):
    """`looked_until` is how far the last round that came to its end has seen."""

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    looked_until: Mapped[datetime]

    def walked(self, seen_until: datetime, again_at: datetime) -> None:
        """Done; the next one begins where this one has seen to."""
        self.looked_until, self.alarm_at, self.claimed_until = seen_until, again_at, None


def by_name(session: Session, name: str) -> Round | None:
    """The round of this name, if it was ever begun."""
    return session.scalar(select(Round).where(Round.name == name))


def begin(work: Work, every: Mapping[str, timedelta]) -> None:
    """Have a row for each of these rounds, the first walk due now; one kept too rarely comes sooner."""
    for name, wait in every.items():
        known = by_name(work.session, name)
        if known is None:
            work.session.add(Round(name=name, looked_until=work.now, alarm_at=work.now))
        elif known.alarm_at is None or known.alarm_at > work.now + wait:
            known.alarm_at = work.now + wait


def walk_now(work: Work) -> None:
    """The hours may have changed, and with them when a day closes: each round sets its time anew."""
    soon = update(Round).where(Round.alarm_at > work.now).values(alarm_at=work.now)
    work.session.execute(soon, execution_options={"synchronize_session": False})
