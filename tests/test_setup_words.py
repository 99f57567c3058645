"""Whatever is refused on the pages of setting up is said in the reader's language."""

import re
from pathlib import Path

import pytest

import callbacks
import console
from console.catalogue import Catalogue, offered

NAMED = re.compile(r"(?:Sentence|Unread|_fault)\(\s*\"([a-z_0-9]+)\"")
CORE = ("amending", "csv_import", "shifts", "staffing", "subscribing", "terms", "token")


def named() -> set[str]:
    """The names of all sentences that these pages may come to say."""
    files = [Path(callbacks.__file__).parent / f"{name}.py" for name in CORE]
    files += (Path(console.__file__).parent / "setup").glob("*.py")
    return {name for path in files for name in NAMED.findall(path.read_text())}


@pytest.mark.parametrize("language", offered())
def test_every_refusal_has_its_words(language: str) -> None:
    assert len(named()) > 40
    assert [name for name in sorted(named()) if not Catalogue.of(language).knows(f"mend.{name}")] == []
