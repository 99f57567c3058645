"""Hours: the office's name, clock and week; and what other hours would have promised to those who wait."""

from collections.abc import Mapping, Sequence
from typing import Any

from callbacks.wall_clock import WEEKDAYS
from callbacks.what_if import would_differ
from console.room import Room
from console.setup.rules.fields import LIST, TEXT, Field
from console.setup.rules.page import Sheet, Subject

SHOWN = 5
"""Examples of promises that would have been different."""


class Hours(Subject):
    """The week as plain text: "09:00-13:00, 14:00-18:00"."""

    name, template, looks = "rules_hours", "setup/rules/hours.html", True

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """The office, then each day."""
        del values
        office = [Field(("office", each), TEXT) for each in ("name", "email", "zone")]
        return [*office, *(Field(("office", "hours", day), LIST, []) for day in WEEKDAYS)]

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """What would change, where somebody looks before keeping it."""
        return {"days": WEEKDAYS} | what_would_change(room, sheet)


def what_would_change(room: Room, sheet: Sheet) -> dict[str, Any]:
    """How many open promises would have been different, and the first few of them."""
    if not sheet.looks:
        return {"what_if": None}
    found = would_differ(sheet.work, sheet.policy)
    times = room.times(sheet.work)
    examples = [
        {
            "callback": each.callback,
            "told": f"{times.soon(each.callback.opens)} – {times.soon(each.callback.closes)}",
            "would": f"{times.soon(each.opens)} – {times.soon(each.closes)}",
        }
        for each in found.differing[:SHOWN]
        if each.callback.opens and each.callback.closes
    ]
    return {"what_if": found, "examples": examples}
