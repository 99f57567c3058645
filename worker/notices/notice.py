"""What people are told: a title, and one line for each request, in the desk's own language."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from callbacks import hand_over, retention
from callbacks.callback import Callback
from callbacks.figures import report, report_words
from callbacks.journal import Entry
from callbacks.wording import Words
from callbacks.work import Work
from worker.notices import for_nobody, handing_over

CATALOGUES = Path(__file__).parent / "words"
LONGEST = 50
"""Lines of one notice; of more only the number is told."""


@dataclass(frozen=True)
class Notice:
    """`about` is the move, by which a channel may choose how loud to be."""

    about: str
    title: str
    lines: tuple[str, ...]


def notice_of(work: Work, entries: Sequence[Entry], callbacks: Mapping[str, Callback]) -> Notice:
    """One notice for all that became true in one way: a burst is one message, not fifty."""
    language = work.policy.languages.offered[0]
    words, about = _words(language), _about(entries[0])
    said = words["titles"].get(about, words["titles"]["other"])
    title = said["one"] if len(entries) == 1 else said["many"].format(count=len(entries))
    lines = [
        each
        for entry in entries[:LONGEST]
        for each in _lines(work, words, language, entry, callbacks.get(entry.subject))
    ]
    if len(entries) > LONGEST:
        lines.append(words["lines"]["more"].format(count=len(entries) - LONGEST))
    return Notice(about, title, tuple(lines))


def grouped(entries: Sequence[Entry]) -> list[list[Entry]]:
    """By what they are about, in the order they became true."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_about(entry), []).append(entry)
    return list(groups.values())


def _about(entry: Entry) -> str:
    """The move; of a new request its kind, which is what somebody wants to hear of."""
    return str(entry.facts.get("kind", entry.move)) if entry.move == "received" else entry.move


def words_in(work: Work, languages: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
    """The first of a person's languages that notices speak, else the desk's own; and its words."""
    spoken = {path.stem for path in CATALOGUES.glob("*.toml")}
    language = next((each for each in languages if each in spoken), work.policy.languages.offered[0])
    return language, _words(language)


def _lines(
    work: Work, words: Mapping[str, Any], language: str, entry: Entry, callback: Callback | None
) -> list[str]:
    if entry.move == hand_over.MOVE:
        return handing_over.lines(words, entry)
    if entry.move == report.MOVE:
        return report_words.lines(entry.facts, language)
    if entry.move == retention.CARRIER_KEEPS:
        return [words["carrier_keeps"]["line"].format(**entry.facts)]
    return [line(work, words, language, entry, callback)]


def line(work: Work, words: Mapping[str, Any], language: str, entry: Entry, callback: Callback | None) -> str:
    """A whole telephone number is never told: who may see it finds it at the desk."""
    if callback is None:
        return ", ".join(f"{name}: {value}" for name, value in entry.facts.items()) or entry.move
    zone, lines = work.hours.zone, words["lines"]
    parts = [callback.reference, callback.subscription.company if callback.subscription else lines["unknown"]]
    parts += [callback.topic] if callback.topic else []
    if callback.opens and callback.closes:
        window = Words.of(language).window_short(callback.opens, callback.closes, work.now, zone, work.hours)
        parts.append(lines["window"].format(window=window))
    parts += for_nobody.words_for(work, words, language, entry)
    return ", ".join(parts)


@cache
def _words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((CATALOGUES / f"{language}.toml").read_text("utf-8"))
