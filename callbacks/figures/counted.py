"""What is counted: one row a promise, read from its journal; and the sums of each day, kept beside them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from callbacks.callback import Callback
from callbacks.database import Base


class Stand(StrEnum):
    """How a promise stands; late and broken count as broken."""

    KEPT = "kept"
    LATE = "late"
    """Its window has closed, and we have still not rung."""
    BROKEN = "broken"
    OPEN = "open"
    ENDED = "ended"
    """Over before its window closed, without a ring: nothing was owed any more."""


class Target(StrEnum):
    """How a target stands, once it is met or missed; while it is neither there is nothing to say."""

    MET = "met"
    MISSED = "missed"


class Counted(Base):
    """One promise as its journal told it up to line `seq`. Nothing here is a fact: all can be counted anew.

    `day` and `hour` are the office's, of the message's arrival. `agent` is who first rang the customer, else
    who had it last. Lengths are whole minutes from when we might ring (the arrival, or the time that the
    caller asked for), in working time and on the wall's clock. `is_unsolved` says that it is past its
    solve target and still open. `due_at` is when time alone changes this row.
    """

    __tablename__ = "counted"
    __table_args__ = (
        Index(None, "day", "stand"), Index(None, "subscription_id", "day"), Index(None, "agent", "day"),
    )  # fmt: skip

    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"), primary_key=True)
    seq: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    hour: Mapped[int]
    subscription_id: Mapped[int | None]
    agent: Mapped[str | None] = mapped_column(String(80))
    topic: Mapped[str | None] = mapped_column(String(60))
    level: Mapped[int]
    calendar: Mapped[str | None] = mapped_column(String(64))
    closes: Mapped[datetime]
    solve_by: Mapped[datetime]
    stand: Mapped[str] = mapped_column(String(10))
    late_seconds: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str | None] = mapped_column(String(20))
    handled: Mapped[str | None] = mapped_column(String(10))
    solve: Mapped[str | None] = mapped_column(String(10))
    solve_cause: Mapped[str | None] = mapped_column(String(20))
    is_unsolved: Mapped[bool] = mapped_column(default=False, server_default=false())
    solve_1: Mapped[str | None] = mapped_column(String(10))
    solve_2: Mapped[str | None] = mapped_column(String(10))
    rings: Mapped[int]
    misses: Mapped[int]
    rang: Mapped[int | None]
    rang_wall: Mapped[int | None]
    reached: Mapped[int | None]
    reached_wall: Mapped[int | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)

    callback: Mapped[Callback] = relationship()


BROKEN = Counted.stand.in_((Stand.LATE.value, Stand.BROKEN.value))
UNSOLVED = Counted.solve == Target.MISSED.value
# What is asked for one by one is few among many: an index of each alone.
Index("ix_counted_broken", Counted.closes, sqlite_where=BROKEN, postgresql_where=BROKEN)
Index("ix_counted_unsolved", Counted.solve_by, sqlite_where=UNSOLVED, postgresql_where=UNSOLVED)
# What is added up of them stands in the index itself: no row is read for it.
Index(
    "ix_counted_broken_sums", Counted.day, Counted.cause, Counted.stand, Counted.late_seconds,
    sqlite_where=BROKEN, postgresql_where=BROKEN,
)  # fmt: skip
Index(
    "ix_counted_unsolved_sums", Counted.day, Counted.solve_cause, Counted.is_unsolved,
    sqlite_where=UNSOLVED, postgresql_where=UNSOLVED,
)  # fmt: skip


class DaySums(Base):
    """One day's sums, of everything or of one part of it: `part` is all, agent, company, topic or level, `of`
    which one, nothing where that is nobody's. `sums` and `lengths` are what `Tally` adds up."""

    __tablename__ = "day_sums"
    __table_args__ = (Index(None, "part", "day"),)

    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    of: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    promised: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    broken: Mapped[int] = mapped_column(default=0)
    open: Mapped[int] = mapped_column(default=0)
    ended: Mapped[int] = mapped_column(default=0)
    late_seconds: Mapped[int] = mapped_column(default=0)
    handled_met: Mapped[int] = mapped_column(default=0)
    handled_missed: Mapped[int] = mapped_column(default=0)
    solve_1_met: Mapped[int] = mapped_column(default=0)
    solve_1_missed: Mapped[int] = mapped_column(default=0)
    solve_2_met: Mapped[int] = mapped_column(default=0)
    solve_2_missed: Mapped[int] = mapped_column(default=0)
    rings: Mapped[int] = mapped_column(default=0)
    misses: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(default=0)
    spread: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """How many arrived in which hour, and how many took how many minutes; kept for every part but company."""


class Counting(Base):
    """How far the counting has come, in its one row: what was written since `looked_until` may be news, and
    requests up to `walked_to` were counted at least once."""

    __tablename__ = "counting"

    id: Mapped[int] = mapped_column(primary_key=True)
    looked_until: Mapped[datetime]
    walked_to: Mapped[int]
