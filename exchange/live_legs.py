"""The other phones of a call in real time: each leg is a call of its own, and says what becomes of it."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from exchange.connection import Connection
from exchange.effects import Effect, Heard, Ring
from exchange.order import Order
from exchange.progress import Progress
from exchange.twiml import Verb

if TYPE_CHECKING:
    from exchange.live_box import LiveExchange


class LiveLegs(Connection):
    """A call that may dial others, and may itself be a leg."""

    exchange: "LiveExchange"
    parent: "LiveLegs | None" = None
    legs: "tuple[LiveLegs, ...]" = ()
    whisper = Order()

    def do(self, act: Callable[[], list[Effect]]) -> None:
        raise NotImplementedError

    def put(self, kind: str, **more: object) -> None:
        raise NotImplementedError

    def start(self, first: Callable[[], list[Effect]]) -> None:
        raise NotImplementedError

    def refuse(self, how: str) -> None:
        raise NotImplementedError

    def pick_up(self, order: Order | None = None, *, answered_by: str = "") -> None:
        raise NotImplementedError

    def hang_up(self) -> None:
        raise NotImplementedError

    def ring(self, ring: Ring) -> None:
        """Ring all who are named; the first to be connected has the caller, the others fall silent."""
        self.ringing = ring
        self.put("dial", numbers=[noun.text for noun in ring.nouns])
        self.legs = tuple(self._leg(ring, noun) for noun in ring.nouns)
        for leg in self.legs:
            leg.ring_out()

    def _leg(self, ring: Ring, noun: Verb) -> Self:
        record = self.exchange.new_call(ring.caller_id, noun.text, "outbound-dial", self.sid)
        line = self.exchange.line_for(record, {}, leg=True)
        moments = frozenset((noun.get("statusCallbackEvent") or "completed").split())
        told = self.line.absolute(noun.get("statusCallback")) if noun.get("statusCallback") else ""
        line.progress = Progress(told, noun.get("statusCallbackMethod") or "POST", moments)
        leg = type(self)(self.exchange, record, line)
        url = self.line.absolute(noun.get("url")) if noun.get("url") else ""
        leg.parent, leg.whisper = self, Order(url, noun.get("method") or "POST", seconds=ring.seconds)
        return leg

    def tell_parent(self) -> None:
        """A leg says to the call that dialled it that it is connected, or over."""
        parent = self.parent
        if parent:
            parent.do(lambda: parent.leg_changed(self))

    def overheard(self, sound: Heard) -> None:
        """What a leg hears before it is connected is shown to the caller, who does not hear it."""
        if self.parent and sound.text:
            self.parent.put("whispered", other=self.facts.to, text=sound.text)

    def leg_changed(self, leg: "LiveLegs") -> list[Effect]:
        """Act on what became of a leg, in the dialling call's own turn."""
        if leg.line.bridged and not leg.line.over:
            for other in self.legs:
                if other is not leg:
                    other.refuse("canceled")
            self.put("connected", other=leg.facts.to)
            return []
        if self.ringing is None or not all(one.line.over for one in self.legs):
            return []
        return self._dialled(next((one for one in self.legs if one.line.bridged), leg))

    def decide_dial(self, outcome: str) -> None:
        """Whoever holds the caller's telephone plays the callee too: completed, busy, no-answer or failed."""

        def act() -> list[Effect]:
            for number, leg in enumerate(self.legs):
                if number or outcome not in ("answered", "completed"):
                    leg.refuse("canceled" if number else outcome)
                elif outcome == "answered":
                    leg.pick_up()
                else:
                    leg.hang_up()
            return []

        self.do(act)

    def leave_dial(self, *, caller_gone: bool) -> list[Effect]:
        """The caller has gone: nobody else is to go on ringing."""
        if self.ringing is None:
            return []
        effects = self._dialled(next((leg for leg in self.legs if leg.line.bridged), None), gone=caller_gone)
        self.silence_legs()
        return effects

    def silence_legs(self) -> None:
        """Nobody who was dialled rings or talks any more."""
        self.ringing = None
        for leg in self.legs:
            leg.parent = None
            leg.hang_up()
        self.legs = ()

    def _dialled(self, leg: "LiveLegs | None", *, gone: bool = False) -> list[Effect]:
        self.ringing = None
        bridged = bool(leg and leg.line.bridged)
        state = "completed" if bridged else leg.line.state if leg else "canceled"
        fields = {"DialCallStatus": state, "DialBridged": str(bridged).lower()}
        if leg:
            fields |= {"DialCallSid": leg.sid, "DialCallDuration": str(math.ceil(leg.line.seconds))}
        return self.line.dialled(fields, caller_gone=gone)
