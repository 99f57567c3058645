"""Half-days: the mornings and afternoons on which the office is open."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from callbacks.hours import OfficeHours

NOON = time(12)
SPLIT = time(13)
"""A shift without a lunch break is cut here, so that an afternoon can be asked for."""


def half_days(hours: OfficeHours, after: datetime, count: int) -> list[datetime]:
    """The moments at which the next half-days begin, all of them later than `after`."""
    return list(islice((begin for begin in _begins(hours, after) if begin > after), count))


def begin_of(hours: OfficeHours, day: date, *, afternoon: bool) -> datetime | None:
    """When the office's morning or afternoon of a date begins; None where it is closed."""
    return next(
        (begin for begin, late in _of_day(hours, day) if late is afternoon),
        None,
    )


def _begins(hours: OfficeHours, after: datetime) -> Iterator[datetime]:
    moment = after
    while True:
        day = hours.opening(moment).astimezone(hours.zone).date()
        yield from (begin for begin, _ in _of_day(hours, day))
        moment = _midnight(day + timedelta(days=1), hours.zone)


def _of_day(hours: OfficeHours, day: date) -> list[tuple[datetime, bool]]:
    """(begin, whether it is an afternoon) of a date's halves, at most two."""
    start, split = _midnight(day, hours.zone), datetime.combine(day, SPLIT, hours.zone)
    halves: list[tuple[datetime, bool]] = []
    for begin in (hours.opening(start), hours.opening(split)):
        local = begin.astimezone(hours.zone)
        late = local.time() >= NOON
        if local.date() == day and late not in [known for _, known in halves]:
            halves.append((begin, late))
    return halves


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)
