"""Bad minutes of real processes: workers and clocks are killed and stopped at any moment, and so is Redis.

Time runs fifteen times as fast for all of them alike, so that one that is stopped for four seconds has slept
for a minute, and wakes to find its lease gone.
"""

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select

from callbacks import handling, presence
from callbacks.agent import Agent, Presence
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.errors import Refused
from callbacks.moves import Disposition, State
from callbacks.work import Desk, Work
from exchange.trouble import DOWN, LOST, TOO_MANY
from ivr import Line, phone_line
from launch.desk import open_desk
from script.whole_story import never_closed
from settings import Settings
from tests.desk import served
from tests.hurried import HurriedClock
from tests.processes import Processes, environment, until
from tests.ring_fate import Fate
from tests.ring_judge import faults_in
from tests.ring_people import People
from tests.ringing import Switchboard, switchboard, wants_to_be_rung
from tests.valkey import Server
from worker.sources import QUEUES

BY = 15.0
WORKERS, CLOCKS, AGENTS = 2, 2, 6
CALM = 150.0
"""Seconds after which nothing may be open any more."""

LONGEST_STOP = 5.0
"""Seconds: by the desk's clock more than a minute."""


@dataclass
class BadMinutes:
    """What goes on at once: people at their phones, and whoever pulls plugs."""

    desk: Desk
    exchange: Switchboard
    fate: Fate
    running: Processes
    redis: Server
    programs: dict[int, str] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    stopped: dict[int, float] = field(default_factory=dict)
    redis_back_at: float | None = None

    def __post_init__(self) -> None:
        self.people = People(self.fate, lambda _seconds: None)

    def start(self) -> None:
        """All programs."""
        for program in ["worker"] * WORKERS + ["worker.clock"] * CLOCKS:
            self._start(program)

    def go(self, seconds: float) -> None:
        """So long everything goes wrong; then calm, until every request has ended."""
        ends, pulls_at = time.monotonic() + seconds, 0.0
        while (now := time.monotonic()) < ends:
            self._tidy(now)
            if now >= pulls_at:
                self._pull_a_plug(now)
                pulls_at = now + self.fate.random.uniform(0.2, 1.2)
            self._people_act()
        self.fate.chaos = False
        self.exchange.troubles.clear()
        give_up = time.monotonic() + CALM
        while time.monotonic() < give_up and self._still_something():
            self._tidy(float("inf"))
            self._people_act()

    # --- plugs ---

    def _pull_a_plug(self, now: float) -> None:
        draw = self.fate.random
        pull = draw.choices([self._kill, self._stop, self._kill_redis, self._ail], [6, 4, 1, 3])[0]
        pull(now)

    def _kill(self, _now: float) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._somebody(), signal.SIGKILL)
            self.fate.counts["processes killed"] += 1

    def _stop(self, now: float) -> None:
        pid = self._somebody()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            self.stopped[pid] = now + self.fate.random.uniform(0.3, LONGEST_STOP)
            self.fate.counts["processes stopped, some for a minute"] += 1

    def _kill_redis(self, now: float) -> None:
        if self.redis_back_at is None:
            self.redis.kill()
            self.redis_back_at = now + self.fate.random.uniform(0.5, 4)
            self.fate.counts["redis killed"] += 1

    def _ail(self, _now: float) -> None:
        self.exchange.troubles.append(self.fate.random.choice([LOST, LOST, DOWN, TOO_MANY]))
        self.fate.counts["carrier's bad moments"] += 1

    def _tidy(self, now: float) -> None:
        """Who slept long enough goes on; what died is started again, as whoever keeps the desk would."""
        for pid, wakes in list(self.stopped.items()):
            if wakes <= now:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
                del self.stopped[pid]
        if self.redis_back_at is not None and self.redis_back_at <= now:
            self.redis.start()
            self.redis_back_at = None
        for process in [each for each in self.running.running if each.poll() is not None]:
            self.running.running.remove(process)
            self._start(self.programs.pop(process.pid))

    def _start(self, program: str) -> None:
        started = self.running.start("tests.hurried", program).pid
        self.programs[started] = program
        self.begun.add(started)

    def end(self) -> None:
        """Children that outlived a killed parent end with the rest."""
        for pid, group in list(_groups()):
            if group in self.begun:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _somebody(self) -> int:
        """Any process of any of the programs, parents and children alike."""
        return self.fate.random.choice([pid for pid, group in _groups() if group in self.programs])

    # --- people ---

    def _people_act(self) -> None:
        """Each phone that rings, one act; then notices, in whatever order; and what is left to a person."""
        for call in [each for each in self.exchange.outgoing if not each.line.over]:
            self.people.act(call)
        for call in list(self.exchange.outgoing):
            call.deliver_all()
        self.desk.do(self._see_to_it)
        time.sleep(0.02)

    def _see_to_it(self, work: Work) -> None:
        for agent in work.session.scalars(select(Agent).where(Agent.presence == Presence.AWAY)):
            presence.change(work, agent, Presence.READY, f"agent:{agent.sign_in}")
        on_a_dial = set(work.session.scalars(select(Dial.callback_id).where(Dial.live.is_(True))))
        for callback in work.session.scalars(select(Callback).where(Callback.state != State.CLOSED)):
            if callback.id in on_a_dial:
                continue
            if not self.fate.chaos and callback.ring_from and callback.ring_from > work.now:
                callback.ring_from = work.now  # "tomorrow morning" need not be waited for
            with suppress(Refused):
                if callback.state in (State.WRAP_UP, State.PAUSED):
                    handling.wrap_up(work, callback, Disposition.SOLVED, "agent:agent0")
                elif callback.for_person:
                    handling.wrap_up(work, callback, Disposition.UNREACHABLE, "agent:agent0")

    def _still_something(self) -> bool:
        with self.desk.reading() as work:
            still = work.session.scalar(select(Callback.id).where(Callback.state != State.CLOSED).limit(1))
            live = work.session.scalar(select(Dial.id).where(Dial.live.is_(True)).limit(1))
        return still is not None or live is not None


