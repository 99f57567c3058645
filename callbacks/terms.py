"""The terms of a subscription as people write them: read field by field, every fault named with its mend."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from callbacks.errors import Sentence
from callbacks.phone_number import PhoneNumber, fold_digits, read
from callbacks.policy import Policy
from callbacks.subscription import Plan

ACTIVE, SUSPENDED = "active", "suspended"
LONGEST_COMPANY, LONGEST_LABEL, LONGEST_CONTACT = 200, 120, 200
FASTEST = 100_000_000
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WRITTEN_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)


class Unread(ValueError):  # noqa: N818 - a sentence about one field, caught where its name is known
    """A field that cannot be read, and the mend."""

    def __init__(self, name: str, words: str, **values: Any) -> None:
        self.sentence = Sentence(name, words, values)
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Terms:
    """What a company bought, and who may be asked for there."""

    company: str
    plan: Plan
    starts_on: date
    ends_on: date | None = None
    contract_speed: int | None = None
    suspended: bool = False
    languages: list[str] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    label: str = ""


@dataclass(frozen=True)
class Reading:
    """How fields are read: under which policy, and whether 31/12/2026 is a date, as in Europe's sheets."""

    policy: Policy
    day_first: bool = False

    def terms(self, row: Mapping[str, str]) -> tuple[Terms | None, list[Sentence]]:
        """The terms in a row of fields, or everything that is wrong with it."""
        read: dict[str, Any] = {}
        faults: list[Sentence] = []
        for name, (attribute, look) in FIELDS.items():
            try:
                read[attribute] = look(self, row.get(name, "").strip())
            except Unread as unread:
                faults.append(unread.sentence.about(field=name))
        if read.get("ends_on") and "starts_on" in read and read["ends_on"] < read["starts_on"]:
            days = {"until": read["ends_on"], "from_": read["starts_on"]}
            words = "{until} is before from, {from_}; write a later day"
            faults.append(Sentence("until_before_from", words, days, field="until"))
        return (None if faults else Terms(**read)), faults

    def company(self, text: str) -> str:
        """A name on one line; letters that can be written in two ways are written in one."""
        name = _plain(text, LONGEST_COMPANY)
        if not name:
            raise Unread("no_company", 'is empty; write the name of the company, like "Acme"')
        return name

    def plan(self, text: str) -> Plan:
        """What was bought."""
        try:
            return Plan(text.casefold())
        except ValueError:
            words = "{text!r} is not a plan; write {plans}"
            raise Unread("no_plan", words, text=text[:40], plans=" or ".join(Plan)) from None

    def day(self, text: str) -> date:
        """A day that must be there."""
        match = WRITTEN_DAY.fullmatch(text) if self.day_first else None
        try:
            if match:
                return date(int(match[3]), int(match[2]), int(match[1]))
            if ISO_DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            words = "{text} is not a day of the calendar; write one like 2026-12-31"
            raise Unread("no_day", words, text=text) from None
        raise Unread("no_date", "{text!r} is not a date; write it like 2026-12-31", text=text[:40])

    def last_day(self, text: str) -> date | None:
        """The last day, or none where the subscription runs on."""
        return self.day(text) if text else None

    def speed(self, text: str) -> int | None:
        """E-mails an hour; blanks, dots or commas between thousands do no harm."""
        digits = re.sub(r"(?<=\d)[.,' \u00a0\u202f](?=\d{3}(?!\d))", "", fold_digits(text))
        if not digits:
            return None
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 12 and 0 < int(digits) <= FASTEST):
            words = "{text!r} is not a number of e-mails an hour; write it like 10000"
            raise Unread("no_speed", words, text=text[:40])
        return int(digits)

    def suspended(self, text: str) -> bool:
        """Active where nothing is said."""
        if text.casefold() not in ("", ACTIVE, SUSPENDED):
            words = "{text!r} is not a state; write active or suspended"
            raise Unread("no_state", words, text=text[:40])
        return text.casefold() == SUSPENDED

    def languages(self, text: str) -> list[str]:
        """Languages the line offers, the best first; the line's own first where nothing is said."""
        offered = self.policy.languages.offered
        spoken = list(dict.fromkeys(re.findall(r"[^\s,;|+]+", text.casefold())))
        for language in spoken:
            if language not in offered:
                words = "{text!r} is not spoken on the line; write {offered}"
                raise Unread("no_language", words, text=language[:40], offered=" or ".join(offered))
        return spoken or [offered[0]]

    def contacts(self, text: str) -> list[dict[str, Any]]:
        """People, one after another with | between them: "Ada Rossi, +39 02 1234 5678, ada@acme.example"."""
        return [self._contact(person) for person in text.split("|") if person.strip()]

    def _contact(self, person: str) -> dict[str, Any]:
        name, *ways = [part.strip() for part in person.split(",")]
        contact = {"name": _plain(name, LONGEST_CONTACT), "phone": "", "email": ""}
        if not contact["name"]:
            words = "{text!r} has no name; write it like Ada Rossi, +390212345678"
            raise Unread("no_contact_name", words, text=person.strip()[:40])
        for way in filter(None, ways):
            if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", way) and len(way) <= LONGEST_CONTACT:
                contact["email"] = way
                continue
            number = read(way, *filter(None, [self.policy.numbers.country]))
            if isinstance(number, PhoneNumber):
                contact["phone"] = number.e164
            else:
                words = "{text!r} is neither a phone number nor an e-mail address; mend or omit it"
                raise Unread("no_contact_way", words, text=way[:40])
        return contact

    def label(self, text: str) -> str:
        """Whose code it is, for the desk's own lists."""
        return _plain(text, LONGEST_LABEL)


FIELDS: dict[str, tuple[str, Callable[[Reading, str], Any]]] = {
    "company": ("company", Reading.company),
    "plan": ("plan", Reading.plan),
    "contract_speed": ("contract_speed", Reading.speed),
    "from": ("starts_on", Reading.day),
    "until": ("ends_on", Reading.last_day),
    "state": ("suspended", Reading.suspended),
    "languages": ("languages", Reading.languages),
    "contacts": ("contacts", Reading.contacts),
    "label": ("label", Reading.label),
}
"""A column of a file, or an option of the command line: what it fills, and how it is read."""

NEEDED: Sequence[str] = ("company", "plan", "from")


def _plain(text: str, longest: int) -> str:
    """Words on one line, each letter in its one form."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    if not plain.isprintable():
        raise Unread(
            "unprintable", "{text!r} has signs that cannot be printed; leave them out", text=text[:40]
        )
    if len(plain) > longest:
        words = "has {length} characters; write at most {longest}"
        raise Unread("too_long", words, length=len(plain), longest=longest)
    return plain
