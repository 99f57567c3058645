"""What was changed at the desk, by whom, from where, from what to what: read from the desk's own journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select

from callbacks.journal import DESK, Entry
from callbacks.work import Work

AT_ONCE = 50


class Subject(StrEnum):
    """What a change may be about."""

    PEOPLE = "people"
    SUBSCRIPTIONS = "subscriptions"
    SETTINGS = "settings"
    TOKENS = "tokens"
    SIGN_INS = "sign_ins"
    ALL = "all"


ABOUT: dict[Subject, tuple[str, ...]] = {
    Subject.PEOPLE: ("agent",),
    Subject.SUBSCRIPTIONS: ("subscription", "code"),
    Subject.TOKENS: ("token", "display"),
    Subject.SIGN_INS: ("sign",),
}
"""How the moves of each begin; what begins otherwise is a setting."""

COMES_AND_GOES = (
    "presence",
    "set_away",
    "hand_over",
    "text_came",
    "calls_erased",
    "carrier_keeps",
    "guessing",
)
"""Lines of the desk that change nothing that somebody set."""


@dataclass(frozen=True)
class Wanted:
    """Which lines: about what, of whom (`agent:ada`, or all), older than which."""

    subject: Subject | None = None
    person: str = ""
    before: int = 0


def listed(work: Work, wanted: Wanted) -> tuple[Sequence[Entry], bool]:
    """The newest first, and whether there are older ones. Without a subject: all but who came and went."""
    lines = select(Entry).where(Entry.subject == DESK, *_about(wanted.subject))
    if wanted.person:
        lines = lines.where(_of(wanted.person))
    if wanted.before:
        lines = lines.where(Entry.seq < wanted.before)
    found = list(work.session.scalars(lines.order_by(Entry.seq.desc()).limit(AT_ONCE + 1)))
    return found[:AT_ONCE], len(found) > AT_ONCE


def _about(subject: Subject | None) -> list[ColumnElement[bool]]:
    if subject is Subject.ALL:
        return []
    if subject in ABOUT:
        return [_begins(ABOUT[subject])]
    others = {Subject.SIGN_INS} if subject is None else ABOUT.keys()
    named = [name for each in others for name in ABOUT[each]]
    return [Entry.move.not_in(COMES_AND_GOES), ~_begins(named)]


def _begins(names: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(Entry.move.startswith(name, autoescape=True) for name in names))


def _of(person: str) -> ColumnElement[bool]:
    """Done by this person, or to them."""
    done = Entry.by == person
    name = person.removeprefix("agent:")
    return or_(done, Entry.facts["agent"].as_string() == name) if name != person else done
