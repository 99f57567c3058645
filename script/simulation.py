"""A week under a virtual clock: the desk's own assignment and handling, an order to try, people as kept."""

import heapq
import itertools
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from callbacks import assignment, handling, seal
from callbacks.agent import Agent, Presence
from callbacks.assignment import Ordering
from callbacks.call import Kind
from callbacks.callback import CALLER, Callback
from callbacks.database import open_engine
from callbacks.dial import Dial, Leg
from callbacks.moves import Disposition, Move, State
from callbacks.promise import LatenessState
from callbacks.subscription import Plan, Subscription
from callbacks.work import Desk, Work
from launch.migrate import all_tables
from script.arrivals import Arrival
from tests.people import Clock, make_desk, shipped_policy

ACCEPTS, RINGS, WRAPS_UP = timedelta(seconds=12), timedelta(seconds=25), timedelta(seconds=60)
"""Until an agent has pressed 1, until a phone that nobody answers is given up, and for the outcome and a
breather."""

DRAINS = 10
"""Days after the last arrival for what is still waiting."""

STAFF = ((1, ["en", "it"]), (2, ["en", "it"]), (1, ["it", "en"]), (2, ["it", "en"]))
"""Level and languages; with more agents they repeat."""


@dataclass(frozen=True)
class Result:
    """What became of the promises. Working minutes late, the longest first."""

    promised: int
    minutes_late: list[float]
    minutes_to_ring: list[float]
    minutes_to_talk: list[float]
    unrung: int
    most_at_once: int

    @property
    def late(self) -> int:
        """Promises that were broken."""
        return len(self.minutes_late)

    @property
    def worst(self) -> float:
        """The longest that anybody waited past their window."""
        return self.minutes_late[0] if self.minutes_late else 0.0

    @property
    def median_wait(self) -> float:
        """From when it might be rung until it was, in working minutes."""
        return statistics.median(self.minutes_to_ring) if self.minutes_to_ring else 0.0

    @property
    def slow_talk(self) -> float:
        """Nineteen of twenty who were reached at all had talked to us after this many working minutes."""
        talks = sorted(self.minutes_to_talk)
        return talks[int(len(talks) * 0.95)] if talks else 0.0


