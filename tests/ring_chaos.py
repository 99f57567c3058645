"""Days on which everything goes wrong while callbacks are rung, drawn from a seed; and what must hold.

Two clocks and three workers of the real worker code, each of which may die or be held up at any step; a web
side that may die before or after each commit; a carrier whose answers are lost and whose notices come in any
order, twice or never; agents and customers who do whatever people do. Then calm: every request must end.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from callbacks import handling, presence
from callbacks.agent import Agent, Presence
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.errors import Refused
from callbacks.moves import Disposition, State
from callbacks.work import Desk, Work
from exchange.phone import Call
from exchange.trouble import DOWN, LOST, TOO_MANY
from tests.people import Clock
from tests.ring_fate import Crash, Fate, ShakyQueues
from tests.ring_people import People
from tests.ringing import Switchboard
from worker.clock import Clock as WorkerClock
from worker.setup import Means
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
    people: People = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.fate, self.clock.forward)

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
            self.people.act(self.fate.random.choice(live))

    def _calls(self) -> list[Call]:
        return [call for call in self.exchange.carried.values() if isinstance(call, Call)]

    # --- the calm ---

    def _calm_step(self) -> bool:
        """Everybody does what they should. False once every request has ended."""
        self._a_clock_looks()
        while self.queues.jobs:
            self._a_worker_works()
        for call in [each for each in self.exchange.outgoing if not each.line.over]:
            self.people.act(call)
        for call in self._calls():
            call.deliver_all()
        self.desk.do(self._people_see_to_it)
        with self.desk.reading() as work:
            still_open = list(work.session.scalars(select(Callback).where(Callback.state != State.CLOSED)))
            live = list(work.session.scalars(select(Dial).where(Dial.live.is_(True))))
        self._on_to_the_next(still_open, busy=bool(live))
        return bool(still_open or live)

    def _people_see_to_it(self, work: Work) -> None:
        """What was left to a person: to be back at the phone, to give an outcome, to ring by hand."""
        for agent in work.session.scalars(select(Agent).where(Agent.phone.is_not(None))):
            presence.change(work, agent, Presence.READY, f"agent:{agent.sign_in}")
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
