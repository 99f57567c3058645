"""Days on which everything goes wrong while callbacks are rung, drawn from a seed; and what must hold.

Two clocks and three workers of the real worker code, each of which may die or be held up at any step; a web
side that may die before or after each commit; a carrier whose answers are lost and whose notices come in any
order, twice or never; agents and customers who do whatever people do. Then calm: every request must end.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from wsgiref.types import StartResponse, WSGIEnvironment

from sqlalchemy import select

from callbacks import handling
from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.errors import Refused
from callbacks.moves import Disposition, State
from callbacks.work import Desk, Work
from exchange.errors import CallOverError, WrongMomentError
from exchange.phone import Call
from exchange.trouble import DOWN, LOST, TOO_MANY
from launch.migrate import all_tables
from tests.desk import ACCOUNT_SID, AUTH_TOKEN, Served, phone_app, served
from tests.people import Clock, fill
from tests.ring_fate import Crash, Fate, ShakyDesk, ShakyQueues, shaky_carrier
from tests.ringing import Switchboard, at_their_phones, hands, switchboard, wants_to_be_rung
from worker.clock import Clock as WorkerClock
from worker.setup import Means
from worker.shelf import Shelf
from worker.sources import carry_out

CUSTOMERS = ("+390212344587", "+390212344588", "+390212344589")
CHAOS, CALM = 60, 200
"""Steps of the bad day, and at most of the calm after it."""


@dataclass
class World:
    """One day."""

    desk: Desk
    clock: Clock
    exchange: Switchboard
    fate: Fate
    queues: ShakyQueues
    clocks: list[WorkerClock]
    workers: list[Means]
    wrong: list[str] = field(default_factory=list)

    def go(self) -> None:
        """The bad day, then the calm."""
        self.fate.meanwhile = self._a_minute
        for _ in range(CHAOS):
            self._step()
        self.fate.chaos, self.queues.away = False, False
        self.exchange.troubles.clear()
        self.exchange.outgoing[:] = [call for call in self.exchange.outgoing if not call.line.over]
        for _ in range(CALM):
            if not self._calm_step():
                break

    def _step(self) -> None:
        draw = self.fate.random
        acts: list[tuple[Callable[[], object], int]] = [
            (self._a_clock_looks, 5), (self._a_worker_works, 6), (self._somebody_acts, 7),
            (self._a_notice_comes, 6), (self._time_passes, 4), (self._redis_ails, 1), (self._carrier_ails, 2),
        ]  # fmt: skip
        (act,) = draw.choices([act for act, _ in acts], [weight for _, weight in acts])
        with suppress(Crash):
            act()

    # --- the desk ---

    def _a_clock_looks(self) -> None:
        self.fate.random.choice(self.clocks).look()

    def _a_worker_works(self) -> None:
        job = self.queues.next()
        if job is not None:
            carry_out(self.fate.random.choice(self.workers), job.source, job.ids)

    def _redis_ails(self) -> None:
        self.queues.away = not self.queues.away
        self.queues.emptied()
        self.fate.counts["redis lost or back, emptied"] += 1

    def _a_minute(self) -> None:
        """What happens while somebody is held up: more than a lease's time."""
        for _ in range(6):
            self.clock.forward(timedelta(seconds=self.fate.random.uniform(5, 30)))
            self._step()

    # --- the world ---

    def _time_passes(self) -> None:
        self.clock.forward(timedelta(seconds=self.fate.random.choice([0.25, 1, 5, 20, 45, 95])))

    def _carrier_ails(self) -> None:
        self.exchange.troubles.append(self.fate.random.choice([LOST, LOST, DOWN, TOO_MANY]))
        self.fate.counts["carrier's bad moments"] += 1

    def _a_notice_comes(self) -> None:
        held = [notice for call in self._calls() for notice in call.notices]
        if held:
            notice = self.fate.random.choice(held)
            times = self.fate.random.choice([0, 1, 1, 1, 2])
            if times == 0:
                for call in self._calls():
                    call.notices = [each for each in call.notices if each is not notice]
            notice.deliver(times)
            self.fate.counts[("notices lost", "notices", "notices doubled")[times]] += 1

    def _somebody_acts(self) -> None:
        live = [call for call in self.exchange.outgoing if not call.line.over]
        if live:
            self._act(self.fate.random.choice(live))

    def _calls(self) -> list[Call]:
        return [call for call in self.exchange.carried.values() if isinstance(call, Call)]

    def _act(self, call: Call) -> None:
        with suppress(WrongMomentError, CallOverError):
            self._replies_ail(call)
            if call.verb == "ringing":
                self._answer_or_not(call)
            elif call.verb == "gather":
                self._decide(call)
            elif call.ringing:
                self._customer(call)

    def _replies_ail(self, call: Call) -> None:
        """What the desk says is lost on its way, or it is asked the same twice."""
        ails = self._drawn("", {"lost": 1, "asked twice": 1}, 18)
        if ails == "lost":
            call.lose_reply()
        elif ails and call.webhooks:
            call.resend(self.fate.random.randrange(len(call.webhooks)))
        if ails:
            self.fate.counts[f"webhooks {ails}"] += 1

    def _answer_or_not(self, call: Call) -> None:
        how = self._drawn("pick up", {"no-answer": 1, "busy": 1, "failed": 1, "wait": 2}, 8)
        if how == "pick up":
            call.pick_up()
        elif how != "wait":
            call.refuse(how)

    def _decide(self, call: Call) -> None:
        key = self._drawn("1", {"2": 1, "3": 1, "9": 1, "": 1, "gone": 1}, 9)
        if key == "gone":
            call.hang_up()
        elif key:
            call.press(key)
        else:
            call.silence()

    def _customer(self, call: Call) -> None:
        how = self._drawn(
            "talk", {"busy": 1, "no-answer": 1, "failed": 1, "short": 1, "gone": 1, "mailbox": 1}, 5
        )
        if how in ("busy", "no-answer", "failed"):
            call.dial_result(how)
        elif how == "gone":
            call.hang_up()
        else:
            self._talk(call, 4 if how == "short" else 60, bridged=how != "mailbox")

    def _talk(self, call: Call, seconds: int, *, bridged: bool) -> None:
        """The customer hears who rings, and says "not now" or goes on."""
        leg = call.answer()
        if leg.verb == "gather":
            key = self._drawn("", {"1": 1, "3": 1}, 8)
            leg.press(key) if key else leg.silence()
        if call.ringing:
            self.clock.forward(timedelta(seconds=seconds))
            call.dial_result("completed", seconds=seconds, bridged=bridged)

    def _drawn(self, usual: str, others: dict[str, int], weight: int) -> str:
        """What somebody does: anything on a bad day, the usual in the calm."""
        if not self.fate.chaos:
            return usual
        return self.fate.random.choices([usual, *others], [weight, *others.values()])[0]

    # --- the calm ---

    def _calm_step(self) -> bool:
        """Everybody does what they should. False once every request has ended."""
        self._a_clock_looks()
        while self.queues.jobs:
            self._a_worker_works()
        for call in [each for each in self.exchange.outgoing if not each.line.over]:
            self._act(call)
        for call in self._calls():
            call.deliver_all()
        self.desk.do(self._people_see_to_it)
        with self.desk.reading() as work:
            still_open = list(work.session.scalars(select(Callback).where(Callback.state != State.CLOSED)))
            live = list(work.session.scalars(select(Dial).where(Dial.live.is_(True))))
        self._on_to_the_next(still_open, busy=bool(live))
        return bool(still_open or live)

    def _people_see_to_it(self, work: Work) -> None:
        """What was left to a person: an outcome that is owed, a callback that is rung no more by itself."""
        ada = work.session.scalars(select(Agent).where(Agent.sign_in == "ada")).one()
        for callback in work.session.scalars(select(Callback)):
            live = work.session.scalar(
                select(Dial.id).where(Dial.callback_id == callback.id, Dial.live.is_(True))
            )
            if live is None and callback.state == State.WRAP_UP:
                handling.wrap_up(work, callback, Disposition.SOLVED, "agent:ada")
            if callback.state == State.PAUSED:
                callback.resume(work, "agent:ada")
            busy = work.session.scalar(select(Dial.id).where(Dial.agent_id == ada.id, Dial.live.is_(True)))
            if callback.for_person and live is None and busy is None:
                with suppress(Refused):
                    handling.ring_agent(work, callback, ada, "agent:ada")

    def _on_to_the_next(self, still_open: list[Callback], *, busy: bool) -> None:
        coming = [each.ring_from for each in still_open if each.ring_from and each.ring_from > self.clock()]
        if coming and not busy:
            self.clock.now = min(coming)
        else:
            self.clock.forward(timedelta(seconds=20))

    # --- what must hold ---

    def judge(self) -> list[str]:
        """What is wrong after all this, in words."""
        marks = {record.sid: url.rsplit("/", 2)[-2] for url, record in self.exchange.placed}
        agents = Counter(marks.values())
        legs = [each for each in self.exchange.store.calls.values() if each.direction == "outbound-dial"]
        customers = Counter(marks[leg.parent or ""] for leg in legs)
        wrong = [f"an agent's phone rang {n} times for one dial" for n in agents.values() if n > 1]
        wrong += [f"a customer's phone rang {n} times for one dial" for n in customers.values() if n > 1]
        with self.desk.reading() as work:
            requests = list(work.session.scalars(select(Callback)))
            dials = list(work.session.scalars(select(Dial)))
        wrong += [f"a dial never ended: {dial.leg}" for dial in dials if dial.live]
        wrong += [f"a request is lost: {each.state}" for each in requests if each.state != State.CLOSED]
        wrong += [
            "a request is closed without an outcome"
            for each in requests
            if each.closed_at and not each.disposition
        ]
        wrong += ["a request vanished"] * (len(CUSTOMERS) - len(requests))
        self.fate.counts.update(
            {"dials": len(dials), "agents rung": agents.total(), "customers rung": len(legs)}
        )
        return wrong + self.wrong


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
    wrong = world.judge()
    counts.update(world.fate.counts)
    return [f"seed {seed}: {each}" for each in wrong]
