"""Office hours as plain values: read from a table, written to one, and a fingerprint of what it says."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import version as installed
from typing import Any
from zoneinfo import ZoneInfo

from callbacks.days_off import Closure, DaysOff
from callbacks.wall_clock import WEEKDAYS, Period

Pairs = Iterable[Sequence[str]]


def read(
    *,
    tz: str,
    hours: Mapping[str, Pairs],
    holidays: Iterable[str] | Mapping[str, str] = (),
    breaks: Mapping[str, Pairs] | None = None,
    overrides: Mapping[str, Pairs] | None = None,
    country: str = "",
    subdivision: str = "",
    closures: Iterable[Mapping[str, Any]] = (),
    edition: str = "",  # noqa: ARG001 - which public holidays were known when it was written: for people
) -> dict[str, Any]:
    """What OfficeHours is made of."""
    unknown = set(hours) - set(WEEKDAYS)
    if unknown:
        raise ValueError(f"no weekday is called {min(unknown)}; write {', '.join(WEEKDAYS)}")
    return {
        "zone": ZoneInfo(tz),
        "week": {WEEKDAYS.index(day): _periods(pairs) for day, pairs in hours.items()},
        "holidays": DaysOff(_dates(holidays), country, subdivision, tuple(_closure(row) for row in closures)),
        "overrides": {date.fromisoformat(day): _periods(pairs) for day, pairs in (overrides or {}).items()},
        "breaks": {date.fromisoformat(day): _periods(pairs) for day, pairs in (breaks or {}).items()},
    }


def write(
    zone: ZoneInfo,
    week: Mapping[int, Sequence[Period]],
    days_off: DaysOff,
    overrides: Mapping[date, Sequence[Period]],
    breaks: Mapping[date, Sequence[Period]],
) -> dict[str, Any]:
    """The table of `read`, in one order whatever the order of its parts; what is absent is left out."""
    table = {
        "tz": zone.key,
        "hours": {WEEKDAYS[day]: _pairs(periods) for day, periods in sorted(week.items()) if periods},
        "holidays": _days(days_off),
        "breaks": {day.isoformat(): _pairs(periods) for day, periods in sorted(breaks.items())},
        "overrides": {day.isoformat(): _pairs(periods) for day, periods in sorted(overrides.items())},
        "closures": [_row(closure) for closure in days_off.closures],
    }
    if days_off.country:
        table |= {
            "country": days_off.country,
            "subdivision": days_off.subdivision,
            "edition": _edition(),
        }
    return table


@cache
def _edition() -> str:
    """Which public holidays are known here."""
    return installed("holidays")


def version(table: Mapping[str, Any]) -> str:
    """Twelve characters that change when the table does."""
    written = json.dumps(table, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def _periods(pairs: Pairs) -> tuple[Period, ...]:
    return tuple(Period.of(opens, closes) for opens, closes in pairs)


def _pairs(periods: Iterable[Period]) -> list[list[str]]:
    return [list(period.ends()) for period in periods]


def _dates(holidays: Iterable[str] | Mapping[str, str]) -> frozenset[date] | dict[date, str]:
    if isinstance(holidays, Mapping):
        return {date.fromisoformat(day): name for day, name in holidays.items()}
    return frozenset(date.fromisoformat(day) for day in holidays)


def _days(days_off: DaysOff) -> list[str] | dict[str, str]:
    days = days_off.dates
    if isinstance(days, Mapping):
        return {day.isoformat(): days[day] for day in sorted(days)}
    return sorted(day.isoformat() for day in days)


def _closure(row: Mapping[str, Any]) -> Closure:
    first, last = (date.fromisoformat(row[end]) if row.get(end) else None for end in ("from", "until"))
    return Closure(row["name"], first, last, row.get("rule", ""), _periods(row.get("hours", ())))


def _row(closure: Closure) -> dict[str, Any]:
    row = {
        "name": closure.name,
        "from": closure.from_ and closure.from_.isoformat(),
        "until": closure.until and closure.until.isoformat(),
        "rule": closure.rule,
        "hours": _pairs(closure.hours),
    }
    return {key: value for key, value in row.items() if value}
