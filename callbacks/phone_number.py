"""Phone numbers: read as written, keyed or sent by the carrier; judged callable or not; compared; shown."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, shortnumberinfo

WITHHELD_WORDS = {"", "anonymous", "unknown", "restricted", "unavailable", "private", "blocked", "withheld"}
WITHHELD_NUMBERS = {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}
"""What carriers send for a caller ID that is not shown: the words, and the same words typed on a keypad."""

SATELLITE = {870, 881, 882, 883}
TYPES = {value: name.lower() for name, value in vars(PhoneNumberType).items() if name.isupper()}
NEVER_CALLED = {"premium_rate", "shared_cost", "personal_number", "pager", "voicemail", "unknown"}
"""Types that no policy may allow: they cost whoever calls them, or no person answers."""

CALLABLE_TYPES = frozenset(TYPES.values()) - NEVER_CALLED
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
LONGEST = 40
"""No way of writing a number is longer."""

PUNCTUATION = " ()-./*#\t\u00a0\u2010\u2011\u2012\u2013\u2212"
OUTWARD_PREFIXES = ("00", "011")
"""What callers dial before a country code, in most of the world and in North America."""


class Reason(StrEnum):
    """Why a number is not one to call back."""

    WITHHELD = "withheld"
    NOT_VALID = "not_valid"
    SHORT = "short"
    PREMIUM = "premium"
    SATELLITE = "satellite"
    COUNTRY_NOT_ALLOWED = "country_not_allowed"
    TYPE_NOT_ALLOWED = "type_not_allowed"
    OWN_NUMBER = "own_number"


@dataclass(frozen=True)
class NotCallable:
    """An answer that does not do: no number, or one that is never called back."""

    reason: Reason


@dataclass(frozen=True, repr=False)
class PhoneNumber:
    """A valid number. Equal to another by E.164 alone; its repr shows the last four digits only."""

    e164: str
    country: str = field(compare=False)
    type: str = field(compare=False)

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked})"

    def __str__(self) -> str:
        return self.e164

    @property
    def tail(self) -> str:
        """The last four digits."""
        return self.e164[-4:]

    @property
    def masked(self) -> str:
        """As it may be shown to anybody."""
        return f"…{self.tail}"

    def written(self, country: str | None = None) -> str:
        """As people write it: in the national form within its own country, else with its country code."""
        form = PhoneNumberFormat.NATIONAL if country == self.country else PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(phonenumbers.parse(self.e164), form)

    def zones(self) -> tuple[ZoneInfo, ...]:
        """The time zones it may ring in, none where that cannot be told."""
        from phonenumbers import timezone  # noqa: PLC0415 - its tables are large, and seldom wanted

        names = timezone.time_zones_for_number(phonenumbers.parse(self.e164))
        return tuple(ZoneInfo(name) for name in names if name != timezone.UNKNOWN_TIMEZONE)


class NumberRules(Protocol):
    """What the policy says of numbers."""

    @property
    def allowed_countries(self) -> Collection[str]: ...
    @property
    def allowed_types(self) -> Collection[str]: ...
    @property
    def own(self) -> Collection[PhoneNumber]: ...


def read(text: str, *countries: str) -> PhoneNumber | NotCallable:
    """The number written, as dialled from the first of these countries where it is valid, or from abroad.

    So a caller may key what they would dial at the office's door, or 00 or 011 and a country code.
    """
    written = fold_digits(text.strip())
    if written.lower() in WITHHELD_WORDS:
        return NotCallable(Reason.WITHHELD)
    plain = "".join(c for c in written if c not in PUNCTUATION)
    digits = plain.removeprefix("+")
    if len(text) > LONGEST or not (digits.isascii() and digits.isdecimal()):
        return NotCallable(Reason.NOT_VALID)
    if f"+{digits}" in WITHHELD_NUMBERS and plain != digits:
        return NotCallable(Reason.WITHHELD)
    answers = [_read_one(form, country) for form, country in _readings(plain, countries)]
    return next((answer for answer in answers if isinstance(answer, PhoneNumber)), answers[0])


def judge(number: PhoneNumber, rules: NumberRules) -> PhoneNumber | NotCallable:
    """The same number where the policy lets the desk call it; otherwise why not."""
    if number in rules.own:
        return NotCallable(Reason.OWN_NUMBER)
    if number.country not in rules.allowed_countries:
        return NotCallable(Reason.COUNTRY_NOT_ALLOWED)
    if number.type not in rules.allowed_types:
        return NotCallable(Reason.TYPE_NOT_ALLOWED)
    return number


def fold_digits(text: str) -> str:
    """The text with the digits of every script as 0-9, and every plus sign as +."""
    if text.isascii():
        return text
    folded = "".join(str(unicodedata.decimal(c, c)) for c in text)
    return folded.replace("\uff0b", "+").replace("\ufe62", "+")


def _readings(plain: str, countries: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """What the digits may mean, likeliest first: never empty."""
    if plain.startswith("+"):
        return [(plain, None)]
    national: list[tuple[str, str | None]] = [(plain, country) for country in countries]
    abroad = [(f"+{plain.removeprefix(out)}", None) for out in OUTWARD_PREFIXES if plain.startswith(out)]
    return [*national, *abroad] or [(f"+{plain}", None)]


@lru_cache(maxsize=4096)
def _read_one(plain: str, country: str | None) -> PhoneNumber | NotCallable:
    """One reading of the digits: valid, and of a kind that a desk may call at all. The same at every turn."""
    try:
        parsed = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException:
        return NotCallable(_short(plain, country))
    if parsed.country_code in SATELLITE:
        return NotCallable(Reason.SATELLITE)
    kind = TYPES[phonenumbers.number_type(parsed)]
    if kind in ("premium_rate", "shared_cost"):
        return NotCallable(Reason.PREMIUM)
    region = phonenumbers.region_code_for_number(parsed)
    if not phonenumbers.is_valid_number(parsed) or region not in COUNTRIES:
        return NotCallable(_short(plain, country))
    return PhoneNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), region, kind)


def _short(plain: str, country: str | None) -> Reason:
    """Emergency and service numbers are named as such, whatever else is wrong with them."""
    if len(plain) <= 3:
        return Reason.SHORT
    if country and shortnumberinfo.connects_to_emergency_number(plain, country):
        return Reason.SHORT
    return Reason.SHORT if country and _is_service(plain, country) else Reason.NOT_VALID


def _is_service(plain: str, country: str) -> bool:
    """A bare way out of the country, like 0039 in Italy, cannot even be read as a number."""
    try:
        return shortnumberinfo.is_valid_short_number(phonenumbers.parse(plain, country))
    except phonenumbers.NumberParseException:
        return False
