"""Who was first, where two people change one thing: told in one sentence."""

from sqlalchemy import select

from callbacks import journal
from callbacks.agent import by_sign_in
from callbacks.journal import Entry
from callbacks.work import Work
from console.room import Room

LOOKS_BACK = 200
"""Lines of the desk's own journal: whoever was first was so just now."""


def who_was_first(room: Room, work: Work, what: str, fact: str = "company") -> str:
    """Names the person and the moment of the last change, where the journal still has it near."""
    words, times = room.words(), room.times(work)
    near = select(Entry).where(Entry.subject == journal.DESK).order_by(Entry.seq.desc()).limit(LOOKS_BACK)
    for entry in work.session.scalars(near):
        renamed = entry.facts.get("changed", {})
        about = [entry.facts.get(fact), *(renamed.get(fact, []) if isinstance(renamed, dict) else [])]
        if what in about:
            sign_in = entry.by.removeprefix("agent:")
            person = by_sign_in(work.session, sign_in)
            who = person.name if person else sign_in
            return words.say("setup.overtaken_by", who=who, moment=times.soon(entry.at))
    return words.say("setup.overtaken")
