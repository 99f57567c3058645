"""The kinds of value a policy is written in, each with what may be wrong with it and the mend."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from callbacks.errors import Sentence
from callbacks.phone_number import NotCallable, PhoneNumber, Reason, read
from callbacks.policy.faults import Wrong, fault
from callbacks.policy.form import FAULTY, LEAVE_OUT, Kind, Reading, did_you_mean, near, or_list, scalar, shown
from callbacks.policy.lines import Path

UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
DURATION = re.compile(r"(?:\d{1,6}[smhd])+", re.ASCII)
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", re.ASCII)


def text(
    *, longest: int = 200, like: str = "Support", pattern: str = "", mend: Sentence | None = None
) -> Kind:
    """Words, not empty; where a pattern is given, of its form, for which `mend` tells what it is not."""

    @scalar
    def kind(value: Any) -> str:
        if not isinstance(value, str):
            words = '{value} is not text; write it between double quotes, like "{like}"'
            raise Wrong("no_text", words, value=shown(value), like=like)
        if not value.strip():
            raise Wrong("empty", 'is empty; write something like "{like}"', like=like)
        if len(value) > longest:
            words = "has {length} characters; write at most {longest}"
            raise Wrong("too_long", words, length=len(value), longest=longest)
        if any(not sign.isprintable() for sign in value):
            words = "{value} has signs that cannot be printed; write plain text on one line"
            raise Wrong("unprintable", words, value=shown(value))
        if pattern and not re.fullmatch(pattern, value, re.ASCII):
            raise Wrong("unlike", "{value} {mend}", value=shown(value), mend=mend)
        return value

    return kind


def optional(kind: Kind) -> Kind:
    """What may be left empty: "" stands for none."""

    def read_one(value: Any, path: Path, reading: Reading) -> Any:
        return None if value == "" else kind(value, path, reading)

    return read_one


def whole(least: int, most: int) -> Kind:
    """A whole number within bounds."""

    @scalar
    def kind(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            words = "{value} is not a whole number; write one from {least} to {most}"
            raise Wrong("no_number", words, value=shown(value), least=least, most=most)
        if not least <= value <= most:
            words = "{value} is out of range; write a whole number from {least} to {most}"
            raise Wrong("out_of_range", words, value=value, least=least, most=most)
        return value

    return kind


@scalar
def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        words = "{value} is neither true nor false; write one of the two, without quotes"
        raise Wrong("no_flag", words, value=shown(value))
    return value


def one_of(
    known: Callable[[], frozenset[str]],
    *,
    what: Sentence,
    meant: Mapping[str, str] | None = None,
    like: Sentence = LEAVE_OUT,
) -> Kind:
    """A name out of those known. `meant`: what others mean by what they write; `like`: the last mend."""

    @scalar
    def kind(value: Any) -> str:
        if isinstance(value, str) and value in known():
            return value
        other = (meant or {}).get(str(value).strip().casefold())
        mend = near(other or value, known())
        mend = like if mend == LEAVE_OUT else mend
        raise Wrong("not_one_of", "{value} is not {what}; {mend}", value=shown(value), what=what, mend=mend)

    return kind


def duration(least: str, most: str, *, like: str, units: str = "smh") -> Kind:
    """A length of time written with its units, such as "2h", "90m" or "1h30m"."""
    shortest, longest = span(least), span(most)

    @scalar
    def kind(value: Any) -> timedelta:
        if not isinstance(value, str) or not DURATION.fullmatch(value):
            words = '{value} is not a length of time; write it like "{like}"'
            raise Wrong("no_duration", words, value=shown(value), like=like)
        if foreign := set(re.sub(r"\d", "", value)) - set(units):
            words, names = '{value} is written in "{unit}"; write it in {units}', _unit_names(units)
            raise Wrong("foreign_unit", words, value=shown(value), unit=min(foreign), units=names)
        length = span(value)
        if not shortest <= length <= longest:
            words = '{value} is out of range; write a length from "{least}" to "{most}"'
            raise Wrong("too_long_or_short", words, value=shown(value), least=least, most=most)
        return length

    return kind


def span(written: str) -> timedelta:
    """The sum of a length of time."""
    parts = re.findall(r"(\d+)([smhd])", written)
    return sum((int(amount) * UNITS[unit] for amount, unit in parts), timedelta())


def _unit_names(units: str) -> str:
    return or_list([UNIT_NAMES[unit] for unit in units])


WHY_NOT = {
    Reason.WITHHELD: fault("withheld", " (withheld)"),
    Reason.NOT_VALID: fault("not_valid", " (not valid)"),
    Reason.SHORT: fault("short", " (short)"),
    Reason.PREMIUM: fault("premium", " (premium)"),
    Reason.SATELLITE: fault("satellite", " (satellite)"),
}
UNIT_NAMES = {
    "s": fault("seconds", "s (seconds)"),
    "m": fault("minutes_unit", "m (minutes)"),
    "h": fault("hours", "h (hours)"),
    "d": fault("days", "d (days)"),
}


_zones = cache(available_timezones)
"""To look for them takes longer than to read the rest of a policy."""


@scalar
def time_zone(value: Any) -> ZoneInfo:
    """A time zone by its IANA name."""
    known = _zones()
    if not isinstance(value, str) or value not in known:
        places = {name.rpartition("/")[2]: name for name in sorted(known) if "/" in name}
        here = places.get(str(value).strip().title().replace(" ", "_"))
        mend = did_you_mean([here]) if here else near(value, known)
        if mend == LEAVE_OUT:
            mend = fault("a_zone", 'write a name such as "Europe/Rome"')
        raise Wrong("no_zone", "{value} is not a time zone; {mend}", value=shown(value), mend=mend)
    return ZoneInfo(value)


@scalar
def day(value: Any) -> date:
    """A date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    words = "{value} is not a date; write it without quotes, like 2026-12-24"
    raise Wrong("no_date", words, value=shown(value))


