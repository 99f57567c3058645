"""The exchange as it is served: calls run in real time, and every number has a feed for its telephone."""

import urllib.request
from collections.abc import Mapping

from exchange.box import Exchange
from exchange.feed import Feeds
from exchange.live import LiveCall
from exchange.records import MessageRecord
from exchange.shown import message

MOST_SOUND = 16 * 1024 * 1024


class LiveExchange(Exchange):
    """An exchange whose telephones are in browsers; it warns of a broken rule unless it is to be strict."""

    def __init__(self, account_sid: str = "", auth_token: str = "", **more: object) -> None:
        super().__init__(account_sid, auth_token, **{"strict": False} | more)  # type: ignore[arg-type]
        self.feeds = Feeds()
        self.held: dict[str, str] = {}  # numbers whose phones lie on the page, and whose they are
        # Of numbers at which nobody need sit: answers, busy, no-answer, failed.
        self.behaviours: dict[str, str] = {}
        self.in_hand: set[str] = set()  # numbers that somebody has rung from
        self.driver = lambda _, record, line: LiveCall(self, record, line)
        self._end_what_was_cut_off()

    def ring_live(self, from_: str, to: str, params: Mapping[str, str | None]) -> LiveCall:
        """A telephone rings one of the numbers, in real time."""
        self.in_hand.add(from_)
        record = self.new_call(from_, to or self.numbers[0], "inbound")
        line = self.line_for(record, params)
        call = LiveCall(self, record, line)
        call.start(lambda: line.begin(self.voice_url))
        return call

    def acts_by_itself(self, number: str) -> bool:
        """Whether nobody need sit at this number's telephone: it has its way, or a person of the plan's."""
        if number in self.behaviours or number in self.people:
            return True
        return self.plan is not None and number not in self.held and number not in self.in_hand

    def heard_of(self, message_: MessageRecord) -> None:
        for number in {message_.from_, message_.to} - set(self.numbers):
            self.feeds.of(number).put("message", message=message(message_))

    def fetch_sound(self, url: str) -> tuple[bytes, str] | None:
        """What a Play names, and its type; None where it cannot be had."""
        try:
            with urllib.request.urlopen(url, timeout=15) as answer:  # noqa: S310 - http(s) only, checked before
                return answer.read(MOST_SOUND), answer.headers.get_content_type()
        except OSError:
            return None

    def close(self) -> None:
        self.feeds.close()
        super().close()

    def _end_what_was_cut_off(self) -> None:
        # Calls that ran when the exchange last stopped have failed; whoever asks is told so.
        for call in self.store.calls.values():
            if call.ended_at is None:
                call.state, call.ended_at, call.seconds = "failed", self.clock(), 0
                self.store.keep(call)
