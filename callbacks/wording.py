"""Times, days, numbers and windows in a caller's language, as a voice says them and a message shows them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.units import format_unit

from callbacks import window_words
from callbacks.clock_words import Clock
from callbacks.hours import OfficeHours

_CATALOGUES = Path(__file__).parent / "words"
_FAR = timedelta(days=300)  # from here on a date is said with its year


@dataclass(frozen=True)
class Words:
    """One language.

    Moments are aware, of any zone; `zone` is the one they are said in, and `now` decides what is "today".
    """

    language: str
    catalogue: Mapping[str, Any]

    @classmethod
    @cache
    def of(cls, language: str) -> Self:
        """The words of a language that is offered; another is a LookupError."""
        if language not in cls.offered():
            raise LookupError(f"no words are known for {language!r}; offered are {', '.join(cls.offered())}")
        return cls(language, tomllib.loads((_CATALOGUES / f"{language}.toml").read_text("utf-8")))

    @staticmethod
    @cache
    def offered() -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in _CATALOGUES.glob("*.toml")))

    # Numbers

    def digits(self, text: str) -> str:
        """ "4 5 8 7": one by one, so that no voice runs them together; whatever is no digit is left out."""
        return " ".join(str(int(digit)) for digit in text if digit.isdecimal())

    def reference(self, reference: str) -> str:
        """ "4 8 2, 9 1 3": in groups of three, with a breath between."""
        groups = (reference[i : i + 3] for i in range(0, len(reference), 3))
        return ", ".join(self.digits(group) for group in groups)

    def number_tail(self, number: str) -> str:
        """The last four digits of a telephone number, one by one."""
        return self.digits("".join(filter(str.isdecimal, number))[-4:])

    def duration(self, amount: timedelta) -> str:
        """ "1 hour and 30 minutes", to the minute; below one minute "0 minutes". The sign is left out."""
        hours, minutes = divmod(round(abs(amount) / timedelta(minutes=1)), 60)
        said = [format_unit(hours, "duration-hour", locale=self.locale)] if hours else []
        if minutes or not hours:
            said.append(format_unit(minutes, "duration-minute", locale=self.locale))
        return str(format_list(said, locale=self.locale))

    # Moments

    def moment(self, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
        """ "tomorrow at 9:30 AM"."""
        local = moment.astimezone(zone)
        return f"{self.day(moment, now, zone)} {self.clock.say(local, 'at')}"

    def moment_short(self, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
        """ "Mon, Nov 30, 9:30 AM"."""
        return f"{self.day_short(moment, now, zone)}, {self.clock.say(moment.astimezone(zone), 'short')}"

    def day(self, moment: datetime, now: datetime, zone: ZoneInfo, *, first: bool = False) -> str:
        """ "today", "tomorrow", "on Monday"; from a week on with its date. `first` is for halves."""
        local = moment.astimezone(zone)
        days = (local.date() - now.astimezone(zone).date()).days
        words = self.catalogue["day"]
        if days in {-1, 0, 1}:
            return str(words[{-1: "yesterday", 0: "today", 1: "tomorrow"}[days]])
        form = ("weekday" if 0 < days < 7 else "date") + ("_first" if first else "")
        return str(words[form].format(weekday=self.weekday(local), date=self._date(local, now)))

    def weekday(self, local: datetime) -> str:
        return format_date(local, "EEEE", locale=self.locale)

    def half_day(self, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
        """ "this afternoon", "tomorrow morning", "on Wednesday afternoon"."""
        local = moment.astimezone(zone)
        days = (local.date() - now.astimezone(zone).date()).days
        part = self.part(local) or self.catalogue["parts"]["morning"]
        form = {0: "today", 1: "tomorrow"}.get(days, "other")
        return str(part[form].format(day=self.day(moment, now, zone)))

    # Windows

    def window(
        self,
        opens: datetime,
        closes: datetime,
        now: datetime,
        zone: ZoneInfo,
        hours: OfficeHours | None = None,
        *,
        named: bool = False,
    ) -> str:
        """ "between 2:30 and 4:30 this afternoon"; with the hours, halves where it straddles a closing.

        `named` adds the zone by its city, for a caller who lives by another clock.
        """
        pieces = window_words.pieces(opens, closes, hours, zone)
        return self._named(window_words.say(self, pieces, now, zone), zone if named else None)

    def window_short(
        self,
        opens: datetime,
        closes: datetime,
        now: datetime,
        zone: ZoneInfo,
        hours: OfficeHours | None = None,
        *,
        named: bool = False,
    ) -> str:
        """ "Mon, Nov 30, 4:30-6 PM; Tue, Dec 1, 9-9:30 AM": with dates, since a message is read later."""
        pieces = window_words.pieces(opens, closes, hours, zone)
        return self._named(window_words.write(self, pieces, now, zone), zone if named else None)

    def _named(self, said: str, zone: ZoneInfo | None) -> str:
        if zone is None:
            return said
        city = get_timezone_location(zone, locale=self.locale, return_city=True)
        return str(self.catalogue["window"]["zone"].format(window=said, city=city))

    # The calendar's words

    def part(self, local: datetime) -> Mapping[str, Any] | None:
        """The part of the day, as [parts] has it; the small hours belong to none."""
        parts = self.catalogue["parts"].values()
        return next((part for part in parts if part["from"] <= local.hour < part["until"]), None)

    def day_short(self, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
        """ "Mon, Nov 30"; the year where it is far."""
        skeleton = "MMMEd" if abs(moment - now) < _FAR else "yMMMEd"
        return format_skeleton(skeleton, moment.astimezone(zone), tzinfo=zone, locale=self.locale)

    def _date(self, local: datetime, now: datetime) -> str:
        if abs(local - now) >= _FAR:
            return format_date(local, "long", locale=self.locale)
        return format_skeleton("MMMMd", local, tzinfo=local.tzinfo, locale=self.locale)

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.language)

    @property
    def clock(self) -> Clock:
        return Clock(self.catalogue["clock"])
