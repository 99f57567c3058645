"""The office as policy.toml describes it: its name, its clock, its week, and the days that differ."""

# ruff: noqa: RUF009 - `line` makes a dataclass field, which is the default meant

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from callbacks.calendar import Closure, Opening, office_hours
from callbacks.hours import OfficeHours
from callbacks.phone_number import COUNTRIES
from callbacks.policy_form import line, list_of, table
from callbacks.policy_hours import Week, periods, recurrence, week
from callbacks.policy_kinds import day, email_address, one_of, optional, text, time_zone
from callbacks.wall_clock import Period

MEANT = {"uk": "GB", "england": "GB", "el": "GR", "ita": "IT", "italy": "IT", "italia": "IT", "usa": "US"}
country_code = one_of(lambda: COUNTRIES, what="a country (two capital letters)", meant=MEANT)


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

    def closure(self) -> Closure:
        """The closure meant."""
        return Closure(self.name, self.from_, self.until, self.rule or "", self.hours)


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
    closures: tuple[ClosureLines, ...] = line(list_of(table(ClosureLines), what="[[office.closures]]"), [])
    openings: tuple[OpeningLines, ...] = line(list_of(table(OpeningLines), what="[[office.openings]]"), [])

    def working_time(self, week: Week) -> OfficeHours:
        """A week in this office's zone, less its days off; ValueError where it is closed for good."""
        return office_hours(
            self.zone,
            week,
            self.holidays.country or "",
            self.holidays.subdivision or "",
            [
                Closure(each.name, each.from_, each.until, each.rule or "", each.hours)
                for each in self.closures
            ],
            [Opening(each.name, each.date_, each.hours) for each in self.openings],
        )
