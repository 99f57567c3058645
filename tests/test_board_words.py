"""Every sentence of the screens stands in every language, with the same things to fill in."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

import console
from callbacks import journal
from callbacks.call import Kind
from callbacks.moves import Disposition, Move
from callbacks.promise import LatenessState
from callbacks.work import Desk
from console.buttons import BUTTONS
from console.catalogue import FIRST, Catalogue, _flat, offered
from tests.screens import Visitor, ask

ROOM = Path(console.__file__).parent
PAGES = "\n".join(path.read_text() for path in [*ROOM.rglob("*.html"), *ROOM.glob("*.py")])
GROWN = (
    *(f"move.{move}" for move in Move),
    *(f"disposition.{each}" for each in Disposition),
    *(f"kind.{kind}" for kind in Kind),
    *(f"lateness.{state}" for state in LatenessState),
    *(f"done.{name}" for name in BUTTONS),
    *(f"acts.{name}" for name in BUTTONS if name != "note"),
)
"""Names that are put together from the core's own words."""


def filled_in(sentence: str) -> set[str]:
    """The names of what is put into it."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", offered())
def test_no_two_files_give_one_name_to_different_sentences(language: str) -> None:
    files = sorted((ROOM / "words" / language).glob("*.toml"))
    names = [name for path in files for name, _ in _flat(tomllib.loads(path.read_text("utf-8")))]
    assert [name for name, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize("language", offered())
def test_a_language_has_every_sentence_with_the_same_things_in_it(language: str) -> None:
    first, other = Catalogue.of(FIRST).sentences, Catalogue.of(language).sentences
    assert first.keys() == other.keys()
    differing = {name for name in first if filled_in(first[name]) != filled_in(other[name])}
    assert not differing


@pytest.mark.parametrize("language", offered())
def test_whatever_the_core_may_say_has_its_words(language: str) -> None:
    assert [name for name in GROWN if not Catalogue.of(language).knows(name)] == []


def test_every_sentence_that_a_page_asks_for_exists() -> None:
    asked = set(re.findall(r"say\(\s*\"([a-z_.0-9]+[a-z0-9])\"", PAGES))
    assert len(asked) > 50
    assert not asked - Catalogue.of(FIRST).sentences.keys()


def test_one_is_said_as_one() -> None:
    words = Catalogue.of("en")
    assert words.say("board.rings", count=1) == "rung once"
    assert words.say("board.rings", count=2) == "rung 2 times"


READS_WITH_ANY = {
    "figures.missed", "figures.before_count", "figures.cell", "subscription.newest_requests",
    "several.chosen", "mend.policy.too_many",
}  # fmt: skip
"""Sentences that are right of one as of many, in every language."""


@pytest.mark.parametrize("language", offered())
def test_whatever_is_counted_is_said_of_one_too(language: str) -> None:
    known = Catalogue.of(language).sentences
    counted = {name for name, said in known.items() if "{count}" in said and not name.endswith(".one")}
    assert {name for name in counted if f"{name}.one" not in known} == READS_WITH_ANY
    alone = {name for name in known if name.endswith(".one") and name.removesuffix(".one") not in known}
    assert not alone


def test_an_unknown_language_is_answered_in_the_first() -> None:
    assert Catalogue.of("tlh").language == FIRST


def test_any_line_of_a_journal_can_be_read_whatever_it_holds(
    ada: Visitor, bruno: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    with desk.work() as work:
        for move in (*Move, "something new"):
            journal.write(work, callback.subject, move, "desk")
            journal.write(work, callback.subject, move, "somebody", facts={"again": None, "strange": [1]})
    for visitor in (ada, bruno):
        assert visitor.open(f"/requests/{callback.reference}").status_code == 200
