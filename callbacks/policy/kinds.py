"""The kinds of value a policy is written in, each with what may be wrong with it and the mend."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from callbacks.phone_number import NotCallable, PhoneNumber, read
from callbacks.policy.form import FAULTY, Kind, Reading, Wrong, near, or_list, scalar, shown
from callbacks.policy.lines import Path

UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
DURATION = re.compile(r"(?:\d{1,6}[smhd])+", re.ASCII)
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", re.ASCII)


def text(*, longest: int = 200, like: str = "Support", pattern: str = "", mend: str = "") -> Kind:
    """Words, not empty; where a pattern is given, of its form."""

    @scalar
    def kind(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong(f'{shown(value)} is not text; write it between double quotes, like "{like}"')
        if not value.strip():
            raise Wrong(f'is empty; write something like "{like}"')
        if len(value) > longest:
            raise Wrong(f"has {len(value)} characters; write at most {longest}")
        if any(not sign.isprintable() for sign in value):
            raise Wrong(f"{shown(value)} has signs that cannot be printed; write plain text on one line")
        if pattern and not re.fullmatch(pattern, value, re.ASCII):
            raise Wrong(f"{shown(value)} {mend}")
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
            raise Wrong(f"{shown(value)} is not a whole number; write one from {least} to {most}")
        if not least <= value <= most:
            raise Wrong(f"{value} is out of range; write a whole number from {least} to {most}")
        return value

    return kind


@scalar
def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is neither true nor false; write one of the two, without quotes")
    return value


def one_of(known: Callable[[], frozenset[str]], *, what: str, meant: Mapping[str, str] | None = None) -> Kind:
    """A name out of those known; `meant` tells what those who write something else mean by it."""

    @scalar
    def kind(value: Any) -> str:
        if isinstance(value, str) and value in known():
            return value
        other = (meant or {}).get(str(value).strip().casefold())
        raise Wrong(f"{shown(value)} is not {what}; {near(other or value, known())}")

    return kind


def duration(least: str, most: str, *, like: str, units: str = "smh") -> Kind:
    """A length of time written with its units, such as "2h", "90m" or "1h30m"."""
    shortest, longest = span(least), span(most)

    @scalar
    def kind(value: Any) -> timedelta:
        if not isinstance(value, str) or not DURATION.fullmatch(value):
            raise Wrong(f'{shown(value)} is not a length of time; write it like "{like}"')
        if foreign := set(re.sub(r"\d", "", value)) - set(units):
            raise Wrong(f'{shown(value)} is written in "{min(foreign)}"; write it in {_unit_names(units)}')
        length = span(value)
        if not shortest <= length <= longest:
            raise Wrong(f'{shown(value)} is out of range; write a length from "{least}" to "{most}"')
        return length

    return kind


def span(written: str) -> timedelta:
    """The sum of a length of time."""
    parts = re.findall(r"(\d+)([smhd])", written)
    return sum((int(amount) * UNITS[unit] for amount, unit in parts), timedelta())


def _unit_names(units: str) -> str:
    names = {"s": "s (seconds)", "m": "m (minutes)", "h": "h (hours)", "d": "d (days)"}
    return or_list([names[unit] for unit in units])


@scalar
def time_zone(value: Any) -> ZoneInfo:
    """A time zone by its IANA name."""
    known = available_timezones()
    if not isinstance(value, str) or value not in known:
        places = {name.rpartition("/")[2]: name for name in sorted(known) if "/" in name}
        here = places.get(str(value).strip().title().replace(" ", "_"))
        mend = f"did you mean {here}?" if here else near(value, known)
        if mend == "leave it out":
            mend = 'write a name such as "Europe/Rome"'
        raise Wrong(f"{shown(value)} is not a time zone; {mend}")
    return ZoneInfo(value)


@scalar
def day(value: Any) -> date:
    """A date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Wrong(f"{shown(value)} is not a date; write it without quotes, like 2026-12-24")


@scalar
def phone(value: Any) -> PhoneNumber:
    """A valid number in E.164."""
    plain = isinstance(value, str) and re.fullmatch(r"\+\d{4,15}", value, re.ASCII)
    number = read(value) if plain else None
    if not isinstance(number, PhoneNumber):
        why = f" ({number.reason.replace('_', ' ')})" if isinstance(number, NotCallable) else ""
        raise Wrong(
            f"{shown(value)} is not a phone number{why}; write + and country code and number without blanks,"
            ' like "+390212345678"'
        )
    return number


def number_dialled(value: Any, path: Path, reading: Reading) -> Any:
    """The E.164 of a valid number."""
    number = phone(value, path, reading)
    return number.e164 if isinstance(number, PhoneNumber) else number


@scalar
def email_address(value: Any) -> str:
    """An e-mail address."""
    if not isinstance(value, str) or len(value) > 254 or not EMAIL.fullmatch(value):
        raise Wrong(f'{shown(value)} is not an e-mail address; write it like "sales@example.com"')
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
        raise Wrong(f'{shown(value)} is not an https address; write it like "https://example.com/hello.wav"')
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
            return reading.fault(
                path, f'{shown(value)} is not a table; write lines like "en.welcome" = "https://…"'
            )
        flat: dict[str, Any] = {}
        for key, item in value.items():
            nested = item if isinstance(item, dict) else {"": item}
            for rest, inner in nested.items():
                name = f"{key}.{rest}" if rest else key
                flat[name] = kind(inner, (*path, key, rest) if rest else (*path, key), reading)
        return {name: item for name, item in flat.items() if item is not FAULTY}

    return read_one
