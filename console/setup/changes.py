"""What was changed: settings, people, codes and tokens, each with who, when, from where, old and new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy import select

from callbacks import changes
from callbacks.agent import Agent
from callbacks.changes import Subject, Wanted
from callbacks.journal import Entry
from callbacks.work import Work
from console.catalogue import Catalogue
from console.page import ADMINISTRATORS, Page
from console.room import COMMAND_LINE, Room
from console.setup.said_lines import SaidLines
from console.setup.said_values import LONGEST, SaidValues
from console.topics import topic_names

SAID = ("agent", "company", "token", "name", "changed", "address", "from", "known", "way")
"""Facts that have a place of their own."""
NOBODY = "–"
AT_ONCE = "0:00:00"
"""A grace that is none."""


@dataclass(frozen=True)
class Line:
    """One change as its reader sees it: `pairs` are old and new, `rest` is what else is known."""

    entry: Entry
    who: str
    where: str
    what: str
    pairs: list[tuple[str, str, str]]
    rest: list[tuple[str, str]]
    lines: list[str]


class Changes:
    """The page."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """Newest first, as many as fit a page."""
        wanted, words = _wanted(), self.room.words()
        with self.room.desk.reading() as work:
            found, more = changes.listed(work, wanted)
            people, said = _people(work), SaidValues(words, topic_names(work.policy, words))
            return render_template(
                "setup/changes.html", wanted=wanted, people=people, subjects=list(Subject),
                times=self.room.times(work), older=found[-1].seq if more else 0,
                lines=[_line(said, entry, people) for entry in found],
            )  # fmt: skip


def pages(room: Room) -> Iterator[Page]:
    """One page, which nothing can be changed on."""
    yield Page("/setup/journal", "changes", Changes(room).show, roles=ADMINISTRATORS, section="setup")


def _wanted() -> Wanted:
    subject, before = request.args.get("subject", ""), request.args.get("before", "")
    whole = before.isascii() and before.isdecimal() and len(before) < 10
    return Wanted(
        subject=Subject(subject) if subject in list(Subject) else None,
        person=request.args.get("person", "").replace("\x00", "")[:120],
        before=int(before) if whole else 0,
    )


def _people(work: Work) -> dict[str, str]:
    """Everybody who is or was here, as the journal writes them, by name."""
    known = work.session.execute(select(Agent.sign_in, Agent.name).order_by(Agent.name))
    return {f"agent:{sign_in}": name for sign_in, name in known}


def _line(said: SaidValues, entry: Entry, people: Mapping[str, str]) -> Line:
    words = said.words
    body = entry.personal.body if entry.personal else {}
    told = {**body, **entry.facts}
    changed = entry.facts.get("changed")
    lines = changed if isinstance(changed, list) else []
    pairs = {**(changed if isinstance(changed, dict) else {}), **_pairs(body.get("changed"))}
    return Line(
        entry=entry,
        who=people.get(entry.by, "") or _other(words, entry.by),
        where=_where(words, entry, told),
        what=_what(words, entry.move, told, people),
        pairs=[(_field(words, name), said.said(name, pair[0]), said.said(name, pair[1]))
               for name, pair in pairs.items() if isinstance(pair, list) and len(pair) == 2],
        rest=[(_field(words, name), said.said(name, value)) for name, value in told.items()
              if name not in SAID and value not in ("", None, AT_ONCE) and not _is_deep(value)],
        lines=[each[:LONGEST] for each in SaidLines(said).said(map(str, lines))],
    )  # fmt: skip


def _is_deep(value: Any) -> bool:
    """Whether it is what a message of its own tells in full, as of a week or of a day handed over."""
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(each, list) for each in value)
    )


def _pairs(changed: Any) -> dict[str, Any]:
    return changed if isinstance(changed, dict) else {}


def _other(words: Catalogue, by: str) -> str:
    """Who is no person of the desk: the administrator's command line, the desk itself, a program."""
    return words.say(f"by.{by}") if words.knows(f"by.{by}") else by


def _where(words: Catalogue, entry: Entry, told: Mapping[str, Any]) -> str:
    if entry.personal_digest and entry.personal is None:
        return words.say("changes.erased")
    where = str(told.get("address") or told.get("from") or "")
    return words.say("changes.command_line") if where == COMMAND_LINE else where


def _what(words: Catalogue, move: str, told: Mapping[str, Any], people: Mapping[str, str]) -> str:
    """A sentence of what was done to whom; a move without one is told by its name."""
    named = str(told.get("agent") or "")
    whom = (
        people.get(f"agent:{named}") or named or told.get("company") or told.get("token") or told.get("name")
    )
    sentence = f"change.{move}"
    if words.knows(sentence):
        return words.say(sentence, whom=whom or NOBODY)
    return f"{move.replace('_', ' ')}{f': {whom}' if whom else ''}"


def _field(words: Catalogue, name: str) -> str:
    known = f"fact.{name.rstrip('0123456789')}"  # a way of one's own has its number behind it
    return words.say(known) if words.knows(known) else name.replace("_", " ")
