"""One scripted call: what its caller does, what the web answers, and the notices that it left in hand."""

import secrets
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from exchange.effects import Ask, Bridged, Effect, Ended, Heard, Ring, Tell
from exchange.errors import BadTwimlError, CallOverError, WrongMomentError
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


class Call(Legs):
    """One scripted call."""

    def __init__(
        self, exchange: "Exchange", record: CallRecord, line: Line, manner: Manner | None = None
    ) -> None:
        super().__init__(exchange, record, line)
        self.notices: list[Notice] = []
        self.missteps: list[str] = []  # what a script on the command line could not do
        self.moments = 0  # requests, sounds and waits so far: each is a place where a caller may be gone
        self._manner = manner or {}
        self._lost = 0
        self._heard_from = 0

    @property
    def heard(self) -> list[str]:
        """What was said since the caller last did something, sentence by sentence."""
        return [sound.text for sound in self.sounds[self._heard_from :] if sound.text]

    @property
    def all_heard(self) -> list[str]:
        """All that was said in this call."""
        return [sound.text for sound in self.sounds if sound.text]

    # What a caller does.

    def press(self, keys: str) -> list[str]:
        """Press keys one after the other, each to whatever then listens; answers what is heard after."""
        self._acts(f"pressed {keys}")
        for number, key in enumerate(keys):
            if number and self.line.over:
                break
            self.carry(self.line.key(key))
        return self.heard

    def speak(self, text: str, confidence: float | None = 0.9) -> list[str]:
        """Say something where a Gather listens for speech."""
        self._acts(f'said "{text}"')
        self.carry(self.line.spoken(text, confidence))
        return self.heard

    def silence(self) -> list[str]:
        """Do nothing until the wait is over: a Gather runs out, a Record ends, nobody answers a Dial."""
        doing = self.line.doing
        if isinstance(doing, Record):
            return self.record(seconds=max(1.0, doing.verb.number("timeout", 5)), then="silence")
        if self.ringing:
            return self.dial_result("no-answer")
        self._acts("said nothing")
        self._pass()
        return self.heard

    def listen(self) -> list[str]:
        """With step: hear the present sound to its end and stop at the next."""
        self._heard_from = len(self.sounds)
        if not self.line.over and self.line.sounding:
            self._pass()
        return self.heard

    def record(
        self,
        seconds: float = 10,
        *,
        wav: bytes | None = None,
        then: str = "#",
        ready: bool = True,
        absent: bool = False,
    ) -> list[str]:
        """Speak a message and end it by a key, by "hangup" or by "silence".

        ready=False: the carrier has no audio until the recording's notice arrives; absent: nothing was kept.
        """
        doing = self.line.doing
        self._acts(f"recorded {seconds:g} s, then {then}")
        if not isinstance(doing, Record):
            raise WrongMomentError(f"Nothing is being recorded: the call is at {self.verb}")
        if then not in ("hangup", "silence") and then not in doing.keys:
            raise WrongMomentError(f'This recording does not end with "{then}"')
        recorded = self.keep_recording(
            min(seconds, doing.longest), wav, source="RecordVerb", ready=ready, absent=absent
        )
        self.line.seconds += recorded.seconds
        ended_by = "" if then == "silence" or seconds > doing.longest else then
        self.carry(self.line.recorded(recorded, ended_by))
        return self.heard

    def hang_up(self) -> None:
        """Put the receiver down, wherever the call is; one second of a recording is kept."""
        if isinstance(self.line.doing, Record) and self.verb == "record":
            self.record(seconds=1, then="hangup")
        elif self.ringing:
            self.dial_over(caller_gone=True)
        else:
            self._acts("hung up")
            self.carry(self.line.hang_up())

    def lose_reply(self, times: int = 1) -> None:
        """Let the answers to the next requests be lost on their way, as when a connection breaks."""
        self._lost += times

    # Notices and repeated requests.

    def deliver_all(self, times: int = 1) -> None:
        """Send every notice in hand, in order."""
        for notice in list(self.notices):
            notice.deliver(times)

    def resend(self, which: int = -1) -> Webhook:
        """Send one of the webhooks again as it was, unheard by the caller."""
        old = self.webhooks[which]
        sent = self.send(old.kind, old.url, old.method, old.fields, old.mark)
        self.story.note_webhook(self.line.seconds, sent)
        return sent

    def end_from_outside(self) -> None:
        with self.lock:
            self.note("the account ended the call")
            if self.ringing:
                self.dial_over(caller_gone=True)
            self.carry(self.line.hang_up(self.line.left))

    def go_on_with(self, url: str, method: str, document: bytes) -> None:
        with self.lock:
            self.note("the account sent the call elsewhere")
            self.ringing = None
            self.carry(self.line.carry_out(document) if document else self.line.begin(url, method))

    # Within.

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
        return self.line.hang_up()

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
                self.notices.append(Notice(effect, secrets.token_hex(16), self._deliver))
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

    def _acts(self, what: str) -> None:
        if self.line.over:
            raise CallOverError(f"The call has ended ({self.state}), so nobody {what}")
        self._heard_from = len(self.sounds)
        self.note(f"caller {what}")
