"""Where bad days take place: servers kept from day to day, and a database emptied before each."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from wsgiref.types import StartResponse, WSGIEnvironment

from callbacks.work import Desk
from launch.migrate import all_tables
from tests.desk import ACCOUNT_SID, AUTH_TOKEN, Served, phone_app, served
from tests.people import Clock, fill
from tests.ring_chaos import CUSTOMERS, World
from tests.ring_fate import Crash, Fate, ShakyDesk, ShakyQueues, shaky_carrier
from tests.ring_judge import faults_in
from tests.ringing import Switchboard, at_their_phones, hands, switchboard, wants_to_be_rung
from worker.setup import Means
from worker.shelf import Shelf


@dataclass
class Ground:
    """What the days have in common: servers and an empty database."""

    desk: Desk
    clock: Clock
    exchange: Switchboard
    place: Served
    web: Served
    folder: Path

    def day(self, seed: int) -> World:
        """Three requests, two agents, and a day drawn from this seed."""
        self._empty()
        self.clock.set("2026-11-23 09:30")
        fill(self.desk)
        with self.desk.work() as work:
            at_their_phones(work, "ada", "sara")
            for number, customer in enumerate(CUSTOMERS):
                wants_to_be_rung(work, f"48291{number}", customer)
        fate = Fate(Random(seed))
        self.web.app = _dying(phone_app(self._shaky(fate, "web"), self.web.url))
        queues = ShakyQueues(fate, self.clock)
        processes = [self._process(fate) for _ in range(5)]
        clocks = [hands(means, queues) for means in processes[:2]]
        return World(self.desk, self.clock, self.exchange, fate, queues, clocks, processes[2:])

    def _process(self, fate: Fate) -> Means:
        carrier = shaky_carrier((ACCOUNT_SID, AUTH_TOKEN), self.place.url, fate)
        return Means(self._shaky(fate, "worker"), carrier, Shelf(f"file://{self.folder}"), (), self.web.url)

    def _shaky(self, fate: Fate, who: str) -> ShakyDesk:
        return ShakyDesk(
            self.desk.engine, self.desk.policy, self.desk.code_key, self.clock, fate=fate, who=who
        )

    def _empty(self) -> None:
        with self.desk.work() as work:
            for table in reversed(all_tables().sorted_tables):
                work.session.execute(table.delete())
        exchange = self.exchange
        exchange.placed.clear()
        exchange.outgoing.clear()
        exchange.orders.clear()
        exchange.carried.clear()
        exchange.troubles.clear()
        exchange.store.calls.clear()


App = Callable[[WSGIEnvironment, StartResponse], object]


def _dying(app: App) -> App:
    """A web process that dies under a request drops the connection; the next one is there for the next."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> object:
        try:
            return app(environ, start_response)
        except Crash as crash:
            environ["werkzeug.socket"].shutdown(2)
            raise ConnectionError from crash

    return answer


@contextmanager
def ground(desk: Desk, clock: Clock, folder: Path) -> Iterator[Ground]:
    """The servers, kept from day to day."""
    plain = replace(desk, clock=clock)
    with switchboard(clock) as (exchange, place), served(lambda url: phone_app(plain, url)) as web:
        yield Ground(plain, clock, exchange, place, web, folder)


def live_through(here: Ground, seed: int, counts: Counter[str]) -> list[str]:
    """One day; what was wrong after it."""
    world = here.day(seed)
    world.go()
    wrong = faults_in(here.desk, here.exchange, len(CUSTOMERS), world.fate.counts)
    counts.update(world.fate.counts)
    return [f"seed {seed}: {each}" for each in wrong]
