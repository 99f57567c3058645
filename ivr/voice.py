"""From a step to TwiML: the only place that writes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from twilio.twiml.voice_response import Gather, VoiceResponse

from callbacks.policy import Policy
from callbacks.policy.kinds import KEPT
from ivr.catalogue import Catalogue
from ivr.spoken import Sentence, Spoken
from ivr.steps import Ask, Connect, Step, Take, Through

RETRIED = "#rc=5&rp=all"
"""Asks the carrier to send a notice up to five times more, whatever went wrong."""

SPEECH_ENDS = "2"
"""Seconds of silence that end what is said: people breathe between groups of digits."""

RINGS_SALES = 20


@dataclass(frozen=True)
class Voice:
    """Writes for one desk. `address` is where the carrier finds the phone line."""

    policy: Policy
    address: str

    def twiml(self, spoken: Spoken) -> str:
        """The document that says this and waits for what the step waits for."""
        response = VoiceResponse()
        if spoken.pause:
            response.pause(length=spoken.pause)
        self._step(response, spoken, spoken.step)
        return str(response)

    def trouble(self, sentence: Sentence) -> str:
        """Ask for a message without knowing anything of the call."""
        response = VoiceResponse()
        self.say(response, [sentence])
        self._record(response, f"{self.address}/trouble", 0)
        return str(response)

    def goodbye(self, sentences: Iterable[Sentence]) -> str:
        """Say these, and hang up."""
        response = VoiceResponse()
        self.say(response, sentences)
        response.hangup()
        return str(response)

    def _step(self, response: VoiceResponse, spoken: Spoken, step: Step) -> None:
        answer = f"{self.address}/turn/{spoken.turn}"
        if isinstance(step, Ask):
            self._gather(response, spoken, step, answer)
            return
        self.say(response, spoken.sentences)
        if isinstance(step, Take):
            self._record(response, answer, spoken.turn)
        elif isinstance(step, Connect) and self.policy.sales.number:
            number = self.policy.sales.number.e164
            response.dial(number, action=answer, method="POST", answer_on_bridge=True, timeout=RINGS_SALES)
        elif isinstance(step, Through) and spoken.through:
            self._put_through(response, *spoken.through, answer)
        else:
            response.hangup()

    def _put_through(self, response: VoiceResponse, phone: str, mark: str, answer: str) -> None:
        """Ring the agent, who hears who is there; a mailbox presses no key, and so is nobody."""
        policy, whisper = self.policy, {"url": f"{self.address}/in/{mark}", "method": "POST"}
        dial = response.dial(
            action=answer, method="POST", answer_on_bridge=True, caller_id=policy.numbers.support.e164,
            timeout=int(policy.ring.rings_for.total_seconds()),
        )  # fmt: skip
        if phone.startswith("sip:"):
            dial.sip(phone, **whisper)
        elif phone.startswith("client:"):
            dial.client(phone.removeprefix("client:"), **whisper)
        else:
            dial.number(phone, **whisper)

    def _gather(self, response: VoiceResponse, spoken: Spoken, step: Ask, answer: str) -> None:
        """Silence is posted too. Keys interrupt all that is said, and those pressed before its end count."""
        listens = {"input": "dtmf"}
        if step.keys.speech:
            language = Catalogue.of(spoken.language).locale
            listens = {"input": "dtmf speech", "language": language, "speech_timeout": SPEECH_ENDS}
        if step.keys.most:
            listens["num_digits"] = str(step.keys.most)
        wait = getattr(self.policy.call, step.keys.wait)
        gather = response.gather(
            action=answer, method="POST", action_on_empty_result=True, finish_on_key="#",
            timeout=int(wait.total_seconds()), **listens,
        )  # fmt: skip
        self.say(gather, spoken.sentences)

    def _record(self, response: VoiceResponse, answer: str, turn: int) -> None:
        """A key, silence or the policy's limit ends it; so does hanging up, and the message is kept."""
        call = self.policy.call
        response.record(
            action=answer, method="POST", finish_on_key="#", play_beep=True,
            max_length=int(call.message_limit.total_seconds()),
            timeout=int(call.message_silence.total_seconds()),
            recording_status_callback=f"{self.address}/recording/{turn}{RETRIED}",
            recording_status_callback_method="POST",
        )  # fmt: skip

    def _address_of(self, recording: str) -> str:
        """Where the carrier fetches it: from us, where the desk keeps it."""
        kept = KEPT.fullmatch(recording)
        return f"{self.address.removesuffix('/ivr')}/prompt/{kept[1]}" if kept else recording

    def say(self, where: VoiceResponse | Gather, sentences: Iterable[Sentence]) -> None:
        """By the voice of its language, or by the recording that the policy puts in its place."""
        for sentence in sentences:
            recording = self.policy.prompts.get(f"{sentence.language}.{sentence.name}")
            if recording:
                where.play(self._address_of(recording))
                continue
            voice = self.policy.languages.voices.get(sentence.language)
            where.say(sentence.text, voice=voice, language=Catalogue.of(sentence.language).locale)
