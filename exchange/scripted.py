"""One scripted call: what its caller does and hears."""

from exchange.carrying import Carried
from exchange.errors import CallOverError, WrongMomentError
from exchange.verbs import Record
from exchange.webhook import Webhook


class Call(Carried):
    """One scripted call."""

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

    def hang_up(self, *, kept: bool = True) -> None:
        """Put the receiver down, wherever the call is; of a recording one second is kept, or nothing."""
        if isinstance(self.line.doing, Record) and self.verb == "record":
            self.record(seconds=1, then="hangup", absent=not kept)
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

    def _acts(self, what: str) -> None:
        if self.line.over:
            raise CallOverError(f"The call has ended ({self.state}), so nobody {what}")
        self._heard_from = len(self.sounds)
        self.note(f"caller {what}")
