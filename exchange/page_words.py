"""What the telephone's page says, a file a language; a language is added by adding its file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from werkzeug.datastructures import LanguageAccept

WORDS = Path(__file__).parent / "words"
FIRST = "en"


@cache
def offered() -> tuple[str, ...]:
    """The languages there are words in, the first one first."""
    return (FIRST, *sorted({path.stem for path in WORDS.glob("*.toml")} - {FIRST}))


@cache
def words_of(language: str) -> Mapping[str, str]:
    """The page's words by their names."""
    return tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))


def language_for(asked: str, accepted: LanguageAccept) -> str:
    """What the page's address asks for, else what the browser prefers, of the languages there are."""
    return asked if asked in offered() else accepted.best_match(offered()) or FIRST
