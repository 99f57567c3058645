"""Hours and rules of the policy: weeks that open, periods that do not overlap, rules that come."""

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from dateutil.rrule import rrule, rrulestr

from callbacks.policy.form import FAULTY, Reading, Wrong, near, scalar, shown
from callbacks.policy.lines import Path
from callbacks.wall_clock import DAY, WEEKDAYS, Period

MEND = 'write times from 00:00 to 24:00, like "09:00-13:00"'
PERIOD = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", re.ASCII)
WEEK = 7 * DAY
RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(?:;[A-Z]+=[A-Z0-9,+-]+)*", re.ASCII)
RULE_MEND = 'write an RFC 5545 rule of days, like "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"'
MOST = 1000
SAME_CALENDAR = datetime(9970, 1, 1)  # noqa: DTZ001 - a rule of local dates
"""Days repeat every 400 years, and here a rule that never comes is found out by the end of the calendar."""

Week = Mapping[int, tuple[Period, ...]]


def week(value: Any, path: Path, reading: Reading) -> Any:
    """The open periods of each weekday, Monday 0; at least one, none overlapping, over midnight either."""
    if not isinstance(value, dict):
        return reading.fault(path, f'{shown(value)} is not a week; write days like mon = ["09:00-13:00"]')
    for key in value:
        if key not in WEEKDAYS:
            reading.fault((*path, key), f"unknown; {near(str(key)[:3], WEEKDAYS)}")
    days = {
        number: periods(value[name], (*path, name), reading)
        for number, name in enumerate(WEEKDAYS)
        if name in value
    }
    if FAULTY in days.values() or not reading.is_sound(path):
        return FAULTY
    if not any(days.values()):
        return reading.fault(path, 'never opens; write at least one day, like mon = ["09:00-13:00"]')
    _check_nights(days, path, reading)
    return days


def periods(value: Any, path: Path, reading: Reading) -> Any:
    """The periods of one day, in order and apart."""
    if not isinstance(value, list):
        return reading.fault(path, f'{shown(value)} is not a list of periods; write it like ["09:00-13:00"]')
    read = [(period(item, (*path, index), reading), index) for index, item in enumerate(value)]
    if any(item is FAULTY for item, _ in read):
        return FAULTY
    for (before, _), (after, index) in pairwise(sorted(read)):
        if after.opens < before.closes:
            reading.fault((*path, index), f"'{after}' overlaps '{before}'; let it begin where that ends")
    return tuple(sorted(item for item, _ in read))


@scalar
def period(value: Any) -> Period:
    """One period of a day, such as "09:00-13:00"; one that ends before it begins crosses midnight."""
    match = PERIOD.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise Wrong(f"{shown(value)} is not a period; {MEND}")
    opens, closes = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
    if int(match[2]) > 59 or int(match[4]) > 59:
        raise Wrong(f"{shown(value)} has more than 59 minutes; {MEND}")
    if closes > 24 * 60:
        raise Wrong(f"{shown(value)} ends after 24:00; {MEND}")
    if opens >= 24 * 60:
        raise Wrong(f"{shown(value)} begins after the day's end; write it on the next day, from 00:00")
    if opens == closes:
        raise Wrong(f'{shown(value)} ends as it begins; write "00:00-24:00" for a whole day')
    return Period(opens * 60, (closes if closes > opens else closes + 24 * 60) * 60)


def _check_nights(days: Week, path: Path, reading: Reading) -> None:
    """A period that crosses midnight must end before the next day's first begins."""
    spans = sorted(
        (number * DAY + each.opens, number * DAY + each.closes, number)
        for number, day in days.items()
        for each in day
    )
    first = spans[0]
    for before, after in pairwise([*spans, (first[0] + WEEK, first[1] + WEEK, first[2])]):
        if before[2] != after[2] and after[0] < before[1]:
            name, night = WEEKDAYS[after[2]], WEEKDAYS[before[2]]
            reading.fault((*path, name), f"overlaps the night of {night}; end {night} before {name} begins")


@scalar
def recurrence(value: Any) -> str:
    """An RFC 5545 rule of days that comes at all."""
    written = value.strip().upper().removeprefix("RRULE:") if isinstance(value, str) else ""
    if not RULE.fullmatch(written) or len(written) > 200:
        raise Wrong(f"{shown(value)} is not a rule; {RULE_MEND}")
    parts = dict(part.split("=", 1) for part in written.split(";"))
    if len(parts) < written.count("=") or parts.get("FREQ") not in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
        raise Wrong(f"{shown(value)} needs one FREQ of YEARLY, MONTHLY, WEEKLY or DAILY; {RULE_MEND}")
    rule = _parsed(written, value)
    if parts.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        raise Wrong(
            f'{shown(value)} has hours in it; leave them out, and write hours = ["14:00-18:00"] beside'
        )
    if any(not 1 <= int(parts.get(name, "1")) <= MOST for name in ("INTERVAL", "COUNT")):
        raise Wrong(f"{shown(value)} counts out of range; write INTERVAL and COUNT from 1 to {MOST}")
    endless = rule.replace(dtstart=SAME_CALENDAR, until=None, count=None)
    if next(iter(endless), None) is None:
        raise Wrong(f"{shown(value)} never comes; write a rule that some day meets")
    return written


def _parsed(written: str, value: object) -> rrule:
    """The rule as dateutil reads it."""
    try:
        rule = rrulestr(written, dtstart=SAME_CALENDAR)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as refusal:
        raise Wrong(f"{shown(value)} is not a rule ({str(refusal)[:60]}); {RULE_MEND}") from refusal
    if not isinstance(rule, rrule):
        raise Wrong(f"{shown(value)} is more than one rule; {RULE_MEND}")
    return rule
