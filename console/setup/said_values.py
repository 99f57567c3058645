"""Old and new values as their reader says them: days, lengths, roles, yes and no."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date

from callbacks.terms import ISO_DAY
from callbacks.wall_clock import WEEKDAYS
from console.catalogue import Catalogue

NOTHING = "–"
LONGEST = 200
"""Characters of a value; the journal itself keeps all of it."""

NAMES = {
    "roles": "role", "scopes": "scope", "languages": "rules.language", "offered": "rules.language",
    "language": "rules.language", "presence": "presence", "state": "standing", "plan": "plan",
    "about": "rules.about", "allowed_types": "setting.type",
    "why": "setting.why", **dict.fromkeys(("page", "browser", "address", "text"), "setting.notice"),
}  # fmt: skip
"""Where the words are for values that are names."""

LENGTH = re.compile(r"(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
GRACE = re.compile(r"(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)")
UNITS = ("days", "hours", "minutes", "seconds")


class SaidValues:
    """In one language; topics have their own words."""

    def __init__(self, words: Catalogue, topics: Mapping[str, str]) -> None:
        self.words, self.topics = words, topics

    def said(self, name: str, value: Any) -> str:
        """As a person reads it; nothing is a dash."""
        text = self.whole(name, value)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def whole(self, name: str, value: Any) -> str:
        """The same, however long it is."""
        if isinstance(value, str | bool):
            return self._text(name, value) if value != "" else NOTHING
        if not value and value != 0:
            return NOTHING
        if isinstance(value, dict):
            pairs = (f"{self._key(key)}: {self.whole(key, each)}" for key, each in value.items())
            return self._week(value) if _is_week(value) else "; ".join(pairs)
        if isinstance(value, list):
            between = "; " if any(isinstance(each, dict) for each in value) else ", "
            return between.join(self.whole(name, each) for each in value)
        return (
            self._day(value)
            if isinstance(value, date)
            else json.dumps(value, ensure_ascii=False, default=str)
        )

    def _key(self, key: str) -> str:
        places = (f"{place}.{key}" for place in ("setting.inside", "rules.language", "rules.day"))
        return next((self.words.say(each) for each in places if self.words.knows(each)), key)

    def _text(self, name: str, text: str | bool) -> str:
        if isinstance(text, bool):
            return self.words.say("setting.yes" if text else "setting.no")
        if name in ("topics", "topic"):
            return self.topics.get(text, text)
        place = NAMES.get(name.rstrip("0123456789"))
        if place and self.words.knows(named := f"{place}.{text}"):
            return self.words.say(named)
        if ISO_DAY.fullmatch(text):
            return self._day(text)
        found = LENGTH.fullmatch(text) or GRACE.fullmatch(text)
        return self._length(found) if found else text

    def _day(self, text: str | date) -> str:
        try:
            return format_date(date.fromisoformat(str(text)), "medium", locale=self._locale)
        except ValueError:
            return str(text)

    def _length(self, found: re.Match[str]) -> str:
        parts = [(int(amount), unit) for amount, unit in zip(found.groups(), UNITS, strict=True) if amount]
        some = [each for each in parts if each[0]] or parts[-1:]
        return " ".join(self.words.say(f"setting.{unit}", count=amount) for amount, unit in some)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.words.language)

    def _week(self, value: Mapping[str, list[list[str]]]) -> str:
        """`Mon Tue Wed 09:00–13:00; Thu 09:00–12:00`."""
        names = self._locale.days["format"]["abbreviated"]
        days: dict[str, list[str]] = {}
        for day, periods in value.items():
            said = " ".join(f"{begins}–{ends}" for begins, ends in periods)
            days.setdefault(said, []).append(names[WEEKDAYS.index(day)] if day in WEEKDAYS else day)
        return "; ".join(f"{' '.join(each)} {periods}" for periods, each in days.items())


def _is_week(value: Any) -> bool:
    """Whether these are somebody's shifts, day by day."""
    if not isinstance(value, dict) or not all(isinstance(day, list) for day in value.values()):
        return False
    periods = [each for day in value.values() for each in day]
    return bool(periods) and all(isinstance(each, list) and len(each) == 2 for each in periods)