@dataclass
class Simulation:
    """One week, one ordering. What is ahead is a heap of moments, each with what then happens."""

    desk: Desk
    clock: Clock
    order: Ordering
    people: dict[int, Arrival] = field(default_factory=dict)
    ahead: list[tuple[datetime, int, Callable[[Work], None]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    live: set[int] = field(default_factory=set)
    most_at_once: int = 0

    def run(self, arrivals: Sequence[Arrival], agents: int) -> Result:
        """Until nobody waits any more."""
        self.clock.now = arrivals[0].received - timedelta(hours=1)
        with self.desk.work() as work:
            companies = _people(work, arrivals, agents)
        for arrival in arrivals:
            self._at(arrival.received, partial(self._arrives, arrival=arrival, companies=companies))
        for opening in self._openings(arrivals[-1].received + timedelta(days=DRAINS)):
            self._at(opening, _nothing)
        while self.ahead:
            moment, _, act = heapq.heappop(self.ahead)
            self.clock.now = moment
            self.desk.do(partial(self._step, act=act))
        return self._result()

    def _step(self, work: Work, act: Callable[[Work], None]) -> None:
        """Something happens, and whoever is free is given the next callback."""
        act(work)
        for dial in assignment.assign_due(work, order=self.order):
            self._at(work.now + ACCEPTS, partial(self._accepts, dial_id=dial.id))
            self.live.add(dial.id)
        self.most_at_once = max(self.most_at_once, len(self.live))

    def _arrives(self, work: Work, arrival: Arrival, companies: Mapping[str, int]) -> None:
        place = len(self.people) + 1
        callback = Callback(
            reference=f"{place:06d}", kind=Kind.CALLBACK, state=State.WAITING, language=arrival.language,
            topic=arrival.topic, level=arrival.level, number=f"+39347{1_000_000 + place}", messages=[],
            misses=0, passed_by=[], subscription_id=companies[arrival.company],
        )  # fmt: skip
        callback.promised(work, work.now, arrival.wish)
        work.session.add(callback)
        work.session.flush()
        callback.make(work, Move.RECEIVED, CALLER)
        self.people[callback.id] = arrival
        self._rung_from(callback)

    def _accepts(self, work: Work, dial_id: int) -> None:
        """The agent presses 1 and the customer's phone rings."""
        dial = _held(work, dial_id)
        arrival = self.people[dial.callback_id]
        says = arrival.attempts[dial.callback.misses % len(arrival.attempts)]
        dial.take(work.now)
        dial.placed(f"CA{dial.id}")
        handling.accepted(work, dial)
        handling.customer_rings(work, dial, f"CB{dial.id}")
        lasts = RINGS
        if says == "completed":
            handling.customer_answered(work, dial, f"CB{dial.id}")
            lasts = timedelta(seconds=arrival.talk_seconds)
        self._at(work.now + lasts, partial(self._over, dial_id=dial_id, says=says))

    def _over(self, work: Work, dial_id: int, says: str) -> None:
        dial = _held(work, dial_id)
        talked = says == "completed"
        seconds = self.people[dial.callback_id].talk_seconds if talked else None
        handling.customer_leg_over(work, dial, says, seconds, bridged=talked)
        if dial.leg == Leg.WRAP_UP:
            self._at(work.now + WRAPS_UP, partial(self._wraps_up, dial_id=dial_id))
            return
        self.live.discard(dial_id)
        self._rung_from(dial.callback)

    def _wraps_up(self, work: Work, dial_id: int) -> None:
        dial = _held(work, dial_id)
        handling.wrap_up(work, dial.callback, Disposition.SOLVED, f"agent:{dial.agent.sign_in}")
        self.live.discard(dial_id)

    def _rung_from(self, callback: Callback) -> None:
        """Look again when it may be rung."""
        if callback.ring_from is not None and callback.ring_from > self.clock():
            self._at(callback.ring_from, _nothing)

    def _at(self, moment: datetime, act: Callable[[Work], None]) -> None:
        heapq.heappush(self.ahead, (moment.astimezone(UTC), next(self.numbers), act))

    def _openings(self, until: datetime) -> Iterator[datetime]:
        for period in self.desk.policy.office_hours.periods(self.clock()):
            if period.start > until:
                return
            yield period.start

    def _result(self) -> Result:
        with self.desk.reading() as work:
            callbacks = list(work.session.scalars(select(Callback)))
            judged = [callback.lateness(work) for callback in callbacks]
            broken = (LatenessState.LATE, LatenessState.BROKEN)
            late = [each.working.total_seconds() / 60 for each in judged if each and each.state in broken]
            waits = [_wait(work, each, each.first_rang_at) for each in callbacks if each.first_rang_at]
            talks = [_wait(work, each, each.first_reached_at) for each in callbacks if each.first_reached_at]
            assert not seal.faults(work.session)
        unrung = sum(callback.first_rang_at is None for callback in callbacks)
        late.sort(reverse=True)
        return Result(len(callbacks), late, waits, talks, unrung, self.most_at_once)


def simulate(arrivals: Sequence[Arrival], agents: int, order: Ordering) -> Result:
    """This week with so many agents, on a new SQLite file."""
    with _desk() as (desk, clock):
        return Simulation(desk, clock, order).run(arrivals, agents)


def _people(work: Work, arrivals: Sequence[Arrival], agents: int) -> dict[str, int]:
    """Agents at their phones, and the companies that will ring, by name."""
    for number in range(agents):
        level, languages = STAFF[number % len(STAFF)]
        work.session.add(
            Agent(
                sign_in=f"agent{number}", name=f"Agent {number}", level=level, languages=list(languages),
                phone=f"+39021234{number:04d}", presence=Presence.READY, created_at=work.now,
            )
        )  # fmt: skip
    rows = {name: _company(name, work.now) for name in sorted({one.company for one in arrivals})}
    work.session.add_all(rows.values())
    work.session.flush()
    return {name: row.id for name, row in rows.items()}


def _company(name: str, now: datetime) -> Subscription:
    return Subscription(
        company=name, plan=Plan.PREMIUM, contract_speed=10_000, starts_on=date(2025, 1, 1), languages=["it"],
        contacts=[], created_at=now,
    )  # fmt: skip


def _held(work: Work, dial_id: int) -> Dial:
    dial = work.held(Dial, dial_id)
    assert dial is not None
    return dial


def _wait(work: Work, callback: Callback, until: datetime) -> float:
    """Working minutes from when it might first be rung."""
    asked = max(callback.received_at, callback.wished_for or callback.received_at)
    return work.hours.between(asked, until).total_seconds() / 60


def _nothing(_work: Work) -> None:
    """Only a look at who waits."""


@contextmanager
def _desk() -> Iterator[tuple[Desk, Clock]]:
    memory = Path("/dev/shm")  # where there is one, no disk is waited for
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        clock, engine = Clock(), open_engine(f"sqlite:///{folder}/week.sqlite3")
        all_tables().create_all(engine)
        policy = shipped_policy()
        hurried = replace(policy, ring=replace(policy.ring, breather=timedelta()))
        yield make_desk(engine, clock, hurried), clock
        engine.dispose()
