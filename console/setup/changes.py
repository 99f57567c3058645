"""What was changed: settings, people, codes and tokens, each with who, when, from where, old and new."""

import json
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

SAID = ("agent", "company", "token", "name", "changed", "address", "from", "known", "way")
"""Facts that have a place of their own."""
LONGEST = 200
"""Characters of a value; the journal itself keeps all of it."""
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
            people = _people(work)
            return render_template(
                "setup/changes.html", wanted=wanted, people=people, subjects=list(Subject),
                times=self.room.times(work), older=found[-1].seq if more else 0,
                lines=[_line(words, entry, people) for entry in found],
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


def _line(words: Catalogue, entry: Entry, people: Mapping[str, str]) -> Line:
    body = entry.personal.body if entry.personal else {}
    told = {**body, **entry.facts}
    changed = entry.facts.get("changed")
    pairs = {**(changed if isinstance(changed, dict) else {}), **_pairs(body.get("changed"))}
    return Line(
        entry=entry,
        who=people.get(entry.by, "") or _other(words, entry.by),
        where=_where(words, entry, told),
        what=_what(words, entry.move, told, people),
        pairs=[(_field(words, name), _written(pair[0]), _written(pair[1]))
               for name, pair in pairs.items() if isinstance(pair, list) and len(pair) == 2],
        rest=[(_field(words, name), _written(value)) for name, value in told.items()
              if name not in SAID and value not in ("", None, AT_ONCE)],
        lines=[str(each)[:LONGEST] for each in changed] if isinstance(changed, list) else [],
    )  # fmt: skip


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
    return words.say(f"fact.{name}") if words.knows(f"fact.{name}") else name.replace("_", " ")


def _written(value: Any) -> str:
    """As a person reads it; nothing is a dash."""
    if _is_week(value):
        text = _week(value)
    elif isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        text = ", ".join(map(str, value))
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if value is None or value in ("", [], {}):
        return NOBODY
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _is_week(value: Any) -> bool:
    """Whether these are somebody's shifts, day by day."""
    periods = [each for day in value.values() for each in day] if isinstance(value, dict) and all(
        isinstance(day, list) for day in value.values()
    ) else []  # fmt: skip
    return bool(periods) and all(isinstance(each, list) and len(each) == 2 for each in periods)


def _week(value: Mapping[str, list[list[str]]]) -> str:
    """`mon tue wed 09:00–13:00; thu 09:00–12:00`."""
    days: dict[str, list[str]] = {}
    for day, periods in value.items():
        days.setdefault(" ".join(f"{begins}–{ends}" for begins, ends in periods), []).append(day)
    return "; ".join(f"{' '.join(names)} {periods}" for periods, names in days.items())
