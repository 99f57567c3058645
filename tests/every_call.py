"""Every call there can be: each kind of answer at each question, hung up after each, with every fate of its
notices.

Two calls that the desk sees in the same place are continued once: from there on they are one. What was done
to come there, how the call ends there, and in which order, how often and whether its notices come, is driven.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import or_, select

from callbacks import call as calls
from callbacks import intake
from callbacks.call import Call as CallRow
from callbacks.call import Kind
from callbacks.intake import Recording
from callbacks.message import Message
from callbacks.sweep import AtCarrier, settle
from callbacks.work import Desk
from exchange.phone import Call, Exchange
from tests import open_request
from tests.open_request import CALLS_AGAIN
from tests.people import ACME_PHONE, Cast
from tests.twiml_check import faults_in

Act = Callable[[Call], object]
Path = tuple[str, ...]
AT_THE_NUMBER = ("Acme's code", "1", "speaks")
"""Where a caller without a number first differs from others."""


def pressing(keys: str) -> Act:
    return lambda call: call.press(keys)


def saying(words: str) -> Act:
    return lambda call: call.speak(words)


SILENCE: dict[str, Act] = {"silence": lambda call: call.silence()}
RECORD: dict[str, Act] = {
    "speaks": lambda call: call.record(seconds=1),
    "says nothing": lambda call: call.record(seconds=1, then="silence"),
    "hangs up speaking": lambda call: call.record(seconds=1, then="hangup"),
    "is not kept": lambda call: call.record(seconds=1, absent=True),
    "hangs up unheard": lambda call: call.record(seconds=1, then="hangup", absent=True),
}


def keys(*several: str) -> dict[str, Act]:
    return {each: pressing(each) for each in several}


def acts(cast: Cast) -> dict[str, dict[str, Act]]:
    """One answer of each kind at each step."""
    return {
        "extension": {
            "Acme's code": pressing(f"{cast.acme_code}#"), "Bolt's code": pressing(f"{cast.bolt_code}#"),
            "a lapsed code": pressing(f"{cast.lapsed_code}#"),
            **keys("0000#", "12#", "0#", "*#", "2#"), "noise": saying("hello there"), **SILENCE,
        },
        "open_request": {**keys("1", "2", "3", "4", "5", "9", "*"), **SILENCE},
        "add_message": RECORD,
        "cancel": {**keys("1", "2", "5", "*"), **SILENCE},
        "topic": {**keys("1", "3", "4", "9", "*"), **SILENCE},
        "message": RECORD,
        "number": {**keys("1", "2", "7", "*"), **SILENCE},
        "other_number": {**keys("0236575900#", "112#", "*#"), "says it": saying("02 3657 5901"), **SILENCE},
        "confirm_number": {**keys("1", "2", "5", "*"), **SILENCE},
        "time": {**keys("1", "3", "7", "*"), **SILENCE},
        "half_day": {**keys("2", "9", "8", "*"), **SILENCE},
        "date": {
            **keys("25111500", "99999999", "25111330", "*#"), "says it": saying("tomorrow at three"),
            "unclear": saying("some day"), **SILENCE,
        },
        "confirm_time": {**keys("1", "2", "5", "*"), **SILENCE},
        "paid_service": {**keys("1", "2", "5", "*"), **SILENCE},
        "sales_message": RECORD,
        "sales": {
            "Sales answers": lambda call: call.dial_result("completed", bridged=True),
            "Sales' mailbox": lambda call: call.dial_result("completed", bridged=False),
            "Sales is busy": lambda call: call.dial_result("busy"),
        },
    }  # fmt: skip


@dataclass
class Walk:
    """Drives calls until nothing new is left. `every` drives each ending of each call, else each call has one
    and all of them have their turn; `everywhere` drives callers of each language, and without a number, from
    the first word on and not only from where they first differ."""

    desk: Desk
    exchange: Exchange
    cast: Cast
    every: bool = False
    everywhere: bool = False
    tell: Callable[[str], object] = lambda _progress: None
    driven: int = 0
    webhooks: int = 0
    places: set[tuple[object, ...]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.acts = acts(self.cast)

    def walk(self) -> None:
        """Breadth first, so that what goes wrong is told by its shortest call."""
        ahead = deque[tuple[str, Path]](
            [
                (ACME_PHONE, ()),
                ("anonymous", () if self.everywhere else AT_THE_NUMBER),
                (CALLS_AGAIN, () if self.everywhere else AT_THE_NUMBER[:1]),
            ]
        )
        while ahead:
            caller, path = ahead.popleft()
            place, answers = self._come(caller, path)
            if place not in self.places:
                self.places.add(place)
                ahead.extend((caller, (*path, answer)) for answer in answers)

    def _come(self, caller: str, path: Path) -> tuple[tuple[object, ...], list[str]]:
        """Drive this call with its endings; where it stands, and what could be answered there."""
        call = self._drive(caller, path)
        over, row = call.line.over, _row(self.desk, call)
        new = caller == CALLS_AGAIN and not _is_about_what_stands(row)
        place = (ACME_PHONE if new else caller, over, *_place(row), row.language if self.everywhere else "")
        several = list(endings(len(call.notices) + (not over)))
        for number, ending in enumerate(several if self.every else [several[self.driven % len(several)]]):
            call = call if number == 0 else self._drive(caller, path)
            self._end(call, ending)
            self.wrong += [f"{' > '.join((*path, *ending))}: {fault}" for fault in self._faults(call)]
            self.driven += 1
            if self.driven % 500 == 0:
                self.tell(f"{self.driven} calls, {self.webhooks} webhooks, {len(self.wrong)} wrong so far")
            self.webhooks += len(call.webhooks)
        return place, [] if over else list(self.acts.get(row.step, ()))

    def _drive(self, caller: str, path: Path) -> Call:
        self.desk.do(open_request.forget)
        if caller == CALLS_AGAIN:
            self.desk.do(open_request.leave)
        call = self.exchange.ring(caller)
        for answer in path:
            self.acts[_row(self.desk, call).step][answer](call)
        return call

    def _end(self, call: Call, ending: Path) -> None:
        """Hang up unless it is over; then the notices, as this ending has it; then what the carrier knows."""
        if not call.line.over:
            call.end_from_outside()
        notices = list(call.notices)
        for fate in ending:
            which, _, often = fate.partition(" ")
            if often in {"once", "twice"}:
                notices[int(which)].deliver(times=2 if often == "twice" else 1)
        if "again" in ending:
            for old in range(len(call.webhooks)):
                call.resend(old)
        if not any(fate.endswith("never") for fate in ending):
            self.wrong += [f"{call.sid} unswept: {fault}" for fault in self._faults(call)]
        for _ in range(2):
            self._sweep(call)

    def _sweep(self, call: Call) -> None:
        """What the worker learns at the carrier when a notice has not come."""
        url = self.exchange.recording_url
        recordings = tuple(Recording(each.sid, url(each.sid), each.seconds) for each in call.recordings)
        found = AtCarrier(call.sid, call.facts.from_, call.facts.to, recordings=recordings)
        self.desk.do(lambda work: settle(work, found))

    def _faults(self, call: Call) -> Iterator[str]:
        """One request for every message left, none without one but for whom a person is to look after."""
        yield from call.faults
        for webhook in call.webhooks:
            if webhook.code not in {200, 204}:
                yield f"{webhook} was answered {webhook.code}"
            elif webhook.code == 200:
                yield from faults_in(webhook.body)
        row, kinds, kept = _left(self.desk, call)
        if kept != sorted(each.sid for each in call.recordings):
            yield f"{len(call.recordings)} recordings became {len(kept)} messages"
        if kinds not in _wanted(row, call):
            yield f"left {kinds}, not one of {_wanted(row, call)}"


def endings(notices: int) -> Iterator[tuple[str, ...]]:
    """Each order of the notices, each once, twice or never; and every webhook of the call once more."""
    for order in itertools.permutations(range(notices)):
        for fates in itertools.product(("once", "twice", "never"), repeat=notices):
            yield tuple(f"{which} {fate}" for which, fate in zip(order, fates, strict=True))
    yield (*(f"{which} once" for which in range(notices)), "again")


def _row(desk: Desk, call: Call) -> CallRow:
    with desk.reading() as work:
        row = calls.find(work.session, call.sid)
        assert row is not None
        return row


def _left(desk: Desk, call: Call) -> tuple[CallRow, list[str], list[str]]:
    """(the call, the kinds of its requests, the recordings of its messages)."""
    with desk.reading() as work:
        row = calls.find(work.session, call.sid)
        assert row is not None
        requests = intake.of_call(work.session, row)
        made = [each.sid for each in call.recordings]
        of_them = or_(
            Message.callback_id.in_([each.id for each in requests]), Message.recording_sid.in_(made)
        )
        sids = work.session.scalars(select(Message.recording_sid).where(of_them))
        return row, [each.kind for each in requests], sorted(sids)


def _place(row: CallRow) -> tuple[object, ...]:
    """All that decides what may still happen in this call."""
    returns = {"confirm_number": "other_number", "confirm_time": "date", "paid_service": "topic"}
    tried = row.answers.get("tried", {}).get(returns.get(row.step, row.step), 0)
    passed, left = row.extension_code_id is not None, bool(row.answers.get("left_for_sales"))
    return (row.step, row.tries, tried, passed, left, _is_about_what_stands(row))


def _is_about_what_stands(row: CallRow) -> bool:
    """Whether hanging up, or a message, leaves nothing but what was there."""
    return "stands" in row.answers and row.answers.get("topic") in {None, open_request.TOPIC}


def _wanted(row: CallRow, call: Call) -> list[list[str]]:
    """The kinds of request that a call which came so far must have left."""
    asked = [Kind(kind) for kind in row.takes.values()]
    if "stands" in row.answers and Kind.SALES not in asked:
        if _is_about_what_stands(row) or not asked:
            return [[]]
        return [[Kind.CALLBACK.value]] if call.recordings else [[Kind.CALLBACK.value], []]
    if call.recordings:
        return [[asked[-1].value]]
    if (
        Kind.CALLBACK in asked
    ):  # nothing was kept: a request where the carrier said so, else a silent caller's
        return [[Kind.CALLBACK.value], [Kind.NO_MESSAGE.value]]
    if Kind.SALES in asked:
        return [[], [Kind.SALES.value]]
    passed = row.extension_code_id is not None and not row.answers.get("left_for_sales")
    return [[Kind.NO_MESSAGE.value]] if passed else [[]]
