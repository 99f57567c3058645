"""Changes: every version of the policy, who made it, when, from where and why, and what it changed."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from callbacks import policy_book, policy_version
from console.hands import called
from console.room import Room
from console.setup.hand import said_by_place
from console.setup.rules.page import place_of
from console.setup.said_lines import SaidLines
from console.setup.said_values import SaidValues
from console.topics import topic_names

SHOWN = 30


@dataclass(frozen=True)
class Made:
    """A version, and the lines that differ from the one before."""

    number: int
    made_at: datetime
    by: str
    address: str
    why: str
    lines: list[str]


class History:
    """One page, newest first."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """The last of them."""
        with self.room.desk.reading() as work:
            found = policy_version.history(work.session, SHOWN + 1)
            times, words = self.room.times(work), self.room.words()
            lines = SaidLines(SaidValues(words, topic_names(work.policy, words)))
            names = {each.by: called(work, words, each.by) for each in found}
        pairs = zip(found, [*found[1:], None], strict=False)
        made = [
            Made(
                each.number, each.made_at, names[each.by], each.address, each.why,
                lines.said(policy_book.difference(before.text, each.text)) if before else [],
            )
            for each, before in pairs
        ][:SHOWN]  # fmt: skip
        fault = self.room.desk.unsound_policy
        unsound = [place_of(words, *each) for each in said_by_place(words, fault).items()] if fault else []
        return render_template("setup/rules/history.html", made=made, times=times, unsound=unsound)
