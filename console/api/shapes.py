"""The shapes of what the API answers, as JSON Schema."""

from collections.abc import Iterable
from typing import Any

from callbacks.agent import Presence
from callbacks.dial import Leg, Outcome
from callbacks.moves import Disposition, State
from callbacks.promise import LatenessState

Shape = dict[str, Any]


def _text(says: str = "", **more: Any) -> Shape:
    return {"type": "string", **({"description": says} if says else {}), **more}


def _whole(says: str = "", **more: Any) -> Shape:
    return {"type": "integer", "minimum": 0, **({"description": says} if says else {}), **more}


def _moment(says: str = "") -> Shape:
    return _text(says, format="date-time")


def _or_null(shape: Shape) -> Shape:
    """A name is referred to, and anything else may simply be null too."""
    if "$ref" in shape:
        return {"anyOf": [shape, {"type": "null"}]}
    options = {"enum": [*shape["enum"], None]} if "enum" in shape else {}
    return {**shape, "type": [shape["type"], "null"], **options}


def _words(words: Iterable[str]) -> list[str]:
    return [str(word) for word in words]


def _object(says: str, **properties: Shape) -> Shape:
    """Every property is always there."""
    return {
        "type": "object",
        "description": says,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _named(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


WINDOW = _object(
    "The window promised to the caller.",
    opens=_moment(),
    closes=_moment("Rung by then, the promise is kept."),
    explained=_text("How it came about, in the language asked for."),
)
LATENESS = _object(
    "How the promise stands at this moment.",
    state=_text(enum=_words(LatenessState)),
    working_minutes=_whole("Working time by which it is or was missed, in whole minutes."),
)
MESSAGE = _object(
    "The newest message.",
    seconds=_or_null(_whole()),
    audio=_or_null(_text("Where to hear it; null where it was lost or erased.")),
    transcript=_or_null(_text()),
)
DIAL = _object(
    "One attempt to ring.",
    started=_moment(),
    agent=_text("Whose phone it rang first."),
    leg=_text(enum=_words(Leg)),
    outcome=_or_null(_text(enum=_words(Outcome))),
    rang_at=_or_null(_moment("When it rang at the customer's.")),
    seconds=_or_null(_whole("How long we talked.")),
)
CALLBACK = _object(
    "A promise to ring somebody.",
    reference=_text("What the caller was told.", pattern="^[0-9]{6,12}$"),
    channel=_text(),
    state=_text(enum=_words(State)),
    level=_whole(),
    company=_or_null(_text()),
    topic=_or_null(_text()),
    number=_or_null(_text("To ring, as E.164.")),
    language=_text(),
    received_at=_moment("When the message reached the desk."),
    wished_for=_or_null(_moment("The time the caller asked for.")),
    window=_or_null(_named("window")),
    solve_by=_or_null(_moment()),
    lateness=_or_null(_named("lateness")),
    message=_or_null(_named("message")),
    agent=_or_null(_text("Who has it, by the name they sign in with.")),
    dials={"type": "array", "items": _named("dial")},
    first_rang_at=_or_null(_moment()),
    first_reached_at=_or_null(_moment()),
    disposition=_or_null(_text(enum=_words(Disposition))),
)
PAGE = _object(
    "Some of the callbacks found.",
    callbacks={"type": "array", "items": _named("callback")},
    next=_or_null(_text("Give this as `cursor` for the page that follows; null on the last.")),
)
LINE = _object(
    "One line of the journal.",
    seq=_whole(),
    at=_moment("When it became true."),
    written_at=_moment("When the desk wrote it."),
    move=_text(),
    by=_text("`caller`, `desk`, `agent:…` or `token:…`."),
    facts={"type": "object"},
    personal={"type": ["object", "null"], "description": "What it says of a person."},
    erased={"type": "boolean", "description": "Whether what it said of a person was erased."},
    told_at=_or_null(_moment("When somebody was told of it.")),
    previous=_text("The digest of the line before."),
    digest=_text(),
)
JOURNAL = _object(
    "All that happened to a callback.", subject=_text(), lines={"type": "array", "items": _named("line")}
)
PRESENCE = _object(
    "Whether somebody of the desk may be rung.",
    agent=_text("The name they sign in by."),
    presence=_text(enum=_words(Presence)),
    since=_or_null(_moment()),
    has_phone={"type": "boolean", "description": "Without one they are never rung."},
    on_shift={"type": "boolean"},
    on_a_dial={"type": "boolean", "description": "Whether an attempt to ring is under way with them."},
)
PROBLEM = {
    "type": "object",
    "description": "Why not (RFC 9457).",
    "properties": {
        "type": _text(),
        "title": _text(),
        "status": _whole(),
        "detail": _text("One clear sentence."),
        "errors": {"type": "array", "items": _object("", name=_text(), detail=_text())},
    },
    "required": ["type", "title", "status", "detail"],
}
SHAPES: dict[str, Shape] = {
    "callback": CALLBACK,
    "page": PAGE,
    "journal": JOURNAL,
    "line": LINE,
    "window": WINDOW,
    "lateness": LATENESS,
    "message": MESSAGE,
    "dial": DIAL,
    "presence": PRESENCE,
    "problem": PROBLEM,
}
