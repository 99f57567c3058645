"""Days of the office in a row: today, this week, this month, this quarter, or any others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from callbacks.work import Work

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """From the first to the last, both included, by the office's clock."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        """Each, the first first."""
        return (self.first + n * DAY for n in range(len(self)))

    def __len__(self) -> int:
        return max((self.last - self.first).days + 1, 0)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def before(self) -> "Days":
        """As many days, just before these: to compare with."""
        return Days(self.first - len(self) * DAY, self.first - DAY)

    def bounds(self, work: Work) -> tuple[datetime, datetime]:
        """The first moment of these days, and the first after them."""
        start, end = (datetime.combine(day, time(), work.hours.zone) for day in (self.first, self.last + DAY))
        return start.astimezone(UTC), end.astimezone(UTC)


def office_day(work: Work, moment: datetime) -> date:
    """The date on the office's wall."""
    return moment.astimezone(work.hours.zone).date()


def _week(day: date) -> Days:
    return Days(monday := day - day.weekday() * DAY, monday + 6 * DAY)


def _month(day: date) -> Days:
    return Days(first := day.replace(day=1), first + relativedelta(months=1) - DAY)


def _quarter(day: date) -> Days:
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Days(first, first + relativedelta(months=3) - DAY)


PERIODS: dict[str, Callable[[date], Days]] = {
    "today": lambda day: Days(day, day),
    "week": _week,
    "month": _month,
    "quarter": _quarter,
}
"""By name, the days around a day; a week begins on Monday."""


def period(work: Work, name: str) -> Days:
    """`today`, `week`, `month` or `quarter`: the one that the work's moment lies in."""
    return PERIODS[name](office_day(work, work.now))
