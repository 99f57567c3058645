"""The promise: its targets, and what they promise now and late in the day, counted before your eyes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from callbacks.explanation import explain_promise
from callbacks.hand_over import days_closing
from callbacks.hours import OutOfReach
from callbacks.policy.tables import PromiseLines
from callbacks.promise import Promise
from callbacks.wording import Words
from console.room import Room
from console.setup.rules.fields import Field, lines_of
from console.setup.rules.hours import what_would_change
from console.setup.rules.page import Sheet, Subject


@dataclass(frozen=True)
class Example:
    """What somebody whose message reaches us at this moment is promised, and how that was counted."""

    received: str
    window: str
    explained: Sequence[str]


class PromiseRules(Subject):
    """What callers are promised."""

    name, template, looks = "rules_promise", "setup/rules/promise.html", True

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """Every target."""
        del values
        return list(lines_of(PromiseLines, "promise"))

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """Worked examples under the policy that is shown."""
        return {"examples_now": list(_examples(room, sheet))} | what_would_change(room, sheet)


def _examples(room: Room, sheet: Sheet) -> Iterator[Example]:
    hours, targets = sheet.policy.office_hours, sheet.policy.targets
    language = room.words().language
    words, times = Words.of(language), room.times(sheet.work)
    for received in _moments(sheet):
        try:
            promise = Promise.given(received, hours, targets)
            explained = explain_promise(promise, hours, targets).say(language)
        except OutOfReach:
            continue
        window = words.window(promise.opens, promise.closes, received, hours.zone, hours)
        yield Example(times.soon(received), window, explained)


def _moments(sheet: Sheet) -> list[datetime]:
    """Now; and half an hour before the day closes, when the window falls on the next."""
    now, hours = sheet.work.now, sheet.policy.office_hours
    try:
        closes = days_closing(hours, now)
    except OutOfReach:
        return [now]
    return [now, closes - timedelta(minutes=30)]
