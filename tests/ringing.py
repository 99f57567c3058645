"""A desk that rings: its clocks in the test's hand, the exchange at the other end, time as it is set."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from callbacks.agent import Agent, Presence
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.moves import State
from callbacks.work import Desk, Work
from exchange.phone import Call, Exchange
from exchange.records import CallRecord
from exchange.server import make_app
from tests.desk import ACCOUNT_SID, AUTH_TOKEN, SUPPORT, Served, phone_app, served
from tests.people import ACME_PHONE, Clock
from worker.carrier import Carrier
from worker.clock import Clock as WorkerClock
from worker.queues import Queues
from worker.setup import Means
from worker.shelf import Shelf
from worker.sources import Source

PHONES = {"ada": "+390212340001", "bruno": "+390212340002", "sara": "+390212340003"}


class OwnHands:
    """In place of the clock's threads: an errand is done before the next line."""

    free = 4

    def run(self, act: Callable[[], None]) -> None:
        """Now."""
        act()

    def settle(self, _seconds: float) -> bool:
        """Nothing is ever under way."""
        return True


class NoQueues(Queues):
    """No Redis: whatever is due, the clock does itself."""

    def __init__(self) -> None:
        super().__init__("unix:///nowhere/valkey.sock")

    def take(self, source: Source, ids: Sequence[int]) -> bool:
        """Never."""
        return False


class Switchboard(Exchange):
    """An exchange that remembers who was rung on whose behalf: (address asked, call)."""

    placed: list[tuple[str, CallRecord]]

    def place(self, from_: str, to: str, order: Any) -> CallRecord:
        """As the exchange does, and written down."""
        record = super().place(from_, to, order)
        self.placed.append((order.url, record))
        return record

    def rung(self, number: str) -> list[CallRecord]:
        """Every call that rang this number."""
        return [each for each in self.store.calls.values() if each.to == number]


@dataclass
class Ringing:
    """What a test does to the desk and hears from it."""

    desk: Desk
    clock: Clock
    exchange: Switchboard
    means: Means
    clocks: list[WorkerClock] = field(default_factory=list)

    def look(self, times: int = 3) -> None:
        """The clock looks, and does with its own hands what is due."""
        if not self.clocks:
            self.clocks.append(hands(self.means))
        for _ in range(times):
            self.clocks[0].look()

    def later(self, **amount: float) -> None:
        """So much time passes, and the clock looks."""
        self.clock.forward(timedelta(**amount))
        self.look()

    def ringing(self) -> Call:
        """The phone that rings now at an agent's; told to all who asked."""
        (call,) = [each for each in self.exchange.outgoing if not each.line.over]
        return call

    def callback(self) -> Callback:
        """The one request."""
        with self.desk.reading() as work:
            return work.session.scalars(select(Callback)).one()

    def dials(self) -> list[Dial]:
        """Every attempt."""
        with self.desk.reading() as work:
            return list(work.session.scalars(select(Dial).order_by(Dial.id)))


def hands(means: Means, queues: Queues | None = None) -> WorkerClock:
    """A clock that does errands at once, one by one."""
    clock = WorkerClock(means, queues or NoQueues())
    clock.errands = OwnHands()  # type: ignore[assignment]
    return clock


def at_their_phones(work: Work, *sign_ins: str) -> None:
    """These agents are ready, the first idle longest."""
    for minutes, sign_in in enumerate(sign_ins):
        agent = work.session.scalars(select(Agent).where(Agent.sign_in == sign_in)).one()
        agent.presence, agent.phone = Presence.READY, PHONES[sign_in]
        agent.idle_since = work.now - timedelta(hours=1) + timedelta(minutes=minutes)


def wants_to_be_rung(work: Work, reference: str = "482913", number: str = ACME_PHONE) -> Callback:
    """A request received now, of a caller who speaks English."""
    callback = Callback(
        reference=reference, kind=Kind.CALLBACK, state=State.WAITING, language="en", topic="delivery",
        level=1, number=number, messages=[], misses=0, passed_by=[],
    )  # fmt: skip
    callback.promised(work, work.now)
    work.session.add(callback)
    work.session.flush()
    return callback


@contextmanager
def switchboard(
    clock: Callable[[], datetime], account: tuple[str, str] = (ACCOUNT_SID, AUTH_TOKEN)
) -> Iterator[tuple[Switchboard, Served]]:
    """An exchange served over HTTP."""
    exchange = Switchboard(*account, numbers=[SUPPORT], clock=clock)
    exchange.placed = []
    with served(lambda _url: make_app(exchange)) as place:
        exchange.base_url = place.url
        yield exchange, place
        exchange.close()


@contextmanager
def ringing_desk(desk: Desk, clock: Clock, folder: Path) -> Iterator[Ringing]:
    """The desk, its web side and the exchange, each over HTTP."""
    with switchboard(clock) as (exchange, place), served(lambda url: phone_app(desk, url)) as web:
        carrier = Carrier(ACCOUNT_SID, AUTH_TOKEN, place.url, waits=())
        means = Means(desk, carrier, Shelf(f"file://{folder}"), (), web.url)
        yield Ringing(desk, clock, exchange, means)
