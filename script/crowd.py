"""Callers who all ring at once: what each wants and does, and whether the desk then holds just that."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from callbacks import journal
from callbacks.callback import Callback
from callbacks.moves import Move
from callbacks.promise import Promise
from callbacks.wording import Words
from callbacks.work import Work
from exchange.phone import Call, Exchange
from ivr.answers.half_days import half_days

TOPICS = 3
"""The first so many keys are what support covers."""


@dataclass(frozen=True)
class Company:
    """A Premium company, spoken to in its language."""

    name: str
    language: str
    code: str = field(repr=False)


@dataclass(frozen=True)
class Caller:
    """One of the crowd: no two have the same phone, and neighbours differ in all they want."""

    place: int
    company: Company

    @property
    def phone(self) -> str:
        """The mobile they ring from."""
        return f"+39347{1_000_000 + self.place}"

    @property
    def topic(self) -> str:
        """The key they press."""
        return str(self.place % TOPICS + 1)

    @property
    def seconds(self) -> int:
        """How long they speak."""
        return 5 + self.place % 40

    @property
    def hangs_up(self) -> bool:
        """At the end of the message, as one in five does."""
        return self.place % 5 == 4

    @property
    def other_phone(self) -> str | None:
        """What one in four keys, to be called there instead."""
        return None if self.hangs_up or self.place % 4 else f"348{1_000_000 + self.place}"

    @property
    def half_day(self) -> int | None:
        """The key of another half-day, which one in three asks for."""
        return None if self.hangs_up or self.place % 3 else self.place % 9 // 3 + 1

    def act(self, call: Call) -> Iterator[object]:
        """One thing after the other, each when what was said before has been heard."""
        yield call.press(f"{self.company.code}#")
        yield call.press(self.topic)
        yield call.record(self.seconds, then="hangup" if self.hangs_up else "#")
        if not self.hangs_up:
            for keys in ("2", f"{self.other_phone}#", "1") if self.other_phone else ("1",):
                yield call.press(keys)
            for keys in ("3", str(self.half_day)) if self.half_day else ("1",):
                yield call.press(keys)

    def tell(self, call: Call) -> None:
        """The carrier's notices: a third of them come twice, a half in the other order."""
        for notice in list(call.notices)[:: -1 if self.place % 2 else 1]:
            notice.deliver(times=1 if self.place % 3 else 2)


@dataclass
class Crowd:
    """The callers, and what came of their calls."""

    callers: Sequence[Caller]
    calls: dict[int, Call] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    most_open: int = 0
    _open: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, companies: Sequence[Company], many: int) -> "Crowd":
        """So many callers from these companies in turn."""
        return cls([Caller(place, companies[place % len(companies)]) for place in range(many)])

    def ring_at_once(self, exchange: Exchange, listening: float = 0.0) -> None:
        """Each in a thread of their own, hearing what is said for about so many seconds before they act."""
        together = threading.Barrier(len(self.callers))

        def ring(caller: Caller) -> None:
            together.wait()
            try:
                self._ring(caller, exchange, listening)
            except Exception as fault:
                self.broken.append(f"caller {caller.place}: {type(fault).__name__}: {fault}")
            finally:
                exchange.web.close()

        threads = [threading.Thread(target=ring, args=(caller,)) for caller in self.callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ring(self, caller: Caller, exchange: Exchange, listening: float) -> None:
        pace = random.Random(caller.place)
        time.sleep(pace.uniform(0, listening))
        call = self.calls[caller.place] = exchange.ring(caller.phone)
        acts = caller.act(call)
        self._count(+1)
        while not call.line.over:
            time.sleep(pace.uniform(0.5, 1.5) * listening)
            next(acts)
        self._count(-1)
        caller.tell(call)

    def _count(self, one: int) -> None:
        with self._counting:
            self._open += one
            self.most_open = max(self.most_open, self._open)

    def waits(self) -> list[float]:
        """Seconds that each webhook was waited for, shortest first."""
        return sorted(webhook.reply.seconds for call in self.calls.values() for webhook in call.webhooks)

    def unanswered(self) -> int:
        """Webhooks that had no answer within the carrier's fifteen seconds: a desk too slow, or gone."""
        return sum(webhook.code == 0 for call in self.calls.values() for webhook in call.webhooks)

    def faults(self, work: Work, began: datetime) -> list[str]:
        """What is not as it should be, one line each; nothing where every caller has what they were told."""
        requests = work.session.scalars(select(Callback).order_by(Callback.id)).all()
        of_call = {request.call.call_sid: request for request in requests if request.call}
        found = list(self.broken)
        if len(requests) != len(self.callers):
            found.append(f"{len(self.callers)} callers left {len(requests)} requests")
        for caller in self.callers:
            call = self.calls.get(caller.place)
            request = of_call.get(call.sid) if call else None
            if call is None or request is None:
                found.append(f"caller {caller.place} has no request")
            else:
                wrong = _wrong(work, caller, call, request, began)
                found += [f"caller {caller.place}: {fault}" for fault in wrong]
        return found


def _wrong(work: Work, caller: Caller, call: Call, request: Callback, began: datetime) -> Iterator[str]:
    """Beside what is written down stands what was said to this caller."""
    topic = next(each.name for each in work.policy.topics if each.key == caller.topic)
    number = f"+39{caller.other_phone}" if caller.other_phone else caller.phone
    company = request.subscription.company if request.subscription else None
    wanted = (caller.company.name, caller.company.language, caller.phone, number, topic)
    kept = (company, request.language, request.caller, request.number, request.topic)
    if kept != wanted:
        yield f"{kept} is kept, {wanted} was wanted"
    if [(each.recording_sid, each.seconds) for each in request.messages] != [
        (each.sid, caller.seconds) for each in call.recordings
    ]:
        yield "the message is not theirs"
    yield from _wrong_promise(work, caller, request, began)
    yield from _wrong_journal(work, caller, call, request)
    yield from (str(webhook) for webhook in call.webhooks if webhook.code not in {200, 204})


def _wrong_promise(work: Work, caller: Caller, request: Callback, began: datetime) -> Iterator[str]:
    """The window is computed anew, from when the message came and what was wished."""
    if not began <= request.received_at <= work.now:
        yield f"received at {request.received_at}"
    given = Promise.given(request.received_at, work.hours, work.policy.targets)
    if caller.half_day:
        wish = half_days(work.hours, given.opens, TOPICS)[caller.half_day - 1]
        given = Promise.given(request.received_at, work.hours, work.policy.targets, wish)
    if request.promise != given:
        yield f"promised {request.promise}, not {given}"


def _wrong_journal(work: Work, caller: Caller, call: Call, request: Callback) -> Iterator[str]:
    """Each thing happened once, and what the caller heard last is what the journal says they were told."""
    lines = journal.lines(work.session, request.subject)
    moves = [line.move for line in lines]
    for once in (Move.RECEIVED, Move.MESSAGE_JOINED):
        if moves.count(once) != 1:
            yield f"{moves.count(once)} lines say {once}"
    told = [line for line in lines if line.move == Move.TOLD_CALLER]
    if caller.hangs_up:
        return
    words = Words.of(request.language)
    heard, promise = " ".join(call.heard), request.promise
    if not told or told[-1].facts["words"] != heard or promise is None:
        yield f"heard {heard!r}, which the journal does not say"
        return
    window = words.window(promise.opens, promise.closes, told[-1].at, work.hours.zone, work.hours)
    if window not in heard or words.reference(request.reference) not in heard:
        yield f"heard {heard!r}: not {window!r} with the reference {request.reference}"
