"""The whole story by telephone: callers leave messages, phones ring, they talk, the statement says so.

`script/week [--callers N] [--agents N] [--postgresql]`: real processes, true time, an office always open.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from sqlalchemy import select

from callbacks import extension_code, journal, seal
from callbacks.agent import Agent, Presence
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.moves import Disposition, State
from callbacks.promise import LatenessState
from callbacks.subscription import Plan, Subscription
from callbacks.work import Desk
from exchange.phone import Call, Exchange
from exchange.server import serve
from launch.desk import open_desk
from launch.migrate import upgrade
from script.thousand import WEB_PROCESSES, WORKERS, exchange_of, processes
from settings import Settings
from tests import postgres
from tests.policies import SHIPPED
from tests.processes import ROOT, environment
from tests.started import free_port
from tests.valkey import Server

PATIENCE = 90.0
"""Seconds for all that is due to be rung, talked and wrapped up."""

TALKS = 180
"""Seconds that an agent and a customer speak; they pass at once."""


@dataclass
class Story:
    """What was heard and what came of it."""

    callers: int
    calls: list[Call] = field(default_factory=list)
    journals: list[str] = field(default_factory=list)
    statement: str = ""
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = [call.transcript() for call in self.calls] if self.callers == 1 else []
        counts = f"{WEB_PROCESSES} web processes, {WORKERS} workers, one clock"
        asked = f"{self.callers} callers" if self.callers > 1 else "one caller"
        done = f"{counts}: {asked} rung, reached and wrapped up in {self.seconds:.1f} s"
        parts = [
            *told,
            *self.journals[:1],
            self.statement,
            done,
            f"{len(self.faults)} faults",
            *self.faults[:20],
        ]
        return "\n".join(parts)


def drive(folder: Path, database_url: str, redis_url: str, callers: int = 1, agents: int = 1) -> Story:
    """On this database, which is empty but for its tables."""
    ports = {"PORT": str(free_port()), "EXCHANGE_PORT": str(free_port())}
    base = f"http://127.0.0.1:{ports['EXCHANGE_PORT']}"
    (folder / "policy.toml").write_text(never_closed())
    given = {**ports, "WEB_WORKERS": str(WEB_PROCESSES), "TWILIO_API_BASE": base}
    given["POLICY_FILE"] = str(folder / "policy.toml")
    environ = environment(folder, database_url, redis_url, **given)
    settings = Settings.load(environ)
    desk, exchange = open_desk(settings), exchange_of(settings)
    with ExitStack() as stack:
        stack.callback(desk.engine.dispose)
        stack.enter_context(serve(exchange, settings.exchange_port))
        code = _people(desk, agents)
        _say("starting the web, the workers and the clock")
        stack.enter_context(processes(environ, folder, settings.public_url))
        return _told(Story(callers), desk, exchange, code, environ)


def never_closed() -> str:
    """The policy that ships, for an office open at every hour of every day."""
    head, _, rest = SHIPPED.partition("[office.hours]")
    _hours, _, tail = rest.partition("[office.holidays]")
    days = "\n".join(f'{day} = ["00:00-24:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    whole = f"{head}[office.hours]\n{days}\n\n[office.holidays]{tail}"
    given = whole.replace('country = "" ', 'country = "IT" ', 1)  # numbers keyed without a country code
    return given.replace('country = "IT" ', 'country = "" ', 1)  # no holidays


def _told(story: Story, desk: Desk, exchange: Exchange, code: str, environ: dict[str, str]) -> Story:
    began = time.monotonic()
    ended = threading.Event()
    with ThreadPoolExecutor(16) as people:
        at_work = people.submit(_agents_at_their_phones, exchange, story, people, ended)
        for call in people.map(lambda place: _asks(exchange, place, code), range(story.callers)):
            story.calls.insert(0, call)
        _wait(desk, story)
        ended.set()
        at_work.result()
    story.seconds = time.monotonic() - began
    story.statement = _statement(environ)
    _judge(desk, exchange, story)
    return story


def _asks(exchange: Exchange, place: int, code: str) -> Call:
    """A caller gives the code, leaves a message, is told the window, and hangs up."""
    call = exchange.ring(f"+39347{1_000_000 + place}")
    call.press(f"{code}#")
    call.press("1")
    call.record(seconds=12)
    call.silence()
    if not call.line.over:
        call.silence()
    call.deliver_all()
    return call


def _agents_at_their_phones(
    exchange: Exchange, story: Story, people: ThreadPoolExecutor, ended: threading.Event
) -> None:
    """Each phone that rings is picked up, by a thread of its own."""
    seen = 0
    while not ended.wait(0.02):
        rings, seen = exchange.outgoing[seen:], len(exchange.outgoing)
        for call in rings:
            people.submit(_takes, call, story)


def _takes(call: Call, story: Story) -> None:
    """The agent hears who it is, accepts, talks to the customer, and says how it ended."""
    try:
        call.pick_up()
        call.press("1")
        customer = call.answer()
        customer.silence()
        call.talk(TALKS)
        customer.hang_up()
        call.press("1")
        for each in (customer, call):
            each.deliver_all()
        story.calls += [call, customer]
    except Exception as fault:
        story.faults.append(f"{call.facts.to}: {type(fault).__name__}: {fault}\n{call.transcript()}")


def _wait(desk: Desk, story: Story) -> None:
    """Until every request has an outcome."""
    give_up, told = time.monotonic() + PATIENCE, -1
    while time.monotonic() < give_up:
        with desk.reading() as work:
            states = list(work.session.scalars(select(Callback.state)))
        if (ended := states.count(State.CLOSED)) != told:
            _say(f"{len(states)} asked, {ended} of {story.callers} rung and wrapped up")
            told = ended
        if told == story.callers:
            return
        time.sleep(0.05)
    story.faults.append(f"after {PATIENCE:.0f} s: {states}")


def _say(how_far: str) -> None:
    """A word beside the result, of how far it has come."""
    print(how_far, file=sys.stderr, flush=True)


def _judge(desk: Desk, exchange: Exchange, story: Story) -> None:
    """Each asked once, was rung once, was reached, and the promise is kept."""
    with desk.reading() as work:
        story.faults += seal.faults(work.session)
        for callback in work.session.scalars(select(Callback).order_by(Callback.id)):
            rung = [each for each in exchange.store.calls.values() if each.to == callback.number]
            dials = work.session.scalars(select(Dial).where(Dial.callback_id == callback.id)).all()
            lateness = callback.lateness(work)
            stands = (
                callback.disposition, lateness and lateness.state, len(rung), len(dials),
                callback.first_reached_at is not None,
            )  # fmt: skip
            if stands != (Disposition.SOLVED, LatenessState.KEPT, 1, 1, True):
                story.faults.append(f"callback {callback.reference}: {stands}")
            lines = journal.lines(work.session, callback.subject)
            story.journals.append("\n".join(f"{line.at:%H:%M:%S} {line.move} by {line.by}" for line in lines))
    if f"{story.callers}" not in story.statement:
        story.faults.append(f"the statement does not say so: {story.statement}")


def _statement(environ: dict[str, str]) -> str:
    """As the administrator prints it."""
    words = ["statement", "Acme", "--month", f"{datetime.now(UTC):%Y-%m}"]
    command = [sys.executable, "-m", "flask", "--app", "app:create_app", *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout


def _people(desk: Desk, agents: int) -> str:
    """Agents at their phones, and Acme, whose code is returned."""
    with desk.work() as work:
        for number in range(agents):
            work.session.add(
                Agent(
                    sign_in=f"ada{number}", name="Ada", level=1, languages=["en", "it"],
                    phone=f"+39021234{number:04d}", presence=Presence.READY, created_at=work.now,
                )
            )  # fmt: skip
        acme = Subscription(
            company="Acme", plan=Plan.PREMIUM, contract_speed=10_000, starts_on=date(2025, 1, 1),
            languages=["en"], contacts=[], created_at=work.now,
        )  # fmt: skip
        work.session.add(acme)
        work.session.flush()
        return extension_code.make(work, acme, "front desk")


@contextmanager
def a_database(folder: Path, postgresql: bool) -> Iterator[str]:
    """A new one with its tables."""
    if not postgresql:
        url = f"sqlite:///{folder}/desk.sqlite3"
        upgrade(url)
        yield url
        return
    with postgres.cluster(durable=True) as socket:
        with psycopg.connect(host=socket, user="postgres", autocommit=True) as server:
            server.execute("CREATE DATABASE desk")
        url = f"postgresql+psycopg://postgres@/desk?host={socket}"
        upgrade(url)
        yield url


def main() -> int:
    """0 where every promise was kept."""
    words = argparse.ArgumentParser("script/week", description=__doc__)
    words.add_argument("--callers", type=int, default=1)
    words.add_argument("--agents", type=int, default=1)
    words.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own, not on SQLite")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        redis = Server(folder / "valkey")
        redis.start()
        try:
            with a_database(folder, asked.postgresql) as url:
                story = drive(folder, url, redis.url, asked.callers, asked.agents)
        finally:
            redis.kill()
    print(story)
    return 1 if story.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
