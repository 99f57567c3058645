"""Who did something, in words: a person by their name, what is no person by its word."""

from callbacks.agent import by_sign_in
from callbacks.errors import Overtaken
from callbacks.work import Work
from console.catalogue import Catalogue
from console.room import Room

PERSON = "agent:"


def called(work: Work, words: Catalogue, by: str) -> str:
    """`agent:ada` is Ada; the file and the administrator's command line have a word of their own."""
    if words.knows(f"by.{by}"):
        return words.say(f"by.{by}")
    sign_in = by.removeprefix(PERSON)
    person = by_sign_in(work.session, sign_in)
    return person.name if person else sign_in


def who_was_first(room: Room, fault: Overtaken) -> str:
    """Whose change stands, for whoever comes second."""
    with room.desk.reading() as work:
        return called(work, room.words(), fault.by)
