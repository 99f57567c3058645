"""Italian is complete: every link of every page is followed, as each role, and no English is read there."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import select

from app import _sentences
from callbacks import policy_book
from callbacks.agent import Agent, Role
from callbacks.call import Kind
from callbacks.policy_book import Hand
from callbacks.work import Desk
from console.room import Lent, Practice
from launch.demo import fill
from settings import Settings
from tests.screens import CHEAP, PASSWORD, Visitor, ask, make_screens, signed_in
from tests.test_ways import BY_ROLE, NOWHERE, _kind

READ = ("title", "aria-label", "placeholder", "alt", "data-words", "data-label")
"""What is read of an element beside its text."""

QUIET = ("script", "style", "svg", "code", "datalist")
NEVER_CLOSED = ("input", "link", "meta", "br", "img", "hr", "use", "path", "rect", "circle", "col")
ENGLISH = """
    the of and is are was were be been with for from this that not what who when where why how you your they
    their has have had will would yes every any nobody somebody page kept late today tomorrow yesterday
    request requests callback callbacks caller callers topic number numbers hour hours agents nothing open
    closed opened ready busy away true false mon tue wed thu fri sat sun minutes days week changed
"""
"""Words that no Italian page has a use for, outside names."""


BY_PEOPLE = re.compile(r"Pre-Paid Hours|Voicemail: asked them to expect us later today\.")
"""What somebody of the demo has called something, or noted."""


class Read(HTMLParser):
    """The words of a page that are in its own language."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        other = said.get("lang") not in (None, "it")
        if not self.is_quiet and not other:
            self.words += [said[name] or "" for name in READ if said.get(name)]
        if tag not in NEVER_CLOSED:
            self.inside.append("script" if other else tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.is_quiet:
            self.words.append(" ".join(data.split()))

    @property
    def is_quiet(self) -> bool:
        return any(each in QUIET for each in self.inside)


@pytest.fixture
def screens(desk: Desk, settings: Settings) -> Flask:
    """A desk with something of everything, whose people read Italian; somebody has changed its hours."""
    fill(desk, settings, CHEAP)
    with desk.work() as work:
        for person in work.session.scalars(select(Agent)):
            person.languages, person.password_hash = ["it", "en"], CHEAP.digest(PASSWORD)
        hand = Hand("agent:dora", "10.0.0.1", "prova")
        policy_book.change(
            work, {("office", "hours", "fri"): ["09:00-13:00"], ("promise", "window"): "3h"}, hand
        )
    ask(desk, None, Kind.NO_MESSAGE)
    practice = Practice(NOWHERE, lambda: {"Acme": "123456"}, desk)
    return make_screens(desk, settings, Lent(_sentences, practice=practice))


def read(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Every kind of page that the pages lead to, and each piece of what it says."""
    ways, known = (
        ["/", "/setup/journal?subject=all", "/setup/prompts?language=it", "/no-such-page"],
        set[str](),
    )
    while ways:
        page = visitor.client.get(way := ways.pop(0), follow_redirects=True)
        if _kind(way) not in known and page.mimetype == "text/html":
            reader = Read()
            reader.feed(page.text)
            assert '<html lang="it"' in page.text, way
            yield from ((way, piece) for piece in reader.words)
            ways += [unescape(each) for each in re.findall(r'href="(/[^"#]*)', page.text)]
        known.add(_kind(way))


def words_of(piece: str) -> list[str]:
    """Those of a sentence: signs of countries and provinces, all in capitals, are none."""
    return [each.casefold() for each in re.findall(r"\b[A-Za-z][a-z_]+\b", BY_PEOPLE.sub("", piece))]


@pytest.mark.parametrize("role", list(Role))
def test_no_page_has_a_word_of_english_in_it(screens: Flask, role: Role) -> None:
    visitor = signed_in(screens, BY_ROLE[role])
    visitor.language = "it"
    said, english = list(read(visitor)), set(ENGLISH.split())
    left = [(way, piece) for way, piece in said if english & set(words_of(piece))]
    assert left == []
    assert len({way for way, _ in said}) > 8


def test_the_reader_would_find_english_if_it_were_there() -> None:
    reader = Read()
    reader.feed('<p title="Every page">Chi <b>is late</b><q lang="en">not this</q><code>nor that</code></p>')
    assert reader.words == ["Every page", "Chi", "is late"]
