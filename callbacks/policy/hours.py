"""Hours and rules of the policy: weeks that open, periods that do not overlap, rules that come."""

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from dateutil.rrule import rrule, rrulestr

from callbacks.policy.faults import Wrong, fault
from callbacks.policy.form import FAULTY, Reading, scalar, shown, unknown
from callbacks.policy.lines import Path
from callbacks.wall_clock import DAY, WEEKDAYS, Period

MEND = fault("times", 'write times from 00:00 to 24:00, like "09:00-13:00"')
PERIOD = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", re.ASCII)
WEEK = 7 * DAY
RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(?:;[A-Z]+=[A-Z0-9,+-]+)*", re.ASCII)
RULE_MEND = fault("rule", 'write an RFC 5545 rule of days, like "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"')
MOST = 1000
SAME_CALENDAR = datetime(9970, 1, 1)  # noqa: DTZ001 - a rule of local dates
"""Days repeat every 400 years, and here a rule that never comes is found out by the end of the calendar."""

NAMED = {
    "mon": fault("mon", "mon"), "tue": fault("tue", "tue"), "wed": fault("wed", "wed"),
    "thu": fault("thu", "thu"), "fri": fault("fri", "fri"), "sat": fault("sat", "sat"),
    "sun": fault("sun", "sun"),
}  # fmt: skip
"""The days as the file calls them."""

Week = Mapping[int, tuple[Period, ...]]


def week(value: Any, path: Path, reading: Reading) -> Any:
    """The open periods of each weekday, Monday 0; at least one, none overlapping, over midnight either."""
    if not isinstance(value, dict):
        words = '{value} is not a week; write days like mon = ["09:00-13:00"]'
        return reading.fault(path, fault("no_week", words, value=shown(value)))
    for key in value:
        if key not in WEEKDAYS:
            reading.fault((*path, key), unknown(str(key)[:3], WEEKDAYS))
    days = {
        number: periods(value[name], (*path, name), reading)
        for number, name in enumerate(WEEKDAYS)
        if name in value
    }
    if FAULTY in days.values() or not reading.is_sound(path):
        return FAULTY
    if not any(days.values()):
        words = 'never opens; write at least one day, like mon = ["09:00-13:00"]'
        return reading.fault(path, fault("never_opens", words))
    _check_nights(days, path, reading)
    return days


def periods(value: Any, path: Path, reading: Reading) -> Any:
    """The periods of one day, in order and apart."""
    if not isinstance(value, list):
        words = '{value} is not a list of periods; write it like ["09:00-13:00"]'
        return reading.fault(path, fault("no_periods", words, value=shown(value)))
    read = [(period(item, (*path, index), reading), index) for index, item in enumerate(value)]
    if any(item is FAULTY for item, _ in read):
        return FAULTY
    for (before, _), (after, index) in pairwise(sorted(read)):
        if after.opens < before.closes:
            words = "'{after}' overlaps '{before}'; let it begin where that ends"
            reading.fault((*path, index), fault("overlap", words, after=str(after), before=str(before)))
    return tuple(sorted(item for item, _ in read))


@scalar
def period(value: Any) -> Period:
    """One period of a day, such as "09:00-13:00"; one that ends before it begins crosses midnight."""
    match = PERIOD.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise Wrong("no_period", "{value} is not a period; {mend}", value=shown(value), mend=MEND)
    opens, closes = (int(match[n]) * 60 + int(match[n + 1]) for n in (1, 3))
    if int(match[2]) > 59 or int(match[4]) > 59:
        raise Wrong("minutes", "{value} has more than 59 minutes; {mend}", value=shown(value), mend=MEND)
    if closes > 24 * 60:
        raise Wrong("ends_late", "{value} ends after 24:00; {mend}", value=shown(value), mend=MEND)
    if opens >= 24 * 60:
        words = "{value} begins after the day's end; write it on the next day, from 00:00"
        raise Wrong("begins_late", words, value=shown(value))
    if opens == closes:
        words = '{value} ends as it begins; write "00:00-24:00" for a whole day'
        raise Wrong("no_length", words, value=shown(value))
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
            words = "overlaps the night of {night}; end {night} before {day} begins"
            reading.fault((*path, name), fault("night", words, night=NAMED[night], day=NAMED[name]))


@scalar
def recurrence(value: Any) -> str:
    """An RFC 5545 rule of days that comes at all."""
    written = value.strip().upper().removeprefix("RRULE:") if isinstance(value, str) else ""
    if not RULE.fullmatch(written) or len(written) > 200:
        raise Wrong("no_rule", "{value} is not a rule; {mend}", value=shown(value), mend=RULE_MEND)
    parts = dict(part.split("=", 1) for part in written.split(";"))
    if len(parts) < written.count("=") or parts.get("FREQ") not in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
        words = "{value} needs one FREQ of YEARLY, MONTHLY, WEEKLY or DAILY; {mend}"
        raise Wrong("no_frequency", words, value=shown(value), mend=RULE_MEND)
    rule = _parsed(written, value)
    if parts.keys() & {"BYHOUR", "BYMINUTE", "BYSECOND"}:
        words = '{value} has hours in it; leave them out, and write hours = ["14:00-18:00"] beside'
        raise Wrong("rule_hours", words, value=shown(value))
    if any(not 1 <= int(parts.get(name, "1")) <= MOST for name in ("INTERVAL", "COUNT")):
        words = "{value} counts out of range; write INTERVAL and COUNT from 1 to {most}"
        raise Wrong("rule_counts", words, value=shown(value), most=MOST)
    endless = rule.replace(dtstart=SAME_CALENDAR, until=None, count=None)
    if next(iter(endless), None) is None:
        raise Wrong(
            "never_comes", "{value} never comes; write a rule that some day meets", value=shown(value)
        )
    return written


def _parsed(written: str, value: object) -> rrule:
    """The rule as dateutil reads it."""
    try:
        rule = rrulestr(written, dtstart=SAME_CALENDAR)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as refusal:
        words = "{value} is not a rule ({why}); {mend}"
        why = str(refusal)[:60]
        raise Wrong("unread_rule", words, value=shown(value), why=why, mend=RULE_MEND) from refusal
    if not isinstance(rule, rrule):
        raise Wrong("rules", "{value} is more than one rule; {mend}", value=shown(value), mend=RULE_MEND)
    return rule
