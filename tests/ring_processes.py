"""Bad minutes of real processes: workers and clocks are killed and stopped at any moment, and so is Redis.

Time runs fifteen times as fast for all of them alike, so that one that is stopped for four seconds has slept
for a minute, and wakes to find its lease gone.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, select

from callbacks import handling, presence
from callbacks.agent import Agent, Presence
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.errors import Refused
from callbacks.journal import Entry
from callbacks.moves import Disposition, State
from callbacks.work import Desk, Work
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
from tests.ring_plugs import Plugs
from tests.ringing import switchboard, wants_to_be_rung
from tests.valkey import Server
from worker.sources import QUEUES

BY = 15.0
WORKERS, CLOCKS, AGENTS = 2, 2, 6
STANDS_STILL, FOR_EVER = 60.0, 900.0
"""Seconds without a single line in the journal, or all in all, after which what is still open stays open."""


@dataclass
class BadMinutes:
    """What goes on at once: people at their phones, and whoever pulls plugs."""

    desk: Desk
    plugs: Plugs

    def __post_init__(self) -> None:
        self.exchange, self.fate = self.plugs.exchange, self.plugs.fate
        self.people = People(self.fate, lambda _seconds: None)

    def start(self) -> None:
        """All programs."""
        for program in ["worker"] * WORKERS + ["worker.clock"] * CLOCKS:
            self.plugs.start(program)

    def go(self, seconds: float, *, plugs: int = 0) -> None:
        """So long, and until so many processes were killed or stopped, everything goes wrong; then calm."""
        ends, pulls_at = time.monotonic() + seconds, 0.0
        while (now := time.monotonic()) < ends or self.plugs.pulled < plugs:
            self.plugs.tidy(now)
            if now >= pulls_at:
                self.plugs.pull(now)
                pulls_at = now + self.fate.random.uniform(0.2, 1.2)
            self._people_act()
        self.fate.chaos = False
        self.exchange.troubles.clear()
        self._calm()

    def _calm(self) -> None:
        """Nothing goes wrong any more. A slow machine is waited for, one on which nothing moves is not."""
        begun = moved = time.monotonic()
        stands: object = None
        while (left := self._still_to_come()) and time.monotonic() - moved < STANDS_STILL:
            if left != stands:
                stands, moved = left, time.monotonic()
            if moved - begun > FOR_EVER:
                return
            self.plugs.tidy(float("inf"))
            self._people_act()

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

    def _still_to_come(self) -> tuple[int, int] | None:
        """How many are open, and how much has been written down; None where nothing is left to do."""
        with self.desk.reading() as work:
            still = select(func.count()).select_from(Callback).where(Callback.state != State.CLOSED)
            live = select(Dial.id).where(Dial.live.is_(True)).limit(1)
            count, is_live = work.session.scalar(still) or 0, work.session.scalar(live) is not None
            lines = work.session.scalar(select(func.max(Entry.id))) or 0
        return (count, lines) if count or is_live else None


def live_through(
    folder: Path, database_url: str, seed: int, seconds: float, counts: Counter[str], *, plugs: int = 0
) -> list[str]:
    """On this database, which is empty but for its tables; what was wrong after it. The bad minutes go on
    until so many processes were killed or stopped."""
    requests = int(seconds * 2)
    with _minutes(folder, database_url, seed, requests, counts) as minutes:
        minutes.go(seconds, plugs=plugs)
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
        plugs = Plugs(exchange, Fate(Random(seed), counts=counts), running, redis)
        minutes = BadMinutes(desk, plugs)
        stack.callback(plugs.end)
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
                phone=f"+39021234{number:04d}", presence=Presence.READY, level=2,  # some are moved up
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
