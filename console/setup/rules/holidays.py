"""Holidays: whose public days off close the office, and which days these are, this year and next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import holidays
from babel import Locale
from babel.dates import format_skeleton
from holidays.registry import EntityLoader

from callbacks.days_off import public_holidays
from callbacks.phone_number import COUNTRIES
from callbacks.policy import Policy
from console.room import Room
from console.setup.rules.fields import TEXT, Field
from console.setup.rules.hours import what_would_change
from console.setup.rules.page import Sheet, Subject

PLACE = ("office", "holidays")


@dataclass(frozen=True)
class Holiday:
    """A public day off. `works` is whether the office would be open on its weekday."""

    written: str
    name: str
    works: bool
    is_past: bool


class Holidays(Subject):
    """A country, and perhaps a part of it."""

    name, template, looks = "rules_holidays", "setup/rules/holidays.html", True

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """Two."""
        del values
        return [Field((*PLACE, "country"), TEXT, ""), Field((*PLACE, "subdivision"), TEXT, "")]

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """The countries to choose from, the parts of the one that is shown, and its days."""
        language = room.words().language
        country = sheet.policy.office.holidays.country or ""
        today = sheet.work.now.astimezone(sheet.policy.office.zone).date()
        return {
            "countries": countries(language),
            "parts": parts(country),
            "years": {
                year: list(_days(sheet.policy, year, today, language))
                for year in (today.year, today.year + 1)
            },
            **what_would_change(room, sheet),
        }


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """Those whose days are known, by their names in this language."""
    names = Locale.parse(language).territories
    known = COUNTRIES & {*EntityLoader.get_country_codes(include_aliases=True)}
    return sorted(((code, names.get(code, code)) for code in known), key=lambda each: each[1].casefold())


@cache
def parts(country: str) -> list[tuple[str, str]]:
    """The parts of a country that have days of their own, by name where the library knows one."""
    if not country:
        return []
    found = getattr(holidays, country)
    names = {code: name for name, code in getattr(found, "subdivisions_aliases", {}).items()}
    return sorted(
        ((code, names.get(code, "")) for code in found.subdivisions), key=lambda each: each[1] or each[0]
    )


def _days(policy: Policy, year: int, today: date, language: str) -> Iterator[Holiday]:
    chosen, locale = policy.office.holidays, Locale.parse(language)
    country, part = chosen.country or "", chosen.subdivision or ""
    spoken = _named(country, part, year, language)
    for day, name in sorted(public_holidays(country, part, year).items()):
        written = format_skeleton("MMMEd", day, locale=locale)
        works = bool(policy.office.hours.get(day.weekday()))
        yield Holiday(written, spoken.get(day, name), works, day < today)


def _named(country: str, part: str, year: int, language: str) -> Mapping[date, str]:
    """The names in the reader's language, where the library has them."""
    known = getattr(holidays, country).supported_languages if country else ()
    tongue = next((each for each in known if each.partition("_")[0] == language), None)
    return public_holidays(country, part, year, tongue) if tongue else {}
