"""Whatever can be wrong with a policy is said on its pages in the reader's language, with the mend."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from flask import Flask

import callbacks
import ivr
from callbacks.agent import by_sign_in
from callbacks.errors import PolicyError
from callbacks.policy import Policy
from callbacks.work import Desk
from console.catalogue import Catalogue, offered
from console.setup.hand import said_by_place
from tests.living import keep
from tests.policies import SHIPPED, with_line
from tests.screens import Visitor, signed_in, token
from tests.test_policy_faults import CALENDAR_FAULTS, ONE_FAULT, TEN_FAULTS

CORE = Path(callbacks.__file__).parent
SAID_BY = [
    *(CORE / "policy").glob("*.py"),
    CORE / "policy_book.py",
    Path(ivr.__file__).parent / "catalogue.py",
]
ENGLISH = re.compile(r"\b(is|not|write|the|has|and|or|it like|did you)\b")


def named() -> Iterator[tuple[str, set[str]]]:
    """Every sentence, and what it can be filled with."""
    for path in SAID_BY:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"fault", "Wrong"}:
                if path.name == "faults.py":
                    continue
                assert isinstance(node.args[0], ast.Constant), ast.unparse(node)
                yield str(node.args[0].value), {word.arg for word in node.keywords if word.arg}


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", offered())
def test_every_sentence_has_its_words_and_nothing_is_asked_of_it_that_it_does_not_know(language: str) -> None:
    known, sentences = Catalogue.of(language).sentences, list(named())
    assert len(sentences) > 100
    assert [name for name, _ in sentences if f"mend.policy.{name}" not in known] == []
    assert [name for name, filled in sentences if gaps(known[f"mend.policy.{name}"]) - filled] == []
    left = {name.removeprefix("mend.policy.") for name in known if name.startswith("mend.policy.")}
    assert left - {name for name, _ in sentences} == set()


def faulty() -> Iterator[str]:
    """Every policy that the other tests know to be at fault."""
    yield TEN_FAULTS
    yield from (with_line(old, new)[0] for old, new, _ in ONE_FAULT)
    yield from (f"{SHIPPED}[[office.closures]]\n{closure}\n" for closure, _, _ in CALENDAR_FAULTS)


@pytest.mark.parametrize("text", list(faulty()))
def test_what_an_italian_reads_is_italian_and_ends_as_a_sentence_does(text: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        Policy.parse(text, environ={})
    assert refusal.value.placed
    for said in said_by_place(Catalogue.of("it"), refusal.value).values():
        assert not ENGLISH.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", said)), said
        assert said[-1] in ".?", said
    for said in said_by_place(Catalogue.of("en"), refusal.value).values():
        assert said[-1] in ".?", said


@pytest.fixture
def dora(house: Flask, living: Desk) -> Visitor:
    """Dora, who administers in Italian."""
    with living.work() as work:
        person = by_sign_in(work.session, "dora")
        assert person is not None
        person.languages = ["it"]
    return signed_in(house, "dora")


def test_beside_a_field_stands_its_fault_in_italian(dora: Visitor) -> None:
    page = keep(dora, "hours", office__hours__mon="9-13", office__zone="Rome", office__email="x").text
    assert "non è una fascia oraria: scrivi orari da 00:00 a 24:00, come 09:00-13:00." in page
    assert "non è un fuso orario: volevi dire Europe/Rome?" in page
    assert "non è un indirizzo e-mail" in page
    assert "is not" not in page
    assert 'lang="en"' not in page


def test_a_fault_that_another_page_holds_names_that_page(dora: Visitor, living: Desk) -> None:
    page = dora.open("/setup/closures")
    form = {"kind": "closures", "name": "Lunedì", "rule": "FREQ=WEEKLY;BYDAY=MO"}
    dora.send("/setup/closures/add", csrf_token=token(page), **form)
    living.look_again()
    week = {f"office__hours__{day}": "" for day in ("tue", "wed", "thu", "fri")}
    told = keep(dora, "hours", **week)
    assert told.status_code == 422
    assert "Chiusure e aperture: L&#39;ufficio non aprirebbe mai più" in told.text


def test_the_faults_of_a_closure_are_italian_too(dora: Visitor) -> None:
    page = dora.open("/setup/closures")
    form = {
        "kind": "closures",
        "name": "Ferie",
        "from": "2027-08-20",
        "until": "2027-08-09",
        "rule": "ogni lunedì",
    }
    told = dora.send("/setup/closures/add", csrf_token=token(page), **form).text
    assert "non è una regola" in told
    assert "is not" not in told
    nameless = dora.send("/setup/closures/add", csrf_token=token(page), kind="closures", name="Ferie").text
    assert "non ha né un giorno né una regola" in nameless


@pytest.mark.parametrize("place", ["7", "-1", "x", "", "999999"])
def test_what_is_not_in_the_list_is_answered_in_one_sentence(dora: Visitor, place: str) -> None:
    page = dora.open("/setup/closures")
    form = {"csrf_token": token(page), "seen": "1", "kind": "closures", "place": place}
    told = dora.send("/setup/closures/remove", **form)
    assert told.status_code in {302, 409}
    assert "index" not in told.text
    if told.status_code == 409:
        assert "guarda di nuovo, poi decidi" in told.text
