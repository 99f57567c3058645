"""An agent's shifts and days off, as an administrator writes them: `mon-fri 09:00-13:00`, `2026-12-24`."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from callbacks.errors import Refused, Sentence
from callbacks.hours import OfficeHours
from callbacks.wall_clock import WEEKDAYS

Week = dict[str, list[list[str]]]

PERIOD = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})", re.ASCII)
MEND = "write it like mon-fri 09:00-13:00 14:00-18:00"


def read_shifts(written: Sequence[str]) -> Week:
    """A week as `OfficeHours.from_table` reads it, the days in their order; several lines add up."""
    week: Week = {}
    for line in written:
        days, *periods = line.strip().lower().split() or [""]
        if not periods:
            raise Refused(f"{line!r} is no shift: {MEND}")
        for day in _days(days, line):
            week.setdefault(day, []).extend(_period(period, line) for period in periods)
    return {day: _in_order(day, week[day]) for day in WEEKDAYS if day in week}


def read_days(written: Sequence[str]) -> list[str]:
    """Dates of the office, each once and in order."""
    found = set()
    for text in written:
        try:
            found.add(date.fromisoformat(text.strip()).isoformat())
        except ValueError:
            words = "{text!r} is no date: write it like 2026-12-24"
            raise Refused(Sentence("no_day_off", words, {"text": text[:40]})) from None
    return sorted(found)


def _days(text: str, line: str) -> list[str]:
    """`mon-fri`, `sat`, `mon,wed`; a range may run over the weekend."""
    found: list[str] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise Refused(f"{line!r} is no shift: weekdays are {', '.join(WEEKDAYS)}; {MEND}")
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % 7 + 1
        found += [WEEKDAYS[(start + step) % 7] for step in range(length)]
    return found


def _period(text: str, line: str) -> list[str]:
    ends = PERIOD.fullmatch(text)
    try:
        pair = list(ends.groups()) if ends else [text, ""]
        OfficeHours.from_table(tz="UTC", hours={"mon": [pair]})
    except ValueError:
        raise Refused(f"{line!r} is no shift: {text!r} is no time of a day; {MEND}") from None
    return pair


def _in_order(day: str, periods: list[list[str]]) -> list[list[str]]:
    """The earliest first; two that overlap are a slip of the pen. One that ends first runs past midnight."""
    periods = sorted(periods)
    for one, following in pairwise(periods):
        if following[0] < one[1] or one[1] <= one[0]:
            words = "the shifts {one} and {other} of {day} overlap: write each hour once"
            pair = {"one": "-".join(one), "other": "-".join(following), "day": day}
            raise Refused(Sentence("shifts_overlap", words, pair))
    return periods
