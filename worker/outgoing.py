"""What goes out through the carrier: calls and texts, asked for once, looked up where the answer was lost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import requests
from twilio.base.exceptions import TwilioRestException
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from callbacks.errors import DeskError
from callbacks.following import LegAtCarrier
from worker.line import CarrierAway, asked

LOOKS_BACK = 50
"""So many of one number's calls or texts are looked through; the carrier lists the newest first."""

Answer = TypeVar("Answer")


class NotTaken(DeskError):  # noqa: N818 - what happened, as the log says it
    """The carrier, by its own word or by not being reached, has not done it. `code` is the carrier's."""

    def __init__(self, why: str, code: int | None = None) -> None:
        super().__init__(why)
        self.code = code


class Outgoing:
    """The half of the carrier's REST side that makes phones ring. Nothing here is ever repeated by itself."""

    _client: Any

    def place(self, *, to: str, from_: str, address: str, rings_for: int) -> str:
        """Ring somebody; the carrier then asks `address`/0 what to do. Returns the CallSid."""
        call = once(lambda: self._client.calls.create(
            to=to, from_=from_, url=f"{address}/0", fallback_url=f"{address}/fallback",
            status_callback=f"{address}/over", status_callback_event=["completed"], timeout=rings_for,
        ))  # fmt: skip
        return str(call.sid)

    def placed_to(self, to: str, from_: str, since: datetime) -> list[LegAtCarrier]:
        """The calls we had placed to this number since then, the newest first."""
        listed = asked(lambda: self._client.calls.list(to=to, from_=from_, limit=LOOKS_BACK))
        ours = [each for each in listed if str(each.direction or "").startswith("outbound-api")]
        return [leg for leg in map(_leg, ours) if leg.made_at >= since]

    def leg(self, call_sid: str) -> LegAtCarrier:
        """How one call stands."""
        return _leg(asked(self._client.calls(call_sid).fetch))

    def dialled_by(self, call_sid: str) -> list[LegAtCarrier]:
        """The legs that this call dialled, the newest first."""
        listed = asked(lambda: self._client.calls.list(parent_call_sid=call_sid, limit=5))
        return [_leg(each) for each in listed]

    def hang_up(self, call_sid: str) -> None:
        """End a call; that it was over is as good."""
        asked(lambda: self._client.calls(call_sid).update(status="completed"))

    def text(self, to: str, from_: str, body: str) -> str:
        """Send a text. Returns its SID."""
        return str(once(lambda: self._client.messages.create(to=to, from_=from_, body=body)).sid)

    def texted(self, to: str, from_: str, body: str, since: datetime) -> str | None:
        """The SID of this very text, if the carrier has taken it since then."""
        listed = asked(lambda: self._client.messages.list(to=to, from_=from_, limit=LOOKS_BACK))
        same = [each for each in listed if each.body == body and each.date_created >= since]
        return str(same[0].sid) if same else None


def once(question: Callable[[], Answer]) -> Answer:
    """The answer to what must not be asked twice: NotTaken where it was surely not done, else CarrierAway."""
    try:
        return asked(question)
    except CarrierAway as away:
        refusal = away.__cause__ or away.__context__
        if isinstance(refusal, TwilioRestException) and 400 <= refusal.status < 500 and refusal.status != 408:
            raise NotTaken(f"the carrier refuses: {refusal.code}", refusal.code) from away
        if _never_sent(refusal):
            raise NotTaken("the carrier cannot be reached") from away
        raise


def _never_sent(fault: BaseException | None) -> bool:
    reason = getattr(fault.args[0], "reason", None) if fault is not None and fault.args else None
    sent = not isinstance(reason, NewConnectionError | ConnectTimeoutError)
    return isinstance(fault, requests.ConnectionError) and not sent


def _leg(call: Any) -> LegAtCarrier:
    made_at = call.date_created or call.start_time
    seconds = int(call.duration) if str(call.duration or "").isdigit() else None
    return LegAtCarrier(str(call.sid), str(call.status), made_at, seconds)
