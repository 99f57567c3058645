"""One request as the board shows it: judged at the page's moment, written in the reader's language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_decimal

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.dial import Dial, Leg
from callbacks.hours import OfficeHours
from callbacks.kept_calendar import hours_for
from callbacks.message import Message
from callbacks.moves import State
from callbacks.phone_number import PhoneNumber, read
from callbacks.promise import Lateness, LatenessState
from callbacks.queue import may_ring
from console.times import Times
from console.topics import topic_name

NO_PROMISE = "none"
EARLIEST, LATEST = "08:00", "21:00"
"""Between these nobody minds the telephone."""


@dataclass(frozen=True)
class Row:
    """A callback beside what a reader wants to know of it. `rings` is how often it was rung, `dial` the
    attempt that is under way, `line` the last of its journal, which the reader has then seen."""

    callback: Callback
    times: Times
    rings: int = 0
    dial: Dial | None = None
    line: int = 0

    @property
    def reference(self) -> str:
        """In groups of three, as the caller heard it."""
        digits = self.callback.reference
        return "\u202f".join(digits[i : i + 3] for i in range(0, len(digits), 3))

    @property
    def company(self) -> str:
        """The company; of nobody we know, what the request is."""
        known = self.callback.subscription
        return known.company if known else self.times.words.say("request.nobody")

    @property
    def topic(self) -> str:
        """What the desk calls its topic."""
        return topic_name(self.times.work.policy, self.times.words, self.callback.topic)

    @property
    def kind(self) -> str:
        """What it is, where it is no plain request to be rung."""
        is_plain = self.callback.kind == Kind.CALLBACK
        return "" if is_plain else self.times.words.say(f"kind.{self.callback.kind}")

    @cached_property
    def phone(self) -> PhoneNumber | None:
        """The number to ring; where the caller gave none that can be rung, None."""
        return _phone(self.callback.number or "")

    @property
    def country(self) -> str:
        """Where that number is at home, in the reader's language."""
        code = self.phone.country if self.phone else ""
        return _country(code, self.times.words.language)

    @property
    def their_clock(self) -> str:
        """What the clock says at the number, where that can be told and is not the office's."""
        clocks = self._their_clocks
        return (
            "/".join(clocks) if len(clocks) < 3 and clocks != [self.times.clock(self.times.work.now)] else ""
        )

    @property
    def is_night_there(self) -> bool:
        """Whether somebody may be asleep at the number: a reason to think before ringing."""
        return any(not EARLIEST <= clock < LATEST for clock in self._their_clocks)

    @cached_property
    def _their_clocks(self) -> list[str]:
        zones = _zones(self.phone) if self.phone else ()
        return sorted({f"{self.times.work.now.astimezone(zone):%H:%M}" for zone in zones})

    @property
    def speed(self) -> str:
        """The contract speed as the language writes numbers."""
        known = self.callback.subscription
        speed = known.contract_speed if known else None
        return format_decimal(speed, locale=self.times.words.language) if speed else ""

    # --- the promise ---

    @property
    def hours(self) -> OfficeHours:
        """The working time that the promise was given in."""
        return hours_for(self.times.work, self.callback.calendar)

    @cached_property
    def judged(self) -> Lateness | None:
        """How the promise stands at the page's moment."""
        return self.callback.lateness(self.times.work)

    @property
    def lateness(self) -> str:
        """The state's name, or `none` where nothing was promised."""
        return self.judged.state.value if self.judged else NO_PROMISE

    @property
    def lateness_words(self) -> str:
        """`late 42 min`, `at risk, 12 min left`, `at risk: no agent`, `opens 14:30`."""
        judged, callback, say = self.judged, self.callback, self.times.words.say
        if judged is None or callback.opens is None:
            return say("lateness.none" if callback.opens is None else "lateness.settled")
        if judged.state is LatenessState.EARLY:
            return say("lateness.early", opens=self.times.soon(callback.opens))
        if judged.state is LatenessState.AT_RISK and callback.little_left_from is not None:
            return say("lateness.at_risk_nobody")
        by = judged.working or judged.wall
        amount = by if judged.state in {LatenessState.LATE, LatenessState.BROKEN} else self.left
        return say(f"lateness.{judged.state}", amount=self.times.length(amount))

    @property
    def by_the_clock(self) -> str:
        """How late on the clock on the wall, beside the working time; empty where it is not."""
        judged = self.judged
        if judged is None or not judged.wall:
            return ""
        amounts = {"working": self.times.length(judged.working), "wall": self.times.length(judged.wall)}
        return self.times.words.say("lateness.both", **amounts)

    @cached_property
    def left(self) -> timedelta:
        """The working time until the window closes; zero once it has."""
        promise = self.callback.promise
        return max(promise.left(self.times.work.now, self.hours), timedelta(0)) if promise else timedelta(0)

    @property
    def bar(self) -> tuple[int, int]:
        """Of a hundred: how much working time is left, and how much of it the window itself is."""
        promise, hours = self.callback.promise, self.hours
        if promise is None:
            return 0, 0
        whole = hours.between(promise.received, promise.closes) or timedelta(1)
        share = 100 * self.left / whole, 100 * hours.between(promise.opens, promise.closes) / whole
        return min(100, round(share[0])), min(100, round(share[1]))

    @property
    def solve_by(self) -> datetime | None:
        """When it is to be solved, at the level where it is."""
        promise = self.callback.promise
        return promise.solve_by(self.callback.level) if promise else None

    @property
    def is_solve_late(self) -> bool:
        """Whether it is open past that."""
        return self.callback.is_open and self.solve_by is not None and self.solve_by < self.times.work.now

    @property
    def again(self) -> str:
        """When to ring next, while that lies ahead; or why nobody is to ring."""
        callback, say = self.callback, self.times.words.say
        if callback.state == State.PAUSED:
            return say("board.paused")
        if callback.for_person:
            return say(f"board.for_person_{callback.for_person}", misses=callback.misses)
        if callback.ring_from and self.is_for_later:
            name = "board.again" if callback.misses else "board.later"
            return say(name, moment=self.times.soon(callback.ring_from))
        return ""

    @property
    def leg(self) -> str:
        """Whose phone rings for it now, or how long they talk; empty where nobody's does."""
        dial, say = self.dial, self.times.words.say
        if dial is None:
            return ""
        if dial.leg == Leg.TALKING and dial.answered_at:
            seconds = (self.times.work.now - dial.answered_at) // timedelta(seconds=1)
            return say("leg.talking", name=dial.agent.name, length=self.times.seconds(max(0, seconds)))
        name = "rings" if dial.leg == Leg.ACCEPTED and dial.rang_at else dial.leg
        return say(f"leg.{name}", name=dial.agent.name)

    @property
    def is_for_later(self) -> bool:
        """Whether it is not to be rung yet: the caller asked for a time, or was just missed."""
        return not may_ring(self.times.work, self.callback)

    @property
    def window(self) -> str:
        """`today 14:30–16:30`."""
        return self.times.window(self.callback)

    # --- the message ---

    @property
    def message(self) -> Message | None:
        """The newest message that came with it."""
        return self.callback.messages[-1] if self.callback.messages else None

    @property
    def message_length(self) -> str:
        """All of its messages together."""
        known = [message.seconds for message in self.callback.messages if message.seconds is not None]
        return self.times.seconds(sum(known) if known else None)


def written(number: str) -> str:
    """A number as people write it; what is none, as it came."""
    found = _phone(number)
    return found.written() if found else number


# What a number is does not change, and to find out takes longer than the rest of a row.


@lru_cache(maxsize=4096)
def _phone(number: str) -> PhoneNumber | None:
    found = read(number)
    return found if isinstance(found, PhoneNumber) else None


@lru_cache(maxsize=4096)
def _zones(phone: PhoneNumber) -> tuple[ZoneInfo, ...]:
    return phone.zones()


@lru_cache(maxsize=1024)
def _country(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, code))
