"""What callers may say, one file a language: words of numbers, of days and of times."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def known_words(language: str) -> Mapping[str, Any]:
    """The words understood in this language; empty where it has none."""
    path = FOLDER / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def words_in(speech: str) -> list[str]:
    """The words said, in small letters without accents; runs of digits and clock times are words too."""
    plain = unicodedata.normalize("NFKD", speech.casefold()[:500])
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"\b([ap])\.?\s?m\b\.?", r" \1m ", plain)
    return re.findall(r"\d{1,2}[:.]\d\d(?!\d)|\d+|[^\W\d_]+|\+", plain)