def live_through(
    folder: Path, database_url: str, seed: int, seconds: float, counts: Counter[str]
) -> list[str]:
    """On this database, which is empty but for its tables; what was wrong after it."""
    requests = int(seconds * 2)
    with _minutes(folder, database_url, seed, requests, counts) as minutes:
        minutes.go(seconds)
        return faults_in(minutes.desk, minutes.exchange, requests, counts)


@contextmanager
def _minutes(
    folder: Path, database_url: str, seed: int, requests: int, counts: Counter[str]
) -> Iterator[BadMinutes]:
    clock, redis = HurriedClock(datetime.now(UTC), BY), Server(folder / "valkey")
    (folder / "policy.toml").write_text(_hurried_policy())
    given = {**clock.environ(), "POLICY_FILE": str(folder / "policy.toml")}
    environ = environment(folder, database_url, redis.url, **given)
    settings = Settings.load(environ)
    account = (settings.twilio_account_sid, settings.twilio_auth_token)
    desk, running = replace(open_desk(settings), clock=clock), Processes(environ, folder)
    with ExitStack() as stack:
        for end in (desk.engine.dispose, redis.kill, running.kill_all):
            stack.callback(end)
        redis.start()
        exchange, place = stack.enter_context(switchboard(clock, account))
        web = stack.enter_context(served(lambda url: _web(desk, Line(*account, url))))
        environ |= {"TWILIO_API_BASE": place.url, "PUBLIC_URL": web.url}
        desk.do(lambda work: _people_and_requests(work, requests))
        minutes = BadMinutes(desk, exchange, Fate(Random(seed), counts=counts), running, redis)
        stack.callback(minutes.end)
        minutes.start()
        until(lambda: _all_there(running.said()), running.said)
        yield minutes


def _all_there(said: str) -> bool:
    return said.count("the clock runs") == CLOCKS and said.count("listening") == WORKERS * len(QUEUES)


def _web(desk: Desk, line: Line) -> Flask:
    app = Flask("desk", static_folder=None)
    app.register_blueprint(phone_line(desk, line))
    return app


def _people_and_requests(work: Work, requests: int) -> None:
    for number in range(AGENTS):
        work.session.add(
            Agent(
                sign_in=f"agent{number}", name=f"Agent {number}", languages=["en"], created_at=work.now,
                phone=f"+39021234{number:04d}", presence=Presence.READY,
            )
        )  # fmt: skip
    for number in range(requests):
        wants_to_be_rung(work, f"{number:06d}", f"+39347{1_000_000 + number}")


def _hurried_policy() -> str:
    """An office that is always open, and no pause longer than a minute."""
    written = never_closed()
    for name, said in (
        ("pauses", '["1m"]'),
        ("breather", '"0s"'),
        ("offer_lapses", '"30s"'),
        ("later", '"1m"'),
    ):
        written = re.sub(rf"^{name} = [^#\n]*", f"{name} = {said} ", written, count=1, flags=re.MULTILINE)
    return written


def _groups() -> Iterator[tuple[int, int]]:
    """(process, its group) of all that live."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                _, _, facts = (entry / "stat").read_text().rpartition(")")
                state, _parent, group, *_ = facts.split()
                if state != "Z":
                    yield int(entry.name), int(group)
