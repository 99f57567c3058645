"""The days on which the office does not open, with their names: public holidays, own dates, closures."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType
from typing import Literal

import holidays as public
from dateutil.rrule import DAILY, rrule, rrulestr

from callbacks.wall_clock import Period

FIRST_YEAR, LAST_YEAR = 1970, 2100
_ANCHOR = date(2000, 1, 1)
_UNTIL_UTC = re.compile(r"(UNTIL=\d{8}T\d{6})Z")  # which the library takes for zoned rules only
_NONE: Mapping[date, str] = MappingProxyType({})


@dataclass(frozen=True)
class DayOff:
    """Why a day is closed, with its name in the languages in which it is known."""

    kind: Literal["holiday", "closure"]
    name: str
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, language: str) -> str:
        return self.names.get(language, self.name)


@dataclass(frozen=True)
class Closure:
    """The office's own closing: from one date until another (included), or by an RFC 5545 rule.

    With hours it closes only that part of each day.
    Where a rule has a `from_`, it counts from there: a rule that skips (INTERVAL) must have one.
    """

    name: str
    from_: date | None = None
    until: date | None = None
    rule: str = ""
    hours: tuple[Period, ...] = ()

    def __post_init__(self) -> None:
        if self.from_ is None and not self.rule:
            raise ValueError(f"closure {self.name!r} has neither a date nor a rule")
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError(f"closure {self.name!r} ends on {self.until}, before it begins on {self.from_}")
        if self.rule:
            _dates(self.rule, self.from_)

    def covers(self, day: date) -> bool:
        if self.rule:
            within = self.until is None or day <= self.until
            return within and day in _dates(self.rule, self.from_)
        assert self.from_ is not None  # noqa: S101 - __post_init__ has seen to it
        return self.from_ <= day <= (self.until or self.from_)


@dataclass(frozen=True)
class DaysOff:
    """All days off of one office; `in` answers whether a date is one, `on` why."""

    dates: Collection[date] | Mapping[date, str] = ()
    country: str = ""
    subdivision: str = ""
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        public_holidays(self.country, self.subdivision, _ANCHOR.year)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (
            day in self.dates
            or day in public_holidays(self.country, self.subdivision, day.year)
            or any(not closure.hours and closure.covers(day) for closure in self.closures)
        )

    def on(self, day: date) -> DayOff | None:
        for closure in self.closures:
            if not closure.hours and closure.covers(day):
                return DayOff("closure", closure.name)
        if day in self.dates:
            return DayOff("holiday", self.dates[day] if isinstance(self.dates, Mapping) else "")
        return self._public(day)

    def part_of(self, day: date) -> tuple[Closure, ...]:
        """The closures that take some hours out of a day."""
        return tuple(closure for closure in self.closures if closure.hours and closure.covers(day))

    def _public(self, day: date) -> DayOff | None:
        name = public_holidays(self.country, self.subdivision, day.year).get(day)
        if name is None:
            return None
        return DayOff("holiday", name, {tongue: names[day] for tongue, names in self._tongues(day.year)})

    def _tongues(self, year: int) -> Iterator[tuple[str, Mapping[date, str]]]:
        """The names of a year's holidays in each language that the calendar speaks ("en" of "en_US")."""
        for language in _languages(self.country):
            yield language.partition("_")[0], public_holidays(self.country, self.subdivision, year, language)


@lru_cache(maxsize=2048)
def public_holidays(
    country: str, subdivision: str, year: int, language: str | None = None
) -> Mapping[date, str]:
    """The public days off of one year and their names; days that people work on are never among them.

    The library's own calendars fill themselves while they are asked, which two threads must not do at once:
    so each year is asked for whole.
    """
    if not country:
        return _NONE
    try:
        found = public.country_holidays(
            country,
            subdiv=subdivision or None,
            years=year,
            expand=False,
            language=language or _own_language(country),
        )
    except NotImplementedError as unknown:
        raise ValueError(f"no public holidays are known for {country} {subdivision}".rstrip()) from unknown
    return MappingProxyType(dict(found.items()))


@lru_cache(maxsize=256)
def _own_language(country: str) -> str | None:
    """The country's own: left to itself the library takes the language of the machine."""
    return getattr(public.country_holidays(country), "default_language", None)


@lru_cache(maxsize=256)
def _languages(country: str) -> tuple[str, ...]:
    return tuple(getattr(public.country_holidays(country), "supported_languages", ()))


@lru_cache(maxsize=256)
def _dates(text: str, anchor: date | None) -> frozenset[date]:
    """All dates of a rule, to the end of what calendars know."""
    known = takewhile(lambda moment: moment.year <= LAST_YEAR + 1, _rule(text, anchor))
    dates = frozenset(moment.date() for moment in known)
    if not dates:
        raise ValueError(f"{text!r} is a rule of days that never come")
    return dates


def _rule(text: str, anchor: date | None) -> rrule:
    plain = _UNTIL_UTC.sub(r"\1", text)
    try:
        rule = rrulestr(plain, dtstart=datetime.combine(anchor or _ANCHOR, time.min))
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise ValueError(f"{text!r} is not an RFC 5545 rule: {fault}") from fault
    if not isinstance(rule, rrule) or rule._freq > DAILY:  # type: ignore[attr-defined]
        raise ValueError(f"{text!r} is no rule of days; write a FREQ of YEARLY, MONTHLY, WEEKLY or DAILY")
    if rule._interval < 1:  # type: ignore[attr-defined]
        raise ValueError(f"{text!r} stands still; write an INTERVAL of 1 or more")
    if rule._interval > 1 and anchor is None:  # type: ignore[attr-defined]
        raise ValueError(f"{text!r} skips; say from which date it counts")
    return rule
