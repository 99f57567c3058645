"""What a line asks of whoever drives it: sounds to play, addresses to ask, notices to send."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from exchange.sound import speaking_seconds
from exchange.twiml import Verb

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece of sound: kind is say, play, pause or beep."""

    kind: str
    text: str
    seconds: float
    language: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request whose answer says how the call goes on; a last one is asked of a caller who has gone."""

    url: str
    method: str
    fields: Fields
    last: bool = False


@dataclass(frozen=True, slots=True)
class Tell:
    """A notice: whatever the answer, the call does not wait for it."""

    kind: str
    url: str
    method: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Ring:
    """Other phones to ring, all at once or one after the other."""

    nouns: tuple[Verb, ...]
    caller_id: str
    seconds: float
    one_by_one: bool


@dataclass(frozen=True, slots=True)
class Bridged:
    """This leg may now talk with the call that dialled it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The line is dead; state is Twilio's word for how the call ended."""

    state: str


Effect = Heard | Ask | Tell | Ring | Bridged | Ended


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished recording as the carrier names it; absent where nothing could be kept."""

    sid: str
    url: str
    seconds: int
    absent: bool = False
    fields: Fields = field(default_factory=dict)


def sounds(verb: Verb) -> list[Heard]:
    """The pieces of sound in a Say, Play or Pause; endless ones end in a piece without an end."""
    if verb.name == "Pause":
        return [Heard("pause", "", verb.number("length", 1))]
    times = int(verb.number("loop", 1))
    if verb.name == "Say":
        text, language = verb.text, verb.get("language", "en-US")
        one = Heard("say", text, speaking_seconds(text), language, verb.get("voice"))
    else:
        one = Heard("play", verb.text or f"keys {verb.get('digits')}", 3.0)
    if times == 0:
        return [Heard(one.kind, one.text, math.inf, one.language, one.voice)]
    return [one] * times
