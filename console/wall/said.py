"""Reasons, and the acts that mend them, as sentences in the reader's language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel import Locale
from babel.lists import format_list

from callbacks.reason import Reason
from console.times import Times
from console.topics import topic_name


def reason(times: Times, found: Reason) -> str:
    """`nobody on shift speaks Italian until 14:00`."""
    return times.words.say(f"why.{found.name}", **_written(times, found))


def mend(times: Times, found: Reason) -> str:
    """`Ask Ada to be ready.`"""
    own = f"mend.{found.mend}_{found.name}"
    name = own if times.words.knows(own) else f"mend.{found.mend}"
    return times.words.say(name, **_written(times, found))


def language(times: Times, code: str) -> str:
    """What this language is called in the reader's own."""
    return str(Locale.parse(times.words.language).languages.get(code, code.upper()))


def together(times: Times, names: Sequence[str]) -> str:
    """`Ada, Bruno and Carla`."""
    return format_list(list(names), locale=Locale.parse(times.words.language))


def _written(times: Times, found: Reason) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": "", "names": "", "idle": ""}
    for name, value in found.facts.items():
        if isinstance(value, datetime):
            facts[name] = times.soon(value)
        elif isinstance(value, list):
            facts[name] = together(times, value)
        else:
            facts[name] = value
    if "language" in found.facts:
        facts["language"] = language(times, found.facts["language"])
        facts["topic"] = topic_name(times.work.policy, times.words, found.facts["topic"])
    facts["name"] = facts["name"] or facts["idle"] or facts["names"]
    return facts
