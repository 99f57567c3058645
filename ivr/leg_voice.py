"""TwiML of the two legs of a callback."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from twilio.twiml.voice_response import VoiceResponse

from callbacks.message import Message
from ivr.agent_leg import Said
from ivr.catalogue import Catalogue
from ivr.spoken import Sentence
from ivr.voice import RETRIED, Voice

NOT_NOW_WAIT = 2
"""Seconds in which a customer may press a key before the two are connected: people answer and wait."""

STATES = "initiated ringing answered completed"


@dataclass(frozen=True)
class LegVoice:
    """Writes for one desk. `sound_address` gives the address that a message is played from."""

    voice: Voice
    sound_address: Callable[[Message], str]

    def agent(self, said: Said) -> str:
        """Say it, and wait for keys, or ring the customer, or hang up."""
        if said.turn is None:
            return self.voice.goodbye(said.sentences)
        address = f"{self.voice.address}/agent/{said.dial.mark}/{said.turn}"
        response = VoiceResponse()
        if said.connect:
            self.voice.say(response, said.sentences)
            self._dial(response, said, address)
        else:
            self._ask(response, said, address)
        return str(response)

    def customer(self, mark: str, sentences: Iterable[Sentence]) -> str:
        """Say who calls, listen for a moment, and connect."""
        response = VoiceResponse()
        gather = response.gather(
            action=f"{self.voice.address}/customer/{mark}/answer", method="POST", input="dtmf", num_digits=1,
            timeout=NOT_NOW_WAIT,
        )  # fmt: skip
        self.voice.say(gather, sentences)
        return str(response)

    def called_in(self, mark: str, sentences: Iterable[Sentence]) -> str:
        """Say who is on the line; without a key the agent's phone is hung up."""
        response = VoiceResponse()
        gather = response.gather(
            action=f"{self.voice.address}/in/{mark}/answer", method="POST", input="dtmf", num_digits=1,
            timeout=int(self.voice.policy.call.key_wait.total_seconds()),
        )  # fmt: skip
        self.voice.say(gather, sentences)
        response.hangup()
        return str(response)

    def goodbye(self, sentences: Iterable[Sentence]) -> str:
        """Say these, and hang up."""
        return self.voice.goodbye(sentences)

    def go_on(self) -> str:
        """Nothing more to say: the two are connected."""
        return str(VoiceResponse())

    def trouble(self) -> str:
        """One sentence that needs nothing but this process."""
        language = self.voice.policy.languages.offered[0]
        text = Catalogue.of(language).sentences["leg_trouble"].text
        return self.voice.goodbye([Sentence(language, "leg_trouble", text)])

    def _ask(self, response: VoiceResponse, said: Said, address: str) -> None:
        """Silence is posted too. Keys interrupt all that is said."""
        gather = response.gather(
            action=address, method="POST", action_on_empty_result=True, input="dtmf", num_digits=1,
            timeout=int(self.voice.policy.call.key_wait.total_seconds()),
        )  # fmt: skip
        if said.play is not None:
            gather.play(self.sound_address(said.play))
        self.voice.say(gather, said.sentences)

    def _dial(self, response: VoiceResponse, said: Said, address: str) -> None:
        """Ring the customer under the number they know; the agent hears it ring."""
        policy, mark = self.voice.policy, said.dial.mark
        dial = response.dial(
            action=address, method="POST", answer_on_bridge=True, caller_id=policy.numbers.support.e164,
            timeout=int(policy.ring.rings_for.total_seconds()),
        )  # fmt: skip
        customer = f"{self.voice.address}/customer/{mark}"
        dial.number(
            said.dial.number, url=customer, method="POST", status_callback=f"{customer}/state{RETRIED}",
            status_callback_event=STATES, status_callback_method="POST",
        )  # fmt: skip
