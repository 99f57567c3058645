"""The weekly report in plain words: the same lines by mail, in a chat, and on the command line."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal

CATALOGUES = Path(__file__).parent / "words"
FIRST = "en"


def lines(facts: Mapping[str, Any], language: str) -> list[str]:
    """The facts of `report`, said; in English where the language has no words for it."""
    language = language if (CATALOGUES / f"{language}.toml").exists() else FIRST
    return list(_lines(facts, _words(language), language))


def _lines(facts: Mapping[str, Any], words: Mapping[str, Any], language: str) -> Iterator[str]:
    monday = date.fromisoformat(facts["week"])
    first, last = (
        format_skeleton("MMMEd", day, locale=language) for day in (monday, monday + timedelta(days=6))
    )
    yield words["week"].format(first=first, last=last)
    yield _share(facts, words, language)
    for name in ("broken", "open"):
        if facts[name]:
            yield words[name].format(count=facts[name])
    for cause, count in sorted(facts["causes"].items(), key=lambda each: -each[1]):
        yield "  " + words["cause"].format(count=count, cause=words["causes"][cause])
    for reference, minutes, cause, is_running in facts["late"]:
        said = words["running" if is_running else "late"]
        amount = _length(minutes, words)
        yield said.format(reference=reference, amount=amount, cause=words["causes"][cause])
    if facts["more"]:
        yield words["more"].format(count=facts["more"])


def _share(facts: Mapping[str, Any], words: Mapping[str, Any], language: str) -> str:
    if facts["percent"] is None:
        return str(words["none"])
    judged = facts["kept"] + facts["broken"]
    percent = format_decimal(facts["percent"], locale=language)
    kept = words["kept"].format(kept=facts["kept"], judged=judged, percent=percent)
    if facts["percent_before"] is None:
        return f"{kept}; {words['before_none']}"
    before = format_decimal(facts["percent_before"], locale=language)
    return f"{kept}; {words['before'].format(percent=before)}"


def _length(minutes: int, words: Mapping[str, Any]) -> str:
    hours, rest = divmod(minutes, 60)
    return str(
        words["hours"].format(hours=hours, minutes=rest)
        if hours
        else words["minutes"].format(minutes=minutes)
    )


@cache
def _words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((CATALOGUES / f"{language}.toml").read_text("utf-8"))
