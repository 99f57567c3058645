"""The calendar as a supervisor describes it: a week, a country's holidays, own closures, extra openings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from callbacks.days_off import Closure, DaysOff
from callbacks.hours import NeverOpen, OfficeHours, OutOfReach
from callbacks.wall_clock import Period

__all__ = ["Closure", "Opening", "office_hours"]

_NO_EARLIER_THAN = date(2026, 1, 1)


@dataclass(frozen=True)
class Opening:
    """Other hours on one date: they replace the week's, and stand on a holiday or in a closure too."""

    name: str
    date: date
    hours: tuple[Period, ...]


def office_hours(  # noqa: PLR0917 - in the order of the policy file
    zone: ZoneInfo,
    week: Mapping[int, Sequence[Period]],
    country: str = "",
    subdivision: str = "",
    closures: Iterable[Closure] = (),
    openings: Iterable[Opening] = (),
) -> OfficeHours:
    """The office hours of a policy. A calendar that closes for good is refused (NeverOpen), and an unknown
    country (ValueError)."""
    closures = tuple(closures)
    overrides = {opening.date: opening.hours for opening in openings}
    hours = OfficeHours(zone, week, DaysOff((), country, subdivision, closures), overrides)
    begun = [_NO_EARLIER_THAN, *(closure.from_ for closure in closures if closure.rule and closure.from_)]
    try:
        hours.opening(datetime.combine(max(begun), datetime.min.time(), UTC))
    except OutOfReach as never:
        raise NeverOpen("the closures leave no day on which the office opens") from never
    return hours
