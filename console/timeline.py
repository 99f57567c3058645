"""The journal of one request as sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from callbacks import at_risk
from callbacks.agent import Agent
from callbacks.callback import CALLER, DESK
from callbacks.journal import Entry
from callbacks.moves import Move
from callbacks.phone_number import PhoneNumber, read
from callbacks.token import ADMINISTRATOR
from console.choices import called
from console.times import Times
from console.wall import said

NUMBERS = ("number", "from", "to", "caller")
CHOICES = ("result", "disposition", "kind")
MOMENTS = ("opens", "closes", "wish", "received", "again", "ring_from", "until")


@dataclass(frozen=True)
class Line:
    """One line: when, who (empty for the desk itself), what; `words` as a person wrote or heard them."""

    entry: Entry
    who: str
    what: str
    words: str

    @property
    def is_a_persons(self) -> bool:
        """Made by somebody, rather than by the mere passing of time."""
        return self.entry.by.startswith("agent:")


class _Facts(dict[str, Any]):
    """What a line does not say, because it never did or was erased, is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def lines(times: Times, entries: Iterable[Entry]) -> list[Line]:
    """Each entry as a line, in the order given."""
    entries = list(entries)
    names = _names(times, entries)
    return [_line(times, entry, names) for entry in entries]


def _line(times: Times, entry: Entry, names: Mapping[str, str]) -> Line:
    body = entry.personal.body if entry.personal else {}
    words = str(entry.facts.get("words") or body.get("text") or "")
    if entry.personal_digest and entry.personal is None:
        words = times.words.say("journal.erased")
    what = _what(times, entry, _named({**entry.facts, **body, **_why(times, entry)}, names))
    if entry.by == DESK:
        return Line(entry, "", what[:1].upper() + what[1:], words)
    return Line(entry, names.get(entry.by, entry.by), what, words)


def _why(times: Times, entry: Entry) -> dict[str, str]:
    """Why nobody can take it, as the wall says it."""
    reason = at_risk.reason_of(entry)
    return {"why": said.reason(times, reason)} if reason else {}


def _what(times: Times, entry: Entry, told: Mapping[str, Any]) -> str:
    """The move's sentence with its facts; a move without a sentence is shown by its name."""
    name = f"move.{entry.move}" + _manner(entry, told)
    if not times.words.knows(name):
        return entry.move.replace("_", " ")
    return times.words.sentences[name].format_map(_Facts(_written(times, told)))


def _manner(entry: Entry, told: Mapping[str, Any]) -> str:
    """What one move may mean in more than one way."""
    if entry.move == Move.MISSED and not told.get("again"):
        return ".last"
    if entry.move == Move.ASSIGNED and entry.by != f"agent:{entry.facts.get('agent')}":
        return ".to"
    if entry.move == Move.OFFERED and entry.by == f"agent:{entry.facts.get('agent')}":
        return ".own"
    if entry.move == Move.AT_RISK and told.get("why"):
        return ".nobody"
    if entry.move == Move.RELEASED and told.get("ring_from"):
        return ".later"
    return ".referred" if entry.move == Move.CLOSED and told.get("referral") else ""


def _named(told: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A colleague is called by name, not by what they sign in with."""
    agent = told.get("agent")
    return {**told, "agent": names.get(f"agent:{agent}", agent)} if agent else told


def _written(times: Times, told: Mapping[str, Any]) -> dict[str, str]:
    """The facts in the reader's words."""
    written = {name: str(value) for name, value in told.items() if value is not None}
    for name in CHOICES:
        if name in written and times.words.knows(f"{name}.{written[name]}"):
            written[name] = times.words.say(f"{name}.{written[name]}")
    for name in MOMENTS:
        if name in written:
            written[name] = times.moment(datetime.fromisoformat(written[name]))
    for name in NUMBERS:
        number = read(written.get(name, ""))
        if isinstance(number, PhoneNumber):
            written[name] = number.written()
    if "referral" in written:
        written["referral"] = called(times.work, written["referral"], times.words.language)
    if "seconds" in written:
        written["seconds"] = times.seconds(int(written["seconds"]))
    return written


def _names(times: Times, entries: Iterable[Entry]) -> dict[str, str]:
    """`agent:ada` -> Ada; the caller and the command line by their words."""
    signs = {entry.by.removeprefix("agent:") for entry in entries if entry.by.startswith("agent:")}
    signs |= {str(entry.facts["agent"]) for entry in entries if entry.facts.get("agent")}
    people = times.work.session.execute(select(Agent.sign_in, Agent.name).where(Agent.sign_in.in_(signs)))
    names = {f"agent:{sign_in}": name for sign_in, name in people} if signs else {}
    return names | {by: times.words.say(f"by.{by}") for by in (CALLER, ADMINISTRATOR)}
