"""What the screens say: a folder a language, a file a subject; a language is added by adding its folder."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"
FIRST = "en"


class Catalogue:
    """The sentences of one language by their dotted names, like `board.to_ring`."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self.sentences = sentences

    @classmethod
    def of(cls, language: str) -> "Catalogue":
        """The catalogue of this language, else of the first one."""
        return _read(language if language in offered() else FIRST)

    def say(self, name: str, /, **values: object) -> str:
        """The sentence with its values put in; where `count` is one, that of `….one` if there is one."""
        if values.get("count") == 1 and f"{name}.one" in self.sentences:
            name = f"{name}.one"
        return self.sentences[name].format(**values)

    def knows(self, name: str) -> bool:
        """Whether there is such a sentence."""
        return name in self.sentences


@cache
def offered() -> tuple[str, ...]:
    """The languages that have a catalogue, the first one first."""
    found = {path.parent.name for path in WORDS.glob("*/*.toml")}
    return (FIRST, *sorted(found - {FIRST}))


@cache
def _read(language: str) -> Catalogue:
    files = sorted((WORDS / language).glob("*.toml"))
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return Catalogue(language, {name: said for table in tables for name, said in _flat(table)})


def _flat(tables: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, inside in tables.items():
        if isinstance(inside, dict):
            yield from _flat(inside, f"{before}{name}.")
        else:
            yield before + name, inside
