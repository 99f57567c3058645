"""The addresses Twilio asks. Each refuses what is not signed; no caller is ever answered with an error."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks import call as calls
from callbacks.call import Call
from callbacks.policy import Policy
from callbacks.work import Desk, Work
from ivr import conversation, notices
from ivr.check import check
from ivr.leg_voice import LegVoice
from ivr.leg_webhooks import LegWebhooks
from ivr.request import LAST_TURN, Parameters
from ivr.signature import Signature
from ivr.sounds import Sounds, played, prompted
from ivr.spoken import Spoken
from ivr.trouble import Trouble
from ivr.voice import Voice

log = logging.getLogger("ivr")


@dataclass(frozen=True)
class Line:
    """What the line must know of the carrier: our account, its token, and our address as Twilio sees it."""

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str
    media_url: str = ""


def phone_line(desk: Desk, line: Line) -> Blueprint:
    """The phone line of this desk; PolicyError where the policy names prompts that nobody speaks."""
    check(desk.policy_at_hand)
    room, webhooks = Blueprint("ivr", __name__, url_prefix="/ivr"), Webhooks(desk, line)
    room.before_request(webhooks.refuse_strangers)
    for rule, view in (
        ("/call", webhooks.call),
        ("/turn/<int:turn>", webhooks.turn),
        ("/recording/<int:turn>", webhooks.recording),
        ("/ended", webhooks.ended),
        ("/trouble", webhooks.trouble),
        ("/fallback", webhooks.fallback),
        ("/message", webhooks.message),
    ):
        room.add_url_rule(rule, view.__name__, view, methods=["POST"])
    webhooks.legs.add_to(room)
    return room


def sound_line(desk: Desk, line: Line) -> Blueprint:
    """Where the carrier fetches a message that an agent wants to hear: its address is the key to it."""
    room, sounds = Blueprint("sound", __name__), _sounds(desk, line)

    def sound(ticket: str) -> AnyResponse:
        return played(desk, sounds, ticket)

    def prompt(name: str) -> AnyResponse:
        return prompted(sounds, name)

    room.add_url_rule("/sound/<ticket>", "sound", sound)
    room.add_url_rule("/prompt/<name>", "prompt", prompt)
    return room


def _sounds(desk: Desk, line: Line) -> Sounds:
    return Sounds(line.media_url, desk.code_key, desk.clock)


class Webhooks:
    """One desk's answers to the carrier."""

    def __init__(self, desk: Desk, line: Line) -> None:
        public_url = line.public_url.rstrip("/")
        self.desk, self.address = desk, f"{public_url}/ivr"
        self.signature = Signature(line.account_sid, line.auth_token, public_url)
        sounds = _sounds(desk, line)

        def leg_voice(policy: Policy) -> LegVoice:
            voice = Voice(policy, self.address)
            return LegVoice(voice, lambda message: f"{public_url}/sound/{sounds.ticket(message)}")

        self.legs = LegWebhooks(desk, leg_voice)

    @property
    def trouble_line(self) -> Trouble:
        """Under the policy known last: nothing is asked of the database."""
        policy = self.desk.policy_at_hand
        return Trouble(policy, Voice(policy, self.address))

    def refuse_strangers(self) -> None:
        """Before anything else is looked at."""
        if not self.signature.is_on(request):
            abort(HTTPStatus.FORBIDDEN)

    # The conversation

    def call(self) -> Response:
        """A call comes in."""
        sent = Parameters.of(request)

        def begin(work: Work, call: Call) -> Spoken:
            call.verified = call.verified or sent.is_vouched_for
            return conversation.begin(work, call)

        return self._converse(sent, begin)

    def turn(self, turn: int) -> Response:
        """The caller has answered."""
        sent = Parameters.of(request)
        number, answer = min(turn, LAST_TURN), sent.answer()
        return self._converse(sent, lambda work, call: conversation.turn(work, call, number, answer))

    def _converse(self, sent: Parameters, speak: Callable[[Work, Call], Spoken]) -> Response:
        """One unit of work, committed before any of it is said."""
        sid = sent.call_sid
        dialled = sent.text("To")
        try:
            if sid is None:
                return _document(self.trouble_line.line(dialled))
            spoken, policy = self.desk.do(
                lambda work: (speak(work, calls.held(work, sid, sent.text("From"), dialled)), work.policy)
            )
            return _document(Voice(policy, self.address).twiml(spoken))
        except Exception:
            log.exception("a turn of a call failed: the caller hears the trouble line")
            return _document(self.trouble_line.line(dialled, has_spoken=sent.recording() is not None))

    # Trouble

    def fallback(self) -> Response:
        """Twilio could not have an answer elsewhere: this one needs nothing but this process."""
        sent = Parameters.of(request)
        log.error("the carrier fell back: error %s", sent.text("ErrorCode", 10))
        return _document(self.trouble_line.line(sent.text("To"), has_spoken=sent.recording() is not None))

    def trouble(self) -> Response:
        """The trouble line's message is taken now if we can, and recovered from the carrier if not."""
        sent = Parameters.of(request)
        sid, recording, from_, to = sent.call_sid, sent.recording(), sent.text("From"), sent.text("To")
        taken = False
        if sid is not None and recording is not None:
            taken = self._is_done(lambda work: notices.trouble_told(work, sid, recording, from_, to))
        return _document(self.trouble_line.goodbye(to, taken=taken))

    # Notices

    def recording(self, turn: int) -> Response:
        """A recording has arrived."""
        sent = Parameters.of(request)
        sid, recording = sent.call_sid, sent.recording()
        if sid is None or recording is None:
            return _noted(True)
        number = min(turn, LAST_TURN)
        return _noted(self._is_done(lambda work: notices.recording_told(work, sid, number, recording)))

    def ended(self) -> Response:
        """A call's state has changed; we care for its end."""
        sent = Parameters.of(request)
        sid, from_, to = sent.call_sid, sent.text("From"), sent.text("To")
        if sid is None or not sent.is_over:
            return _noted(True)
        return _noted(self._is_done(lambda work: notices.call_ended(work, sid, from_, to)))

    def message(self) -> Response:
        """A text message comes in. It is answered by nothing, for the sender to pay nothing."""
        sent = Parameters.of(request)
        sid = sent.text("MessageSid", 40)
        if sid:
            arguments = (sid, sent.text("From", 64), sent.text("Body", 2000))
            self._is_done(lambda work: notices.text_came(work, *arguments))
        return _document('<?xml version="1.0" encoding="UTF-8"?><Response/>')

    def _is_done(self, act: Callable[[Work], object]) -> bool:
        """Whether it was done and committed; a failure is logged, and said by the answer."""
        try:
            self.desk.do(act)
        except Exception:
            log.exception("a notice of the carrier could not be kept")
            return False
        return True


def _document(twiml: str) -> Response:
    return Response(twiml, mimetype="text/xml")


def _noted(done: bool) -> Response:
    """Undone, the carrier is to send its notice again."""
    return Response(status=HTTPStatus.NO_CONTENT if done else HTTPStatus.SERVICE_UNAVAILABLE)
