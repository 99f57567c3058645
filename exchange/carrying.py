"""Carries a scripted call: does what its line asks for until it waits for somebody, holding notices back."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from exchange.effects import Ask, Bridged, Effect, Ended, Heard, Ring, Tell
from exchange.errors import BadTwimlError
from exchange.legs import Legs
from exchange.line import Line
from exchange.manner import Manner
from exchange.records import CallRecord
from exchange.reply import Reply
from exchange.verbs import Record
from exchange.webhook import Notice, Webhook

if TYPE_CHECKING:
    from exchange.box import Exchange

MOST_REQUESTS = 200  # in answer to one act; more are a document that redirects to itself
SLIPS = {12200, 13520}  # what Twilio takes with a warning, or cuts short


class Carried(Legs):
    """A call that is carried without waiting: silence has passed as soon as it is asked for."""

    def __init__(
        self, exchange: "Exchange", record: CallRecord, line: Line, manner: Manner | None = None
    ) -> None:
        super().__init__(exchange, record, line)
        self.notices: list[Notice] = []
        self.missteps: list[str] = []  # what a script on the command line could not do
        self.moments = 0  # requests, sounds and waits so far: each is a place where a caller may be gone
        self._manner = manner or {}
        self._lost = 0
        self._later: list[Callable[[], None]] = []
        self._heard_from = 0

    def end_from_outside(self) -> None:
        def act() -> None:
            self.note("the account ended the call")
            if self.ringing:
                self.dial_over(caller_gone=True)
            self.carry(self.line.hang_up(self.line.left))

        self._in_turn(act)

    def go_on_with(self, url: str, method: str, document: bytes) -> None:
        def act() -> None:
            self.note("the account sent the call elsewhere")
            self.ringing = None
            self.carry(self.line.carry_out(document) if document else self.line.begin(url, method))

        self._in_turn(act)

    def carry(self, effects: Iterable[Effect]) -> None:
        """Do what the line asks for, until it waits for somebody."""
        with self.lock:
            waiting, requests = deque(effects), 0
            while waiting:
                effect = waiting.popleft()
                requests += isinstance(effect, Ask)
                if requests > MOST_REQUESTS:
                    raise BadTwimlError(f"The documents go round in circles at {self.line.url}")
                waiting.extend(self._do(effect))
                if not waiting:
                    waiting.extend(self._go_on())
            self.note_state()
        while self._later:
            self._later.pop(0)()

    def _in_turn(self, act: Callable[[], None]) -> None:
        # Whoever is being asked for a document may steer the call meanwhile: that waits for the answer.
        if self.lock.acquire(blocking=False):
            try:
                act()
            finally:
                self.lock.release()
        else:
            self._later.append(act)

    def _go_on(self) -> list[Effect]:
        while self.line.sounding and self.line.wait is not None and not self._manner.get("step"):
            self.line.seconds += self.line.wait
            if effects := self.line.elapsed():
                return effects
        return self._leave() if not self.line.over and self._leaves() else []

    def _leave(self) -> list[Effect]:
        if isinstance(self.line.doing, Record):
            return self.line.recorded(self.keep_recording(1, None, source="RecordVerb"), "hangup")
        if self.ringing:
            self.dial_over(caller_gone=True)
            return []
        return self.line.hang_up(self.line.left)

    def _pass(self) -> None:
        self.line.seconds += self.line.wait or 0
        self.carry(self.line.elapsed())

    def _do(self, effect: Effect) -> list[Effect]:
        match effect:
            case Heard():
                return self._hear(effect)
            case Ask():
                return self._ask(effect)
            case Tell():
                self.notices.append(self.notice(effect, self._deliver))
            case Ring():
                self.ringing = effect
                self.note("dials " + ", ".join(noun.text for noun in effect.nouns))
            case Bridged():
                self.note("connected")
            case Ended():
                self.note_state()
                self.note(f"the call is over: {effect.state}")
                self.leg_ended()
        return []

    def _hear(self, sound: Heard) -> list[Effect]:
        self.sounds.append(sound)
        self.story.note_sound(self.line.seconds, sound)
        return self.line.hang_up() if self._leaves() else []

    def _ask(self, ask: Ask) -> list[Effect]:
        reply = self.ask(ask)
        self.story.note_webhook(self.line.seconds, self.webhooks[-1])
        if ask.last:
            return []
        if self._lost:
            self._lost -= 1
            reply = Reply(0, error=11200, seconds=15.0)
        known = len(self.line.faults)
        effects = self.line.hang_up() if self._leaves() else self.line.answered(reply)
        if self._loud and any(fault.code in SLIPS for fault in self.line.faults[known:]):
            raise BadTwimlError("; ".join(self.faults[known:]))
        return effects

    @property
    def _loud(self) -> bool:
        return self.exchange.strict and not self._manner.get("quiet")

    def _leaves(self) -> bool:
        self.moments += 1
        return self.moments - 1 == self._manner.get("hangs_up_at", -1)

    def _deliver(self, notice: Notice) -> Webhook:
        if notice in self.notices:
            self.notices.remove(notice)
        sent = self.deliver(notice)
        self.story.note_webhook(self.line.seconds, sent)
        return sent
