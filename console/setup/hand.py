"""What all pages of setting up share: who does it, what was typed, and what is said where it may not be."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import render_template, request

from callbacks.errors import DeskError, PolicyError, Sentence
from console.buttons import by_line
from console.catalogue import Catalogue
from console.room import Room, me

LONGEST = 20_000
"""Characters of a field; more is no slip of the pen."""


def by_me() -> str:
    """Who does it, as the journal writes them."""
    return by_line(me())


def typed(name: str) -> str:
    """A field as it was typed, without the one sign that no database keeps."""
    return request.form.get(name, "").replace("\x00", "").replace("\r\n", "\n")[:LONGEST]


def page(room: Room, template: str, **facts: Any) -> str:
    """A page of setting up; it writes days, numbers and languages as its reader does."""
    locale = room.words().language
    return render_template(
        template,
        day=partial(format_date, format="medium", locale=locale),
        amount=partial(format_decimal, locale=locale),
        tongue=partial(_tongue, locale),
        **facts,
    )


def said(words: Catalogue, fault: DeskError | str) -> str:
    """A refusal in the reader's language, as far as it is known there."""
    sentence = fault.args[0] if isinstance(fault, DeskError) and fault.args else fault
    if not isinstance(sentence, Sentence) or not words.knows(f"mend.{sentence.name}"):
        return str(sentence)
    parts = {name: _part(words, value) for name, value in sentence.values.items()}
    return words.say(f"mend.{sentence.name}", **parts)


def said_by_place(words: Catalogue, fault: PolicyError) -> Mapping[str, str]:
    """What is wrong with a policy, by the place of each value; without one where no value is to blame."""
    placed = {place: said(words, sentence) for place, sentence in fault.placed.items()}
    return placed or {"": "\n".join(said(words, each) for each in fault.faults)}


def said_in_all(words: Catalogue, fault: PolicyError) -> str:
    """The same in one passage, for a page that shows none of the places."""
    return "\n".join(dict.fromkeys(said_by_place(words, fault).values()))


def _part(words: Catalogue, value: object) -> object:
    """What fills a sentence may be one itself; signs that would turn it round are named, not used."""
    if isinstance(value, Sentence):
        return said(words, value)
    if not isinstance(value, str):
        return value
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in value)


def said_of_line(words: Catalogue, fault: str) -> str:
    """The same of a file, with its line and column before it."""
    if not isinstance(fault, Sentence):
        return fault
    where = [words.say("mend.line", line=fault.line)] if fault.line else []
    return ": ".join([*where, *([fault.field] if fault.field else []), said(words, fault)])


def by_field(words: Catalogue, faults: Iterable[Sentence]) -> Mapping[str, str]:
    """What is wrong with each field; of several faults the first."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.field, said(words, fault))
    return found


def _tongue(locale: str, language: str) -> str:
    """A language by its name; by its letters where nobody knows more of it."""
    try:
        return Locale.parse(language).get_language_name(locale) or language
    except (UnknownLocaleError, ValueError):
        return language
