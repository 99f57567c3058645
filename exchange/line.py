"""One call's line, without threads or a clock: fed with what people and the web do, it says what follows.

Every act returns the effects that follow from it, in order. `wait` says after how many seconds without an act
`elapsed` is to be called: None means never. Whoever drives the line decides what a second is.
"""

import math
from collections.abc import Mapping

from exchange.effects import Ask, Bridged, Effect, Ended, Fields, Recorded
from exchange.outlet import Outlet
from exchange.progress import Progress
from exchange.reply import Reply
from exchange.twiml import Document, Fault, UnreadableError, Verb, document_of
from exchange.verbs import Doing, make

SORRY = "We are sorry, an application error has occurred. Goodbye."
OVER = {"completed", "busy", "failed", "no-answer", "canceled"}


class Line(Outlet):
    """How far one call has come."""

    def __init__(
        self,
        facts: Mapping[str, str],
        *,
        state: str = "ringing",
        fallback: tuple[str, str] | None = None,
        progress: Progress | None = None,
        leg: bool = False,
        strict: bool = True,
    ) -> None:
        super().__init__(facts, state, progress)
        self.fallback = fallback
        self.leg = leg
        self.strict = strict
        self.doing: Doing | None = None
        self.bridged = False
        self.faults: list[Fault] = []
        self._rest: list[Verb] = []
        self._fell_back = False

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def verb(self) -> str:
        """What the line is at: ringing, asking, a verb's name in small letters, talking, or ended."""
        if self.over:
            return "ended"
        if self.asking:
            return "asking"
        return self.doing.name if self.doing else "talking" if self.bridged else "ringing"

    @property
    def wait(self) -> float | None:
        """Seconds until `elapsed` is due where nothing else is done; None: nothing comes of waiting."""
        if self.over or self.asking or not self.doing or math.isinf(self.doing.wait):
            return None
        return self.doing.wait

    @property
    def left(self) -> str:
        """How a call left now ends: one that still rings somebody is canceled, any other completed."""
        rings = self.state in ("queued", "ringing") and self.facts.get("Direction") != "inbound"
        return "canceled" if rings else "completed"

    @property
    def sounding(self) -> bool:
        """Whether the wait is the length of a sound rather than somebody's to end."""
        return bool(self.doing and self.doing.sounding and not self.asking and not self.over)

    # What drives it calls these.

    def begin(self, url: str, method: str = "POST") -> list[Effect]:
        """A call comes in: ask what to do with it while it rings."""
        self.ask(url, method, {})
        return self._drain()

    def ring_out(self) -> list[Effect]:
        """The exchange begins to ring somebody."""
        self.state = "queued"
        self.report("initiated")
        self.state = "ringing"
        self.report("ringing")
        return self._drain()

    def answered_by_callee(self, url: str, method: str = "POST", document: bytes = b"") -> list[Effect]:
        """Somebody took an outgoing call; without anything to carry out the leg is simply bridged."""
        self.state = "in-progress"
        self.report("answered")
        if document:
            return self.carry_out(document)
        if url:
            self.ask(url, method, {})
        else:
            self.next_verb()
        return self._drain()

    def carry_out(self, document: bytes, url: str = "") -> list[Effect]:
        """Run a document that was given rather than asked for."""
        self.asking = Ask(url or self.url, "POST", {})
        return self.answered(Reply(200, "text/xml", document))

    def detected(self, url: str, method: str, answered_by: str) -> list[Effect]:
        """Somebody listens whether it is a person or a machine that answered, and says so when it knows."""
        self.tell("machine", url, method, {"AnsweredBy": answered_by, "MachineDetectionDuration": "3000"})
        return self._drain()

    def answered(self, reply: Reply) -> list[Effect]:
        """The web answered what was asked; a caller who has gone hears nothing of it."""
        if self.over:
            return self._drain()
        asked, self.asking = self.asking, None
        self.url = asked.url if asked else self.url
        try:
            self._run(self._document(reply))
        except UnreadableError as error:
            self._fall_back(error.fault)
        return self._drain()

    def key(self, key: str) -> list[Effect]:
        """The caller pressed one key."""
        if self.doing and not self.asking:
            self.doing.key(key)
        return self._drain()

    def spoken(self, text: str, confidence: float | None = None) -> list[Effect]:
        """The caller said something where speech is listened for."""
        if self.doing and not self.asking:
            self.doing.spoken(text, confidence)
        return self._drain()

    def elapsed(self) -> list[Effect]:
        """The wait is over and nobody did anything."""
        if self.doing and not self.asking and not self.over:
            self.doing.elapsed()
        return self._drain()

    def recorded(self, recording: Recorded, ended_by: str) -> list[Effect]:
        """A recording has ended: by a key, by 'hangup', or by silence or its longest time ('')."""
        if self.doing:
            self.doing.recorded(recording, ended_by)
        return self._drain()

    def dialled(self, outcome: Fields, *, caller_gone: bool = False) -> list[Effect]:
        """The ringing of other phones is over; outcome carries DialCallStatus and what goes with it."""
        if self.doing:
            self.doing.dialled(outcome, caller_gone=caller_gone)
        return self._drain()

    def hang_up(self, state: str = "completed") -> list[Effect]:
        """The caller, the callee or the account ended the call."""
        if not self.over:
            self.end(state)
        return self._drain()

    # What verbs call, beside what an Outlet offers.

    def next_verb(self) -> None:
        """Go on to the next verb of the document; after the last the call ends, or a leg is bridged."""
        self.doing = None
        if self._rest:
            self.doing = make(self, self._rest.pop(0))
            self.doing.begin()
        elif self.leg:
            self.bridged = True
            self._out.append(Bridged())
        else:
            self.end("completed")

    def end(self, state: str) -> None:
        self.state = state
        self.doing = self.asking = None
        self._rest = []
        self.report("completed")
        self._out.append(Ended(state))

    # Within.

    def _document(self, reply: Reply) -> Document:
        document = document_of(reply)
        self.faults.extend(document.faults)
        if self.strict and document.faults:
            raise UnreadableError(document.faults[0].code, document.faults[0].text)
        return document

    def _run(self, document: Document) -> None:
        self._rest = list(document.verbs)
        self._fell_back = False
        if self.state == "ringing" and not (self._rest and self._rest[0].name == "Reject"):
            self.state = "in-progress"
        self.next_verb()

    def _fall_back(self, fault: Fault) -> None:
        if fault not in self.faults:
            self.faults.append(fault)
        failed, self.doing = self.url, None
        if self.fallback and self.fallback[0] and not self._fell_back:
            self._fell_back = True
            self.ask(*self.fallback, {"ErrorCode": str(fault.code), "ErrorUrl": failed})
            return
        self.state = "in-progress"
        self._rest = [Verb("Say", {}, SORRY, ()), Verb("Hangup", {}, "", ())]
        self.next_verb()
