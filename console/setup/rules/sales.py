"""Numbers and Sales: our number, whom the desk may call, and Sales with a week of its own or the office's."""

from collections.abc import Mapping, Sequence
from typing import Any

from callbacks.policy.editing import GONE, Changes, value_at
from callbacks.policy.lines import Path
from callbacks.policy.tables import Numbers, Sales
from callbacks.wall_clock import WEEKDAYS
from console.room import Room
from console.setup.rules.fields import LIST, Field, Form, lines_of
from console.setup.rules.page import Sheet, Subject

WEEK: Path = ("sales", "hours")
DAYS = [Field((*WEEK, day), LIST, []) for day in WEEKDAYS]
LINES = [
    *lines_of(Numbers, "numbers"),
    *(each for each in lines_of(Sales, "sales") if each.path != WEEK),
]


class NumbersAndSales(Subject):
    """A week that is left empty is the office's."""

    name, template = "rules_numbers", "setup/rules/numbers.html"

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """The lines, then each day of Sales."""
        del values
        return [*LINES, *DAYS]

    def changes(self, values: Mapping[str, Any], form: Form) -> Changes:
        """The week's table comes with its first day and goes with its last."""
        found = dict(super().changes(values, form))
        days = {each.path: found.pop(each.path) for each in DAYS if each.path in found}
        if not days:
            return found
        if not any(each.typed(form) for each in DAYS):
            return found | {WEEK: GONE}
        if isinstance(value_at(values, WEEK), dict):
            return found | days
        return found | {WEEK: {str(path[-1]): value for path, value in days.items()}}

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """The lines by their tables, the days, and the office's where Sales has none of its own."""
        del room
        form = sheet.form or {}
        own = any(each.typed(form) if sheet.form else each.written(sheet.values) for each in DAYS)
        week = {} if own else sheet.policy.office.hours
        instead = {WEEKDAYS[day]: LIST.write(periods) for day, periods in week.items()}
        return {"lines": LINES, "days": WEEKDAYS, "instead": instead}
