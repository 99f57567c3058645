"""A wished-for time, typed or said. What could mean two things means nothing here: we never guess."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from callbacks.hours import OfficeHours
from ivr.answers.half_days import begin_of
from ivr.heard import known_words, words_in

FURTHEST = timedelta(days=60)
RECENT = timedelta(days=31)
"""A date this little ago is meant as the past, not as next year's."""

Token = tuple[str, object]
DATE = "(?P<date>D|W?(?:NM|MN|OM|MO)|W)"
TIME = "(?P<time>@?(?:X|C[AP]?|HN[AP]?|[qt]N[AP]?|N[hfl]|N[&]?N[AP]?|N[AP]?))"
FORMS = [
    re.compile(form)
    for form in (f"{DATE}(?P<part>R?){TIME}?(?P<late>R?)", f"{TIME}(?P<part>R?){DATE}(?P<late>R?)")
]


def by_keys(digits: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Day, month, hour and minutes, two digits each; the year is the one that makes sense."""
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    day, month, hour, minute = (int(digits[i : i + 2]) for i in range(0, 8, 2))
    found = _next_date(day, month, now.astimezone(zone).date())
    return _at(found, hour, minute, zone) if found else None


def by_voice(speech: str, language: str, now: datetime, hours: OfficeHours) -> datetime | None:
    """What was said, if it can mean one moment only; None asks for keys."""
    tokens = _tokens(words_in(speech), language)
    if tokens is None:
        return None
    meanings = set(_meanings(tokens, now, hours))
    return meanings.pop() if len(meanings) == 1 else None


def _meanings(tokens: list[Token], now: datetime, hours: OfficeHours) -> Iterator[datetime | None]:
    kinds = "".join(kind for kind, _ in tokens)
    for found in (form.fullmatch(kinds) for form in FORMS):
        if found:
            said = {name: tokens[found.start(name) : found.end(name)] for name in found.groupdict()}
            day = _day(said["date"], now.astimezone(hours.zone).date())
            yield _moment(day, said["time"], [*said["part"], *said["late"]], hours) if day else None


def _day(tokens: list[Token], today: date) -> date | None:
    values = dict(tokens)
    if "D" in values:
        return today + timedelta(days=int(str(values["D"])))
    weekday = values.get("W")
    if "M" not in values:
        ahead = (int(str(weekday)) - today.weekday()) % 7
        return today + timedelta(days=ahead) if ahead else None  # today's own name may mean next week's
    number = values.get("N", values.get("O"))
    found = _next_date(int(str(number)), int(str(values["M"])), today)
    fits = found is not None and (weekday is None or found.weekday() == weekday)
    return found if fits else None


def _moment(day: date, clock: list[Token], parts: list[Token], hours: OfficeHours) -> datetime | None:
    """The one moment of that day which this can mean."""
    halves = {str(value) for _, value in parts}
    if len(halves) > 1:
        return None
    if not clock:
        return begin_of(hours, day, afternoon="afternoon" in halves) if halves else None
    times = _times(clock, halves)
    if len(times) > 1:
        times = [each for each in times if (at := _at(day, *each, hours.zone)) and hours.is_open(at)]
    return _at(day, *times[0], hours.zone) if len(times) == 1 else None


def _times(clock: list[Token], halves: set[str]) -> list[tuple[int, int]]:
    """(hour, minute) of every reading of what was said: a small hour is of the morning or the afternoon."""
    kinds, numbers = {kind for kind, _ in clock}, [value for kind, value in clock if kind in "NC"]
    if "X" in kinds:
        return [(12, 0)]
    hour, minute = numbers[0] if isinstance(numbers[0], tuple) else (int(str(numbers[0])), 0)
    if len(numbers) == 2:
        minute = int(str(numbers[1]))
    minute += 30 * bool(kinds & {"H", "h"}) + 15 * bool(kinds & {"q", "f"}) - 15 * bool(kinds & {"t", "l"})
    hour, minute = hour + minute // 60, minute % 60
    if "A" in kinds or "morning" in halves:
        return [(hour % 12, minute)] if hour <= 12 else []
    if "P" in kinds or "afternoon" in halves:
        return [(hour % 12 + 12, minute)] if hour <= 12 else [(hour, minute)]
    return [(hour % 12, minute), (hour % 12 + 12, minute)] if 1 <= hour <= 12 else [(hour, minute)]


def _at(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime | None:
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)


def _next_date(day: int, month: int, today: date) -> date | None:
    """The date of this day and month that a caller means today: coming, or just past."""
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today - RECENT:
            return found
    return None


def _tokens(words: list[str], language: str) -> list[Token] | None:
    """The kinds and values of what was said; None as soon as a word is not understood."""
    phrases, tokens = _phrases(language), []
    longest = max((len(phrase) for phrase in phrases), default=0)
    while words:
        sizes = [size for size in range(min(longest, len(words)), 0, -1) if tuple(words[:size]) in phrases]
        token = phrases[tuple(words[: sizes[0]])] if sizes else _numeral(words[0])
        if token is None:
            return None
        words = words[sizes[0] if sizes else 1 :]
        tokens += [token] if isinstance(token, tuple) else token
    return _with_tens_joined(tokens)


def _numeral(word: str) -> Token | None:
    if word.isdecimal() and len(word) <= 2:
        return ("N", int(word))
    if word[0].isdecimal() and not word.isdecimal():
        hour, minute = re.split("[:.]", word)
        return ("C", (int(hour), int(minute)))
    return None


def _with_tens_joined(tokens: list[Token]) -> list[Token]:
    """ "twenty" and "seventh" are one number, and so are "thirty" and "five"."""
    whole: list[Token] = []
    for kind, value in tokens:
        before = whole[-1] if whole else ("", 0)
        tens = before[0] == "N" and before[1] in (20, 30, 40, 50)
        if tens and kind in "NO" and isinstance(value, int) and 1 <= value <= 9:
            whole[-1] = (kind, int(str(before[1])) + value)
        else:
            whole.append((kind, value))
    return whole


CLOCK = {
    "noon": "X", "am": "A", "pm": "P", "half_past": "H", "quarter_past": "q", "quarter_to": "t",
    "and_a_half": "h", "and_a_quarter": "f", "less_a_quarter": "l", "and": "&", "at": "@", "filler": "",
}  # fmt: skip
TABLES = {"days": "D", "weekdays": "W", "months": "M", "numbers": "N", "ordinals": "O"}


@cache
def _phrases(language: str) -> dict[tuple[str, ...], Token | list[Token]]:
    """Every phrase understood, as words, with what it stands for."""
    known = known_words(language)
    phrases: dict[tuple[str, ...], Token | list[Token]] = {}
    for table, kind in TABLES.items():
        phrases |= {tuple(words_in(phrase)): (kind, value) for phrase, value in known.get(table, {}).items()}
    for name, kind in CLOCK.items():
        stands_for: Token | list[Token] = (kind, name) if kind else []
        phrases |= {tuple(words_in(phrase)): stands_for for phrase in known.get("clock", {}).get(name, [])}
    for phrase, part in known.get("parts", {}).items():
        *today, half = part.split()
        phrases[tuple(words_in(phrase))] = [*([("D", 0)] if today else []), ("R", half)]
    return phrases