@scalar
def phone(value: Any) -> PhoneNumber:
    """A valid number in E.164."""
    plain = isinstance(value, str) and re.fullmatch(r"\+\d{4,15}", value, re.ASCII)
    number = read(value) if plain else None
    if not isinstance(number, PhoneNumber):
        raise Wrong(
            "no_phone",
            "{value} is not a phone number{why}; write + and country code and number without blanks,"
            ' like "+390212345678"',
            value=shown(value), why=WHY_NOT[number.reason] if isinstance(number, NotCallable) else "",
        )  # fmt: skip
    return number


def number_dialled(value: Any, path: Path, reading: Reading) -> Any:
    """The E.164 of a valid number."""
    number = phone(value, path, reading)
    return number.e164 if isinstance(number, PhoneNumber) else number


@scalar
def email_address(value: Any) -> str:
    """An e-mail address."""
    if not isinstance(value, str) or len(value) > 254 or not EMAIL.fullmatch(value):
        words = '{value} is not an e-mail address; write it like "sales@example.com"'
        raise Wrong("no_email", words, value=shown(value))
    return value


@scalar
def web_address(value: Any) -> str:
    """An address the carrier can fetch without anybody changing what it says on the way."""
    try:
        parts = (
            urlsplit(value) if isinstance(value, str) and value.isprintable() and " " not in value else None
        )
        fits = parts is not None and parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        words = '{value} is not an https address; write it like "https://example.com/hello.wav"'
        raise Wrong("no_web_address", words, value=shown(value))
    return str(value)


KEPT = re.compile(r"kept:([0-9a-f]{32}\.(?:wav|mp3))", re.ASCII)
"""A recording that the desk keeps itself, by its name on the shelf, which nobody can guess."""


def recording(value: Any, path: Path, reading: Reading) -> Any:
    """A recording in place of a sentence: one that the desk keeps, or one that the carrier can fetch."""
    return value if isinstance(value, str) and KEPT.fullmatch(value) else web_address(value, path, reading)


def flattened(kind: Kind) -> Kind:
    """Keys of two parts, quoted ("en.welcome") or not (en.welcome, which in TOML is a table in a table)."""

    def read_one(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            words = '{value} is not a table; write lines like "en.welcome" = "https://…"'
            return reading.fault(path, fault("no_prompts", words, value=shown(value)))
        flat: dict[str, Any] = {}
        for key, item in value.items():
            nested = item if isinstance(item, dict) else {"": item}
            for rest, inner in nested.items():
                name = f"{key}.{rest}" if rest else key
                flat[name] = kind(inner, (*path, key, rest) if rest else (*path, key), reading)
        return {name: item for name, item in flat.items() if item is not FAULTY}

    return read_one
