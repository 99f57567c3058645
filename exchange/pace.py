"""The time of a call in real time: how long it waits for what, and what it does when nobody does anything."""

import math
import time
from typing import TYPE_CHECKING

from exchange import shown
from exchange.effects import Effect
from exchange.feed import Feed
from exchange.line import Line
from exchange.live_legs import LiveLegs
from exchange.records import CallRecord
from exchange.verbs import Record

if TYPE_CHECKING:
    from exchange.live_box import LiveExchange

GONE_AFTER = 20.0  # seconds without anybody at the telephone


class Paced(LiveLegs):
    """A call that knows until when it waits."""

    feed: Feed
    attended = False  # by a browser, which says when it has played a sentence to its end

    def __init__(self, exchange: "LiveExchange", record: CallRecord, line: Line) -> None:
        super().__init__(exchange, record, line)
        self._begun = 0.0
        self.due = math.inf
        self.requests = 0  # since there last was anything to hear or wait for
        self._mark: tuple[object, ...] = ()
        self._alone_since = time.monotonic()

    def recorded(self, wav: bytes | None, ended_by: str) -> None:
        raise NotImplementedError

    def set_due(self) -> None:
        doing = self.line.doing
        mark = (doing, self.line.sounding, len(self.sounds), getattr(doing, "digits", ""), self.verb)
        if mark != self._mark:
            self._mark = mark
            self.due = time.monotonic() + self._patience()
            self.requests = 0
            self.put("wait", **shown.waiting(self.line))

    def _patience(self) -> float:
        if isinstance(self.line.doing, Record):
            return self.line.doing.longest
        if self.verb == "ringing" and self.facts.direction != "inbound":
            order = self.exchange.orders.get(self.sid, self.whisper)
            return order.seconds
        wait = self.line.wait
        if wait is None:
            return math.inf
        # Where a browser speaks, it says when it has done so; the estimate only guards against its silence.
        spoken = self.line.sounding and self.sounds and self.sounds[-1].kind in ("say", "play")
        return (
            wait * 3 + (10 if self.sounds[-1].kind == "say" else 3600)
            if spoken and self.attended and self.feed.listeners
            else wait
        )

    def when_nothing_is_done(self) -> list[Effect]:
        now = time.monotonic()
        if self.feed.listeners:
            self._alone_since = now
        elif now - self._alone_since > GONE_AFTER and self.facts.direction == "inbound":
            self.hang_up()
        if now < self.due:
            return []
        if isinstance(self.line.doing, Record):
            self.recorded(None, "")
            return []
        return self.line.hang_up("no-answer") if self.verb == "ringing" else self.line.elapsed()

    def count_seconds(self) -> None:
        if self.line.state == "in-progress":
            self._begun = self._begun or time.monotonic()
            self.line.seconds = time.monotonic() - self._begun
