"""The office as policy.toml describes it: its name, its clock, its week, and the days that differ."""

# ruff: noqa: RUF009 - `line` makes a dataclass field, which is the default meant

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from callbacks.calendar import Closure, Opening, office_hours
from callbacks.days_off import DaysOff
from callbacks.hours import OfficeHours
from callbacks.phone_number import COUNTRIES
from callbacks.policy.faults import fault
from callbacks.policy.form import line, list_of, table
from callbacks.policy.hours import Week, periods, recurrence, week
from callbacks.policy.kinds import day, email_address, one_of, optional, text, time_zone
from callbacks.wall_clock import Period

FIRST_LOOK, LAST_LOOK = date(2026, 1, 1), date(2100, 1, 1)
A_WHILE = 800
"""Days: longer than any rule of days stays away, but for those that skip years."""

MEANT = {"uk": "GB", "england": "GB", "el": "GR", "ita": "IT", "italy": "IT", "italia": "IT", "usa": "US"}
country_code = one_of(
    lambda: COUNTRIES,
    what=fault("a_country", "a country (two capital letters)"),
    meant=MEANT,
    like=fault("like_country", 'write one like "IT"'),
)
CLOSURES, OPENINGS = fault("closures", "[[office.closures]]"), fault("openings", "[[office.openings]]")


@dataclass(frozen=True)
class Holidays:
    """Whose public holidays close the office: days off only. An empty country has none."""

    country: str | None = line(optional(country_code), "")
    subdivision: str | None = line(optional(text(like="BZ", longest=60)), "")


@dataclass(frozen=True)
class ClosureLines:
    """A closure as written: some dates, or a rule; with hours, part of a day."""

    name: str = line(text(like="Summer closure"))
    from_: date | None = line(optional(day), "")
    until: date | None = line(optional(day), "")
    rule: str | None = line(optional(recurrence), "")
    hours: tuple[Period, ...] = line(periods, [])


@dataclass(frozen=True)
class OpeningLines:
    """An opening as written: one date with hours of its own."""

    name: str = line(text(like="Launch Saturday"))
    date_: date = line(day)
    hours: tuple[Period, ...] = line(periods)


@dataclass(frozen=True)
class Office:
    """Who answers, where, and when."""

    name: str = line(text(like="Acme Support", longest=80))
    email: str = line(email_address)
    zone: ZoneInfo = line(time_zone)
    hours: Week = line(week)
    holidays: Holidays = line(table(Holidays), {})
    closures: tuple[ClosureLines, ...] = line(list_of(table(ClosureLines), what=CLOSURES), [])
    openings: tuple[OpeningLines, ...] = line(list_of(table(OpeningLines), what=OPENINGS), [])

    def working_time(self, week: Week) -> OfficeHours:
        """A week in this office's zone, less its days off; ValueError where it is closed for good."""
        return office_hours(self.zone, week, *self._holidays, self._closures, self._openings)

    def closes_for_good(self, week: Week) -> bool:
        """Whether the closures that have no end leave no day open.

        Told from the first years after all have begun: to look for an opening in all the years of a calendar
        that has none takes seconds.
        """
        endless = [each for each in self._closures if not _ends(each)]
        hours = OfficeHours(self.zone, week, DaysOff((), *self._holidays, tuple(endless)))
        begun = max([FIRST_LOOK, *(each.from_ for each in endless if each.from_)])
        return not any(_is_open_on(hours, begun + timedelta(days=after)) for after in range(A_WHILE))

    @property
    def _holidays(self) -> tuple[str, str]:
        return self.holidays.country or "", self.holidays.subdivision or ""

    @property
    def _closures(self) -> list[Closure]:
        return [
            Closure(each.name, each.from_, each.until, each.rule or "", each.hours) for each in self.closures
        ]

    @property
    def _openings(self) -> list[Opening]:
        return [Opening(each.name, each.date_, each.hours) for each in self.openings]


def _ends(closure: Closure) -> bool:
    """Whether it is over some day that anybody at the desk may see."""
    if closure.rule and closure.until is None:
        return "UNTIL=" in closure.rule or "COUNT=" in closure.rule
    return (closure.until or FIRST_LOOK) < LAST_LOOK


def _is_open_on(hours: OfficeHours, day: date) -> bool:
    """Whether anything is left of the day's periods when its breaks are cut out."""
    breaks = sorted(hours.breaks_on(day))
    for period in hours.periods_on(day):
        open_from = period.opens
        for cut in breaks:
            open_from = max(open_from, cut.closes) if cut.opens <= open_from else open_from
        if open_from < period.closes:
            return True
    return False
