"""The telephone's page speaks its reader's language, whole: no sentence is left in another's."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests

import exchange
from exchange.live_box import LiveExchange
from exchange.page_words import FIRST, offered, words_of
from exchange.server import Served, serve
from tests.exchange.conftest import SID, TOKEN

PAGE = Path(exchange.__file__).parent / "page"
GAP = re.compile(r"\{\w+\}")
PARTLY = ("sent_", "ended_", "shelf_")
"""Names that are put together while the page runs, each with a word for what has none."""


@pytest.fixture
def telephone() -> Iterator[Served]:
    box = LiveExchange(SID, TOKEN, voice_url="http://127.0.0.1:9/call", numbers=["+18005550100"])
    with serve(box) as there:
        yield there
    box.close()


def opened(at: Served, asked: str = "", browser: str = "") -> tuple[str, dict[str, str]]:
    """The language of the page, and the words it gives its scripts."""
    page = requests.get(at.url + "/", params={"lang": asked}, headers={"Accept-Language": browser}, timeout=9)
    language = re.search(r'<html lang="(\w+)"', page.text)
    words = re.search(r'data-words="([^"]*)"', page.text)
    assert language
    assert words
    return language[1], json.loads(unescape(words[1]))


def test_every_language_has_every_sentence_with_the_same_gaps() -> None:
    assert offered() == ("en", "it")
    ours = {name: sorted(GAP.findall(words)) for name, words in words_of(FIRST).items()}
    for language in offered():
        assert {name: sorted(GAP.findall(words)) for name, words in words_of(language).items()} == ours


def test_nothing_italian_is_left_in_english() -> None:
    alike = [name for name, words in words_of("it").items() if GAP.sub("", words).strip(" ·") ==
             GAP.sub("", words_of(FIRST)[name]).strip(" ·")]  # fmt: skip
    assert alike == ["file"]


def test_every_word_is_said_somewhere_and_whatever_is_said_has_its_words() -> None:
    written = "".join(path.read_text() for path in [*PAGE.glob("*.js"), PAGE / "phone.html"])
    written += (PAGE.parent / "live.py").read_text()
    unsaid = [name for name in words_of(FIRST) if not name.startswith(PARTLY)
              and f'"{name}"' not in written and f"words.{name}" not in written]  # fmt: skip
    named = set(re.findall(r'\b(?:say|parts)\("([^"]+)"', written)) | set(
        re.findall(r"words\.(\w+)[ ,}]", written)
    )
    assert unsaid == []
    assert named - set(words_of(FIRST)) == set()


def test_the_page_is_in_the_language_it_is_asked_for_else_in_the_browsers(telephone: Served) -> None:
    assert opened(telephone, "it", "en") == ("it", words_of("it"))
    assert opened(telephone, "en", "it") == ("en", words_of("en"))
    assert opened(telephone, browser="de, it;q=0.8, en;q=0.2") == ("it", words_of("it"))
    assert opened(telephone, '../"><script>', "de") == ("en", words_of("en"))


def test_no_sentence_stands_in_the_page_itself() -> None:
    page = re.sub(r"\{[%{].*?[%}]\}|<svg.*?</svg>", "", (PAGE / "phone.html").read_text(), flags=re.DOTALL)
    shown = [words.strip() for words in re.findall(r">([^<>]+)<", page)]
    assert [words for words in shown if re.search(r"[A-Za-z]", words)] == []
    assert re.findall(r'(?:aria-label|title|placeholder)="[^"{]+"', page) == []
