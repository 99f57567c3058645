"""Whoever did something is named as a person would name them, and never by a sign-in."""

import pytest
from flask import Flask
from markupsafe import escape

from callbacks import journal, policy_book
from callbacks.agent import by_sign_in
from callbacks.moves import Move
from callbacks.policy.editing import Changes
from callbacks.policy_book import THE_FILE, Hand
from callbacks.work import Desk
from tests.living import filled
from tests.screens import ask, signed_in, token

NAMED = {
    "en": {"agent:sara": "Sara", "administrator": "The administrator", THE_FILE: "The file"},
    "it": {"agent:sara": "Sara", "administrator": "L'amministratore", THE_FILE: "Il file"},
}


def _shown(name: str) -> str:
    """As a page writes it."""
    return str(escape(name))


def _reads(desk: Desk, sign_in: str, language: str) -> None:
    """From now on this person's pages are in this language."""
    with desk.work() as work:
        person = by_sign_in(work.session, sign_in)
        assert person is not None
        person.languages = [language]


@pytest.mark.parametrize("by", list(NAMED["en"]))
@pytest.mark.parametrize("language", list(NAMED))
def test_who_was_first_and_who_made_a_version_is_named(
    house: Flask, living: Desk, by: str, language: str
) -> None:
    dora, name = signed_in(house, "dora"), NAMED[language][by]
    _reads(living, "dora", language)
    page = dora.open("/setup/hours")
    theirs: Changes = {("office", "name"): "Zenith"}
    living.do(lambda work: policy_book.change(work, theirs, Hand(by)))
    living.look_again()
    typed = filled(page.text) | {"office.name": "Zephyr"}
    told = dora.send("/setup/hours", csrf_token=token(page), **typed)
    assert told.status_code == 409
    said = "changed the same" if language == "en" else "ha modificato la stessa cosa"
    assert f"{_shown(name)} {said}" in told.text
    assert f"<span>{_shown(name)}</span>" in dora.open("/setup/history").text


@pytest.mark.parametrize("language", list(NAMED))
def test_the_command_line_is_named_in_the_journal_of_a_request(
    screens: Flask, desk: Desk, language: str
) -> None:
    bruno, callback = signed_in(screens, "bruno"), ask(desk)
    _reads(desk, "bruno", language)
    desk.do(lambda work: journal.write(work, callback.subject, Move.NOTED, "administrator"))
    page = bruno.open(f"/requests/{callback.reference}").text
    assert _shown(NAMED[language]["administrator"]) in page
    assert ">administrator<" not in page
