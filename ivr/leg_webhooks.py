"""The addresses the carrier asks while a callback is rung: the agent's leg, the customer's, a message played."""

import logging
from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, abort, send_file

from callbacks import dial as dials
from callbacks import handling
from callbacks.dial import Dial
from callbacks.message import Message
from callbacks.work import Desk, Work
from ivr import agent_leg, customer_leg
from ivr.agent_leg import Heard, Said
from ivr.leg_voice import LegVoice
from ivr.request import LAST_TURN, Parameters
from ivr.sounds import Sounds

log = logging.getLogger("ivr")

Answer = TypeVar("Answer")


class LegWebhooks:
    """One desk's answers on the legs of its callbacks."""

    def __init__(self, desk: Desk, voice: LegVoice, sounds: Sounds, sent: Callable[[], Parameters]) -> None:
        self.desk, self.voice, self.sounds, self.sent = desk, voice, sounds, sent

    def add_to(self, room: Blueprint) -> None:
        """The rules. A message is fetched without a signature, by an address that nobody can guess and that ends."""
        for rule, view in (
            ("/agent/<mark>/<int:turn>", self.agent),
            ("/agent/<mark>/over", self.agent_over),
            ("/agent/<mark>/fallback", self.agent_fallback),
            ("/customer/<mark>", self.customer),
            ("/customer/<mark>/answer", self.customer_answers),
            ("/customer/<mark>/state", self.customer_state),
        ):
            room.add_url_rule(rule, view.__name__, view, methods=["POST"])

    # The agent's leg

    def agent(self, mark: str, turn: int) -> Response:
        """The agent has picked up, or pressed a key, or the customer's leg is over."""
        sent, number = self.sent(), min(turn, LAST_TURN)
        heard = Heard(
            sent.call_sid or "", sent.text("Digits", 10), sent.text("DialCallStatus", 20),
            sent.text("DialBridged", 10).lower() == "true" or self._talked(sent), sent.seconds("DialCallDuration"),
        )  # fmt: skip

        def take(work: Work, dial: Dial) -> Said:
            said = agent_leg.turn(work, dial, number, heard)
            if said.connect:
                work.session.flush()
            return said

        said = self._with(mark, take)
        return self._document(self.voice.agent(said) if said else self.voice.trouble())

    @staticmethod
    def _talked(sent: Parameters) -> bool:
        """Older accounts are not told whether the two were connected: a leg that lasted was."""
        return not sent.text("DialBridged", 10) and sent.text("DialCallStatus", 20) in {"completed", "answered"}

    def agent_over(self, mark: str) -> Response:
        """The agent's call is over."""
        state = self.sent().text("CallStatus", 20)
        return self._noted(mark, lambda work, dial: handling.agent_leg_over(work, dial, state))

    def agent_fallback(self, mark: str) -> Response:
        """The carrier had no good answer from us: say so and end. What became of it, the carrier is asked."""
        log.error("the carrier fell back on an agent's leg: error %s", self.sent().text("ErrorCode", 10))
        return self._document(self.voice.trouble())

    # The customer's leg

    def customer(self, mark: str) -> Response:
        """The customer's phone was picked up."""
        sid = self.sent().call_sid or ""
        sentences = self._with(mark, lambda work, dial: customer_leg.whisper(work, dial, sid))
        return self._document(self.voice.customer(mark, sentences or ()))

    def customer_answers(self, mark: str) -> Response:
        """A key: not now."""
        digits = self.sent().text("Digits", 10)
        sentences = self._with(mark, lambda work, dial: customer_leg.answered(work, dial, digits))
        return self._document(self.voice.goodbye(sentences) if sentences else self.voice.go_on())

    def customer_state(self, mark: str) -> Response:
        """How the customer's leg stands."""
        sent = self.sent()
        sid, state, seconds = sent.call_sid or "", sent.text("CallStatus", 20), sent.seconds("CallDuration")
        return self._noted(
            mark, lambda work, dial: customer_leg.state_told(work, dial, sid, state, seconds)
        )

    # Sound

    def message(self, ticket: str) -> Response:
        """A message, for the carrier to play to the agent."""
        number = self.sounds.message_of(ticket)
        if number is None:
            abort(404)
        with self.desk.reading() as work:
            message = work.session.get(Message, number)
        opened = self.sounds.open(message) if message else None
        if message is None or opened is None:
            abort(404)
        return send_file(opened, mimetype=message.media_type or "audio/wav")

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
