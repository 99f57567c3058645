"""The clock on the office wall: periods as people write them, and the instants they begin and end at."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

DAY = 24 * 60 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


class Period(NamedTuple):
    """Open from one reading of the wall clock until another, in seconds since midnight, the end excluded.

    A period whose end is not after its start runs into the next day and belongs to the day it starts on,
    so `closes` may be past 24:00.
    """

    opens: int
    closes: int

    @classmethod
    def of(cls, opens: str, closes: str) -> Self:
        """Period.of("09:00", "13:00"); "24:00" ends a day, and "22:00" to "06:00" crosses midnight."""
        start, end = _seconds(opens), _seconds(closes)
        if start == DAY:
            raise ValueError(f"a period cannot open at {opens}; write 00:00 on the next day")
        return cls(start, end if end > start else end + DAY)

    @classmethod
    def read(cls, text: str) -> Self:
        """Period.read("09:00-13:00")."""
        opens, dash, closes = text.partition("-")
        if not dash:
            raise ValueError(f'{text!r} is not a period; write it like "09:00-13:00"')
        return cls.of(opens.strip(), closes.strip())

    def ends(self) -> tuple[str, str]:
        """The two readings as written in tables: ("09:00", "13:00")."""
        return _written(self.opens), _written(self.closes if self.closes <= DAY else self.closes - DAY)

    def __str__(self) -> str:
        return "-".join(self.ends())


def instants(zone: ZoneInfo, day: date, periods: Iterable[Period]) -> list[tuple[datetime, datetime]]:
    """The periods of one local day as (start, end) in UTC, without what a change of clocks swallows."""
    spans = (
        (instant(zone, day, opens), instant(zone, day, closes, latest=True)) for opens, closes in periods
    )
    return [(start, end) for start, end in spans if start < end]


def instant(zone: ZoneInfo, day: date, seconds: int, *, latest: bool = False) -> datetime:
    """The UTC instant of a reading of the wall clock: the first or the latest where it is shown twice.

    A reading that the clocks skip stands for the instant at which they jump.
    """
    local = datetime.combine(day, time.min, zone) + timedelta(seconds=seconds)
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if first > second:
        return _jump(zone, second, first)
    return second if latest else first


def _jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant, to the second, at which the zone's clocks change between the two."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _seconds(text: str) -> int:
    match = _TIME.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (25, 0, 0)
    if hours * 3600 + minutes * 60 + seconds > DAY:
        raise ValueError(f"{text!r} is not a time from 00:00 to 24:00")
    return hours * 3600 + minutes * 60 + seconds


def _written(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
