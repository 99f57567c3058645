"""What each verb does while a line is at it, with the carrier's rule it follows."""

import math
from typing import TYPE_CHECKING

from exchange.effects import Fields, Heard, Recorded, Ring, sounds
from exchange.twiml import Verb

if TYPE_CHECKING:
    from exchange.line import Line


class Doing:
    """A verb being carried out; each act does nothing unless the verb listens for it."""

    wait: float = math.inf
    sounding = False  # whether a wait is the length of a sound

    def __init__(self, line: "Line", verb: Verb) -> None:
        self.line, self.verb = line, verb
        self.name = verb.name.lower()

    def begin(self) -> None:
        self.line.next_verb()

    def key(self, key: str) -> None:
        """A key that nothing listens for is lost, as on the real line."""

    def spoken(self, text: str, confidence: float | None) -> None:
        """Speech that nothing listens for is lost."""

    def elapsed(self) -> None:
        """Nothing comes of waiting."""

    def recorded(self, recording: Recorded, ended_by: str) -> None:
        """Only Record listens for this."""

    def dialled(self, outcome: Fields, *, caller_gone: bool) -> None:
        """Only Dial listens for this."""


class Sounding(Doing):
    """Say, Play and Pause: one piece after another, then the next verb."""

    sounding = True

    def begin(self) -> None:
        self.pieces = sounds(self.verb)
        self.elapsed()

    def elapsed(self) -> None:
        if not self.pieces:
            self.line.next_verb()
            return
        piece = self.pieces.pop(0)
        self.wait = piece.seconds
        self.line.hear(piece)


class Gather(Doing):
    """Asks for keys or speech: the wait starts after the prompts, and digits typed before they end count."""

    def begin(self) -> None:
        verb = self.verb
        self.pieces = [piece for child in verb.nested for piece in sounds(child)]
        self.digits = ""
        self.hears = verb.get("input", "dtmf").split()
        self.most = int(verb.number("numDigits", math.inf)) if "numDigits" in verb.attributes else math.inf
        self.finish = set(verb.get("finishOnKey", "#"))
        self.sounding = True
        self.elapsed()

    def elapsed(self) -> None:
        if self.pieces:
            piece = self.pieces.pop(0)
            self.wait = piece.seconds
            self.line.hear(piece)
        elif self.sounding:
            self._listen()
        else:
            self._finish("")

    def _listen(self) -> None:
        self.sounding, self.pieces = False, []
        self.wait = self.verb.number("timeout", 5)

    def key(self, key: str) -> None:
        if "dtmf" not in self.hears:
            return
        if self.verb.get("bargeIn") != "false" or not self.sounding:
            self._listen()
        if key in self.finish:
            self._finish(key)
            return
        self.digits += key
        if len(self.digits) >= self.most:
            self._finish("")

    def spoken(self, text: str, confidence: float | None) -> None:
        if "speech" not in self.hears or not text:
            return
        said = {"SpeechResult": text, "Language": self.verb.get("language", "en-US")}
        if confidence is not None:
            said["Confidence"] = f"{confidence:g}"
        self._act(said)

    def _finish(self, key: str) -> None:
        # Nothing typed falls through to the next verb, unless the document asks to be told of that too.
        if self.digits or self.verb.get("actionOnEmptyResult") == "true":
            self._act({"Digits": self.digits, "FinishedOnKey": key, "msg": "Gather End"})
        else:
            self.line.next_verb()

    def _act(self, fields: Fields) -> None:
        self.line.ask(self.verb.get("action"), self.verb.get("method"), fields)


class Record(Doing):
    """Beeps and records; nothing after it ever runs, whatever ends the recording."""

    def begin(self) -> None:
        if self.verb.get("playBeep", "true") == "true":
            self.line.hear(Heard("beep", "", 0.5))
        self.longest = self.verb.number("maxLength", 3600)
        self.keys = set(self.verb.get("finishOnKey", "1234567890*#"))

    def recorded(self, recording: Recorded, ended_by: str) -> None:
        fields = _recording_fields(recording)
        _tell_recording(self.line, self.verb, recording)
        if ended_by != "hangup":
            self.line.ask(self.verb.get("action"), self.verb.get("method"), fields | {"Digits": ended_by})
            return
        self.line.state, self.line.doing = "completed", None
        if not recording.absent:
            more = fields | {"Digits": "hangup"}
            self.line.ask(self.verb.get("action"), self.verb.get("method"), more, last=True)
        self.line.end("completed")


class Dial(Doing):
    """Rings others; with an action the call goes on there, without one at the next verb."""

    def begin(self) -> None:
        verb = self.verb
        nouns = verb.nested or (Verb("Number", {}, verb.text, ()),)
        caller_id = verb.get("callerId") or self.line.facts.get("From", "")
        one_by_one = verb.get("sequential") == "true"
        self.line.put(Ring(nouns, caller_id, verb.number("timeout", 30), one_by_one))

    def dialled(self, outcome: Fields, *, caller_gone: bool) -> None:
        action, method = self.verb.get("action"), self.verb.get("method")
        if caller_gone:
            self.line.state, self.line.doing = "completed", None
            if action:
                self.line.ask(action, method, outcome, last=True)
            self.line.end("completed")
        elif action:
            self.line.ask(action, method, outcome)
        else:
            self.line.next_verb()

    def tell_recording(self, recording: Recorded) -> None:
        _tell_recording(self.line, self.verb, recording)


class Redirect(Doing):
    """Goes on with the document at another address."""

    def begin(self) -> None:
        self.line.ask(self.verb.text, self.verb.get("method"), {})


class Hangup(Doing):
    """Ends the call."""

    def begin(self) -> None:
        self.line.doing = None
        self.line.end("completed")


class Reject(Doing):
    """Refuses a call that still rings, free of charge; one that was answered simply ends."""

    def begin(self) -> None:
        self.line.doing = None
        refused = "busy" if self.verb.get("reason") == "busy" else "no-answer"
        self.line.end(refused if self.line.state == "ringing" else "completed")


def _recording_fields(recording: Recorded) -> dict[str, str]:
    fields = {"RecordingSid": recording.sid, "RecordingDuration": str(recording.seconds)}
    return fields if recording.absent else fields | {"RecordingUrl": recording.url}


def _tell_recording(line: "Line", verb: Verb, recording: Recorded) -> None:
    address = verb.get("recordingStatusCallback")
    state = "absent" if recording.absent else "completed"
    if not address or state not in verb.get("recordingStatusCallbackEvent", "completed").split():
        return
    # The carrier's notice of a recording names the call, but neither From nor To.
    told = {name: line.facts[name] for name in ("AccountSid", "CallSid") if name in line.facts}
    fields = told | _recording_fields(recording) | {"RecordingStatus": state} | dict(recording.fields)
    line.tell("recording", address, verb.get("recordingStatusCallbackMethod"), fields, bare=True)


KINDS: dict[str, type[Doing]] = {
    "Say": Sounding, "Play": Sounding, "Pause": Sounding, "Gather": Gather, "Record": Record, "Dial": Dial,
    "Redirect": Redirect, "Hangup": Hangup, "Reject": Reject,
}  # fmt: skip


def make(line: "Line", verb: Verb) -> Doing:
    """A verb ready to begin; one that nobody knows is passed over (reading the document named it)."""
    return KINDS.get(verb.name, Doing)(line, verb)
