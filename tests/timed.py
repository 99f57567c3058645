"""A desk whose clock the test sets, with requests made as a call makes them, and no process but the test."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from callbacks import call as calls
from callbacks import intake, journal
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.intake import Recording
from callbacks.journal import Entry
from callbacks.work import Desk
from launch.migrate import all_tables
from tests.people import Clock, make_desk
from worker.carrier import Carrier
from worker.clock import Clock as WorkerClock
from worker.notices.notice import Notice
from worker.queues import Queues
from worker.setup import Means
from worker.shelf import Shelf

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
"""Monday 9:30 in Rome: what is received now opens at 11:30, is at risk from 14:00 and closes at 14:30."""

OPENS = MONDAY + timedelta(hours=2)
AT_RISK = MONDAY + timedelta(hours=4, minutes=30)
CLOSES = MONDAY + timedelta(hours=5)
LATE = CLOSES + timedelta(microseconds=1)
SOLVE_BY = MONDAY + timedelta(days=1)
NOWHERE = "http://127.0.0.1:9"
NO_REDIS = "unix:///nowhere/valkey.sock"

all_tables()


@dataclass
class Sara:
    """The supervisor's channel: she hears what she is told, unless she is out of reach."""

    name: str = "sara"
    heard: list[Notice] = field(default_factory=list)
    reachable: bool = True

    def send(self, notice: Notice) -> bool:
        """Whether she heard it."""
        if self.reachable:
            self.heard.append(notice)
        return self.reachable


@dataclass
class TimedDesk:
    """What a test asks of the desk."""

    means: Means
    clock: Clock
    sara: Sara
    shelf: Path
    engines: list[Engine] = field(default_factory=list)
    clocks: list[WorkerClock] = field(default_factory=list)

    def clock_with(self, redis_url: str = NO_REDIS, means: Means | None = None) -> WorkerClock:
        """A clock of this desk, without any Redis unless one is named."""
        self.clocks.append(WorkerClock(means or self.means, Queues(redis_url)))
        return self.clocks[-1]

    def in_another_process(self) -> Means:
        """The same means, as far as the database can tell those of another process."""
        engine = open_engine(self.desk.engine.url.render_as_string(hide_password=False))
        self.engines.append(engine)
        return replace(self.means, desk=replace(self.desk, engine=engine))

    @property
    def desk(self) -> Desk:
        """The desk itself."""
        return self.means.desk

    def promised(
        self,
        sid: str = "CA1",
        kind: Kind = Kind.CALLBACK,
        recording: str | None = None,
        left_at: datetime | None = None,
        swept: bool = True,
    ) -> int:
        """The id of a callback promised now to a caller who left a message and hung up."""

        def take(work: Any) -> int:
            call = calls.held(work, sid, "+390212345678", "+18889624587")
            call.asks_for_message(1, kind)
            if swept:
                call.swept_at, call.alarm_at = work.now, None
            left = Recording(recording or f"RE{sid}", "", 20, left_at) if recording or left_at else None
            return intake.take_message(work, call, 1, left).id

        return self.desk.do(take)

    def look_at(self, key: int) -> Callback:
        """The callback as it stands."""
        with self.desk.reading() as work:
            found = work.session.get(Callback, key)
        assert found is not None
        return found

    def journal(self, key: int) -> list[Entry]:
        """Its lines."""
        with self.desk.reading() as work:
            return journal.lines(work.session, f"callback/{key}")

    def marked(self, key: int) -> list[tuple[str, datetime]]:
        """What time has made true of it, as the journal has it."""
        marks = {"due", "at_risk", "late", "solve_late"}
        return [(line.move, line.at) for line in self.journal(key) if line.move in marks]

    def entries(self, move: str) -> list[Entry]:
        """Every line of one move, of all requests."""
        with self.desk.reading() as work:
            return list(work.session.scalars(select(Entry).where(Entry.move == move).order_by(Entry.id)))


@pytest.fixture
def timed(engine: Engine, tmp_path: Path) -> Iterator[TimedDesk]:
    """A desk at Monday 9:30, with an empty shelf, a carrier that is nowhere, and Sara listening."""
    clock, sara = Clock(MONDAY), Sara()
    desk = make_desk(engine, clock)
    carrier = Carrier("AC" + "0" * 32, "token", NOWHERE, waits=())
    shelf = tmp_path / "shelf"
    made = TimedDesk(Means(desk, carrier, Shelf(f"file://{shelf}"), (sara,)), clock, sara, shelf)
    yield made
    for each in made.clocks:
        assert each.errands.settle(60)
    for other in made.engines:
        other.dispose()


def with_policy(timed: TimedDesk, **changes: Any) -> Means:
    """The same desk under a changed policy."""
    policy = replace(timed.desk.policy, **changes)
    return replace(timed.means, desk=replace(timed.desk, policy=policy))
