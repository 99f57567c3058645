"""People whose phones are rung, and what each does: in a script at once, in real time as people do."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exchange.sound import tone
from exchange.verbs import Gather, Record

if TYPE_CHECKING:
    from exchange.live import LiveCall
    from exchange.scripted import Call

MOST_ACTS = 50  # of one person in one call: more is a document that asks for ever
LOOK = 0.05  # seconds between two looks at a call in real time
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose phone is rung."""

    how: str = "answers"  # or busy, no-answer, failed
    after: float = 3.0  # seconds it rings before that
    keys: str = "11"  # one for each question, in order; "-" and whatever comes after them is silence
    leaves: str = ""  # hangs up: "at-once", "mid-word"; else when the talk is over
    talks: float = 60.0  # seconds of talk, or of a message
    answered_by: str = "human"  # what machine detection finds, rightly or not

    def presses(self) -> Iterator[str]:
        """A key for each question; silence for those to which there is none."""
        yield from self.keys
        while True:
            yield NOTHING


MAILBOX = Person(after=15, keys="", talks=20, answered_by="machine_end_beep")
"""Greets, presses nothing, and records what it hears."""


def act(call: "Call", person: Person, others: "Others") -> None:
    """All that this person does in a scripted call, and those who are rung by it."""
    if call.verb == "ringing" and not _takes_up(call, person):
        return
    keys = person.presses()
    for _ in range(MOST_ACTS):
        if call.line.over or call.line.bridged:
            return
        if call.ringing:
            _connect(call, others)
        elif person.leaves:
            call.hang_up()
        elif isinstance(call.line.doing, Record):
            call.record(person.talks, then="hangup")
        elif isinstance(call.line.doing, Gather):
            _ = call.press(key) if (key := next(keys)) != NOTHING else call.silence()
        else:
            return


class Others:
    """Who is at a number: whoever a test has put there, else whom the plan draws."""

    def at(self, number: str) -> Person:
        raise NotImplementedError


def _takes_up(call: "Call", person: Person) -> bool:
    if person.how != "answers":
        call.refuse(person.how)
        return False
    call.pick_up(answered_by=person.answered_by)
    return True


def _connect(call: "Call", others: Others) -> None:
    """The first of those who are dialled does what they do; a talk ends when they hang up."""
    assert call.ringing  # noqa: S101 - asked before
    noun = call.ringing.nouns[0]
    person = others.at(noun.text)
    if person.how != "answers":
        call.dial_result(person.how)
        return
    leg = call.answer(answered_by=person.answered_by if noun.get("machineDetection") else "")
    act(leg, person, others)
    if leg.line.bridged and not leg.line.over:
        call.talk(person.talks)
        leg.hang_up()


def act_live(call: "LiveCall", person: Person) -> None:
    """The same in real time, in a thread of its own; those who are dialled act for themselves."""
    time.sleep(person.after)
    if person.how != "answers":
        call.refuse(person.how)
        return
    call.pick_up(answered_by=person.answered_by)
    keys, known = person.presses(), None
    while not call.line.over:
        doing, sounding = call.line.doing, call.line.sounding
        if person.leaves == "at-once" or (person.leaves and sounding):
            call.hang_up()
        elif isinstance(doing, Record) and doing is not known:
            time.sleep(person.talks)
            call.recorded(tone(person.talks), "hangup")
        elif call.line.bridged:
            time.sleep(person.talks)
            call.hang_up()
        elif isinstance(doing, Gather) and doing is not known and not sounding:
            call.press(key if (key := next(keys)) != NOTHING else "")
        known = doing if not sounding else known
        time.sleep(LOOK)
