"""The addresses the carrier asks while a callback is rung: the agent's leg, and the customer's."""

import logging
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, request

from callbacks import dial as dials
from callbacks import handling, put_through
from callbacks.dial import Dial
from callbacks.policy import Policy
from callbacks.work import Desk, Work
from ivr import agent_leg, customer_leg
from ivr.agent_leg import Heard
from ivr.leg_voice import LegVoice
from ivr.leg_words import Ringing
from ivr.request import LAST_TURN, Parameters

log = logging.getLogger("ivr")

Answer = TypeVar("Answer")


class LegWebhooks:
    """One desk's answers on the legs of its callbacks."""

    def __init__(self, desk: Desk, voice: Callable[[Policy], LegVoice]) -> None:
        self.desk, self._voice = desk, voice

    @property
    def voice(self) -> LegVoice:
        """Under the policy of the work just done, or of one made since."""
        return self._voice(self.desk.policy_at_hand)

    def add_to(self, room: Blueprint) -> None:
        """The rules; the room refuses what is not signed."""
        for rule, view in (
            ("/agent/<mark>/<int:turn>", self.agent),
            ("/agent/<mark>/over", self.agent_over),
            ("/agent/<mark>/fallback", self.agent_fallback),
            ("/in/<mark>", self.called_in),
            ("/in/<mark>/answer", self.called_in_answer),
            ("/customer/<mark>", self.customer),
            ("/customer/<mark>/answer", self.customer_answers),
            ("/customer/<mark>/state", self.customer_state),
        ):
            room.add_url_rule(rule, view.__name__, view, methods=["POST"])

    # The agent's leg

    def agent(self, mark: str, turn: int) -> Response:
        """The agent has picked up, or pressed a key, or the customer's leg is over."""
        sent, number = Parameters.of(request), min(turn, LAST_TURN)
        heard = _heard(sent)
        said = self._with(mark, lambda work, dial: agent_leg.turn(work, dial, number, heard))
        return self._document(self.voice.agent(said) if said else self.voice.trouble())

    def agent_over(self, mark: str) -> Response:
        """The agent's call is over."""
        state = Parameters.of(request).text("CallStatus", 20)
        return self._noted(mark, lambda work, dial: handling.agent_leg_over(work, dial, state))

    def agent_fallback(self, mark: str) -> Response:  # noqa: ARG002 - the address names the dial
        """The carrier had no good answer from us: say so and end. It is asked what became of the dial."""
        log.error(
            "the carrier fell back on an agent's leg: error %s",
            Parameters.of(request).text("ErrorCode", 10),
        )
        return self._document(self.voice.trouble())

    # The agent of a customer who rang in

    def called_in(self, mark: str) -> Response:
        """The agent picked up: a customer is on the line."""
        sentences = self._with(mark, lambda work, dial: Ringing.to_agent(work, dial).say("agent_called_in"))
        return self._document(self.voice.called_in(mark, sentences) if sentences else self.voice.trouble())

    def called_in_answer(self, mark: str) -> Response:
        """A key: 1 takes it, any other does not."""
        digits = Parameters.of(request).text("Digits", 10)
        takes = digits == "1" and self._with(mark, put_through.accepted)
        return self._document(self.voice.go_on() if takes else self.voice.goodbye(()))

    # The customer's leg

    def customer(self, mark: str) -> Response:
        """The customer's phone was picked up."""
        sid = Parameters.of(request).call_sid or ""
        sentences = self._with(mark, lambda work, dial: customer_leg.whisper(work, dial, sid))
        return self._document(self.voice.customer(mark, sentences or ()))

    def customer_answers(self, mark: str) -> Response:
        """A key: not now."""
        digits = Parameters.of(request).text("Digits", 10)
        sentences = self._with(mark, lambda work, dial: customer_leg.answered(work, dial, digits))
        return self._document(self.voice.goodbye(sentences) if sentences else self.voice.go_on())

    def customer_state(self, mark: str) -> Response:
        """How the customer's leg stands."""
        sent = Parameters.of(request)
        sid, state, seconds = sent.call_sid or "", sent.text("CallStatus", 20), sent.seconds("CallDuration")
        return self._noted(mark, lambda work, dial: customer_leg.state_told(work, dial, sid, state, seconds))

    # One unit of work for one dial

    def _with(self, mark: str, act: Callable[[Work, Dial], Answer]) -> Answer | None:
        """Committed before any of it is said; None where it failed, or nobody knows this dial."""

        def do(work: Work) -> Answer | None:
            known = dials.by_mark(work.session, mark[:32])
            dial = work.held(Dial, known.id) if known else None
            return act(work, dial) if dial else None

        try:
            return self.desk.do(do)
        except Exception:
            log.exception("a turn of a callback failed")
            return None

    def _noted(self, mark: str, act: Callable[[Work, Dial], object]) -> Response:
        """A notice that could not be kept is to be sent again."""
        done = self._with(mark, lambda work, dial: (act(work, dial), True)[1])
        known = done or self._unknown(mark)
        return Response(status=204 if known else 503)

    def _unknown(self, mark: str) -> bool:
        """Whether the desk, asked, has no such dial: then nothing is gained by sending it again."""
        try:
            with self.desk.reading() as work:
                return dials.by_mark(work.session, mark[:32]) is None
        except Exception:
            log.exception("the database is away")
            return False

    @staticmethod
    def _document(twiml: str) -> Response:
        return Response(twiml, mimetype="text/xml")


def _heard(sent: Parameters) -> Heard:
    """Where the carrier does not say whether the two were connected, a leg that was completed was."""
    dialled, bridged = sent.text("DialCallStatus", 20), sent.text("DialBridged", 10).lower()
    connected = bridged == "true" or (not bridged and dialled in {"completed", "answered"})
    seconds = sent.seconds("DialCallDuration")
    return Heard(sent.call_sid or "", sent.text("Digits", 10), dialled, connected, seconds)
