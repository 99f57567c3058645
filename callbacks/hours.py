"""Working time: when the office is open, and arithmetic that skips the rest."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from threading import Lock
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from callbacks import hours_table
from callbacks.days_off import FIRST_YEAR, LAST_YEAR, Closure, DayOff, DaysOff
from callbacks.stretches import ZERO, Stretch, Stretches, apart, joined, without
from callbacks.wall_clock import Period, instants

__all__ = ["DayOff", "DaysOff", "NeverOpen", "OfficeHours", "OutOfReach", "Period", "Stretch"]

_INSTANT = timedelta.resolution
_REACH = f"calendars reach from {FIRST_YEAR} to {LAST_YEAR}"
_LONGEST = timedelta(days=366) * (LAST_YEAR - FIRST_YEAR)


class NeverOpen(ValueError):  # noqa: N818 - the state of a week, as policy says it
    """A week without one open period: nothing could ever be promised in it."""


class OutOfReach(ValueError):  # noqa: N818
    """The answer lies outside the years that a calendar knows, or the office is closed for good."""


class OfficeHours:
    """The open periods of an office, in its zone.

    Moments go in aware, of any zone, and come out aware in UTC; amounts are elapsed working time.
    An override replaces the hours of its date, on a holiday too; breaks are cut out of whatever is open.
    The calendar is spread out once, widened when a moment outside is asked about, and safe to share
    between threads: a widened one takes the place of the old in one step.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        week: Mapping[int, Sequence[Period]],
        holidays: Collection[date] | DaysOff = (),
        overrides: Mapping[date, Sequence[Period]] | None = None,
        breaks: Mapping[date, Sequence[Period]] | None = None,
    ) -> None:
        if not any(week.values()):
            raise NeverOpen("the week has no open period: write at least one, like mon 09:00-13:00")
        self.zone = zone
        self.week = {day: tuple(week[day]) for day in sorted(week)}
        self.days_off = holidays if isinstance(holidays, DaysOff) else DaysOff(holidays)
        self.overrides = {day: tuple(periods) for day, periods in (overrides or {}).items()}
        self.breaks = {day: tuple(periods) for day, periods in (breaks or {}).items()}
        self.version = hours_table.version(self.table())
        self._stretches = Stretches.of(range(0), ())
        self._lock = Lock()

    @classmethod
    def from_table(cls, *, tz: str, hours: Mapping[str, Any], **rest: Any) -> Self:
        """From plain values, as `table` gives them: tz, hours, holidays, breaks, overrides and, where the
        office follows a country, country, subdivision and closures."""
        return cls(**hours_table.read(tz=tz, hours=hours, **rest))

    def table(self) -> dict[str, Any]:
        """The calendar as plain values for JSON, to be kept beside the promises it made."""
        return hours_table.write(self.zone, self.week, self.days_off, self.overrides, self.breaks)

    # Arithmetic

    def add(self, moment: datetime, amount: timedelta) -> datetime:
        """The nearest moment by which so much working time has passed; a negative amount goes back."""
        moment = _utc(moment)
        if not amount:
            return moment
        if abs(amount) > _LONGEST:
            raise OutOfReach(f"{amount} is more than calendars hold: {_REACH}")
        stretches = self._around(moment)
        while not ZERO <= (worked := stretches.worked(moment) + amount) <= stretches.totals[-1]:
            stretches = self._widened(stretches, moment.year)
        return stretches.earliest(worked) if amount > ZERO else stretches.latest(worked)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to another; negative where the other is earlier."""
        start, end = _utc(start), _utc(end)
        self._around(start)
        stretches = self._around(end)  # which still holds the start: a calendar only ever widens
        return stretches.worked(end) - stretches.worked(start)

    def add_many(self, moments: Iterable[datetime], amount: timedelta) -> list[datetime]:
        """`add` for many rows."""
        return [self.add(moment, amount) for moment in moments]

    def between_many(self, pairs: Iterable[tuple[datetime, datetime]]) -> list[timedelta]:
        """`between` for many rows."""
        return [self.between(start, end) for start, end in pairs]

    # Open and closed

    def is_open(self, moment: datetime) -> bool:
        """The opening moment counts, the closing moment does not."""
        moment = _utc(moment)  # a moment of the hour that comes twice equals none of another zone
        return self.opening(moment) == moment

    def opening(self, moment: datetime) -> datetime:
        """The first working moment at or after the given one."""
        return next(self._after(_utc(moment))).start

    def closing(self, moment: datetime) -> datetime:
        """The first closing strictly after the given moment; an office that never closes has none."""
        return next(self.periods(moment)).end

    def periods(self, moment: datetime, direction: Literal["after", "before"] = "after") -> Iterator[Stretch]:
        """The open periods after a moment in order, or before it the nearest first, cut at the moment.

        Periods that touch, as over midnight, come as one; an office always open comes in pieces of a year.
        """
        moment = _utc(moment)
        return joined(self._after(moment) if direction == "after" else self._before(moment))

    # Days

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """The periods that begin on a local date, before breaks and closures of hours are cut out."""
        if day in self.overrides:
            return self.overrides[day]
        return () if day in self.days_off else self.week.get(day.weekday(), ())

    def breaks_on(self, day: date) -> tuple[Period, ...]:
        """What is cut out of a local date: its own breaks, and the closures of hours."""
        closed = (closure.hours for closure in self.closures_on(day))
        return self.breaks.get(day, ()) + tuple(chain.from_iterable(closed))

    def closures_on(self, day: date) -> tuple[Closure, ...]:
        """The closures that take hours out of a local date: none where an override has the last word."""
        return () if day in self.overrides else self.days_off.part_of(day)

    def day_off(self, day: date) -> DayOff | None:
        """The holiday or closure that keeps a local date closed."""
        return None if day in self.overrides else self.days_off.on(day)

    def holiday_name(self, day: date, language: str = "") -> str:
        """The name of the holiday or closure of a local date, in a language where it is known; else empty."""
        off = self.day_off(day)
        return off.say(language) if off else ""

    # The calendar, spread out

    def _after(self, moment: datetime) -> Iterator[Stretch]:
        while True:
            for stretch in self._around(moment).from_(moment):
                yield stretch
                moment = stretch.end

    def _before(self, moment: datetime) -> Iterator[Stretch]:
        while True:
            for stretch in self._around(moment - _INSTANT).until(moment):
                yield stretch
                moment = stretch.start

    def _around(self, moment: datetime) -> Stretches:
        stretches = self._stretches
        while not stretches.first <= moment <= stretches.last:
            stretches = self._widened(stretches, moment.year)
        return stretches

    def _widened(self, known: Stretches, year: int) -> Stretches:
        with self._lock:
            if self._stretches is known:  # or another thread has widened it meanwhile
                self._stretches = self._spread(_wider(known.years, year))
            return self._stretches

    def _spread(self, years: range) -> Stretches:
        """The shifts of these years, and of a day on either side; what may cut them lies a day farther."""
        first, last = date(years[0], 1, 1).toordinal() - 2, date(years[-1], 12, 31).toordinal() + 2
        days = [date.fromordinal(ordinal) for ordinal in range(first, last + 1)]
        opened = apart(span for day in days[1:-1] for span in instants(self.zone, day, self.periods_on(day)))
        closed = apart(span for day in days for span in instants(self.zone, day, self.breaks_on(day)))
        return Stretches.of(years, without(opened, list(closed)))


def _wider(known: range, year: int) -> range:
    """The known years and this one, with as many again before and after, so that widening is rare."""
    if year not in range(FIRST_YEAR, LAST_YEAR + 1):
        raise OutOfReach(f"no working time is known in {year}: {_REACH}")
    known = known or range(year, year + 1)
    first, last = min(known[0], year) - len(known), max(known[-1], year) + len(known)
    wider = range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1)
    if wider == known:
        raise OutOfReach(f"no working time is left to be found: {_REACH}")
    return wider


def _utc(moment: datetime) -> datetime:
    """The same instant in UTC: Python subtracts two moments of one other zone by the clock on its wall."""
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; a moment must be aware")
    return moment.astimezone(UTC)
