"""The other phones of a scripted call: those a Dial rings, and the one an outgoing call rings."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from exchange.connection import Connection
from exchange.effects import Effect, Ring
from exchange.errors import WrongMomentError
from exchange.line import Line
from exchange.order import Order
from exchange.progress import Progress
from exchange.records import CallRecord
from exchange.story import Story
from exchange.twiml import Verb
from exchange.verbs import Dial

if TYPE_CHECKING:
    from exchange.box import Exchange

REFUSALS = ("busy", "no-answer", "failed", "canceled")


class Legs(Connection):
    """A call that may dial others; a leg of it is a call of its own with a parent."""

    parent: "Legs | None" = None
    leg: "Legs | None" = None

    def __init__(self, exchange: "Exchange", record: CallRecord, line: Line) -> None:
        super().__init__(exchange, record, line)
        self.story = Story()

    def transcript(self) -> str:
        """The call as text to read."""
        return str(self.story)

    def note(self, text: str) -> None:
        """Write a line of the call's story."""
        self.story.note(self.line.seconds, text)

    def carry(self, effects: Iterable[Effect]) -> None:
        """Do what the line asks for."""
        raise NotImplementedError

    def new_leg(self, noun: Verb) -> Self:
        """A call to one of those dialled, which carries out its whisper when it is answered."""
        ring = self._ring()
        record = self.exchange.new_call(ring.caller_id, noun.text, "outbound-dial", self.sid)
        line = self.exchange.line_for(record, {}, leg=True)
        moments = frozenset((noun.get("statusCallbackEvent") or "completed").split())
        url = self.line.absolute(noun.get("statusCallback")) if noun.get("statusCallback") else ""
        line.progress = Progress(url, noun.get("statusCallbackMethod") or "POST", moments)
        leg = type(self)(self.exchange, record, line)
        leg.parent = self
        leg.carry(line.ring_out())
        return leg

    def answer(self, which: int = 0, *, answered_by: str = "") -> Self:
        """One of the phones being dialled is answered: the leg that comes back can press keys and hang up.

        answered_by is what machine detection finds, as for `pick_up`.
        """
        noun = self._ring().nouns[which]
        leg = self.new_leg(noun)
        self.leg = leg
        address = self.line.absolute(noun.get("url")) if noun.get("url") else ""
        leg.pick_up(address, noun.get("method") or "POST", answered_by=answered_by)
        return leg

    def pick_up(self, url: str = "", method: str = "POST", *, answered_by: str = "") -> None:
        """Somebody answers this outgoing call, which then asks what its order named, or this leg.

        answered_by is what machine detection finds: human, machine_start, machine_end_beep, fax, unknown.
        """
        self.note(f"{self.facts.to} answers")
        order = self.exchange.orders.pop(self.sid, Order(url, method))
        if answered_by and not order.detects:
            self.line.facts["AnsweredBy"] = answered_by
        self.facts.answered_by = answered_by or None
        self.carry(self.line.answered_by_callee(order.url, order.method, order.document))
        if answered_by and order.detects:
            self.carry(self.line.detected(*order.detects, answered_by))

    def refuse(self, how: str = "busy") -> None:
        """Nobody answers this outgoing call: busy, no-answer, failed or canceled."""
        self.exchange.orders.pop(self.sid, None)
        self.carry(self.line.hang_up(how))

    def talk(self, seconds: float) -> None:
        """Let time pass while two people talk."""
        self.line.seconds += seconds
        if self.leg:
            self.leg.line.seconds += seconds

    def dial_result(self, outcome: str, *, bridged: bool | None = None, seconds: float = 30) -> list[str]:
        """How dialling ended: busy, no-answer, failed, canceled or completed (and whether anybody talked)."""
        leg = self.leg or self.new_leg(self._ring().nouns[0])
        self.leg = leg
        if outcome == "completed":
            leg.line.state, leg.line.bridged = "in-progress", bridged is not False
            self.talk(seconds)
        self.dial_over(outcome)
        return []

    def dial_over(self, outcome: str = "", *, caller_gone: bool = False) -> None:
        """Dialling has ended, for a reason of the callee's or because the caller has gone."""
        self._ring()
        leg, self.leg, self.ringing = self.leg, None, None
        bridged = bool(leg and leg.line.bridged)
        outcome = outcome or ("completed" if bridged else "canceled")
        fields = {"DialCallStatus": outcome, "DialBridged": str(bridged).lower()}
        if leg:
            leg.parent = None
            leg.carry(leg.line.hang_up(outcome if outcome in REFUSALS else "completed"))
            fields |= {"DialCallSid": leg.sid, "DialCallDuration": str(leg.facts.seconds or 0)}
            fields |= self._recorded_talk(leg) if bridged else {}
        self.carry(self.line.dialled(fields, caller_gone=caller_gone))

    def leg_ended(self) -> None:
        """This call has ended: where it was a leg, the call that dialled it goes on."""
        if self.parent and self.parent.leg is self:
            self.parent.dial_over("completed")

    def _ring(self) -> Ring:
        if self.ringing is None:
            raise WrongMomentError(f"Nobody is being dialled: the call is at {self.verb}")
        return self.ringing

    def _recorded_talk(self, leg: "Legs") -> dict[str, str]:
        doing = self.line.doing
        if not isinstance(doing, Dial) or doing.verb.get("record", "false") in ("false", "do-not-record"):
            return {}
        recorded = self.keep_recording(leg.line.seconds, None, source="DialVerb")
        doing.tell_recording(recorded)
        seconds = str(recorded.seconds)
        return {"RecordingUrl": recorded.url, "RecordingSid": recorded.sid, "RecordingDuration": seconds}
