"""Dora, the administrator, at her browser, and what she reads there."""

import re

import pytest
from flask import Flask

from callbacks import journal
from callbacks.agent import Agent, by_sign_in
from callbacks.journal import Entry
from callbacks.work import Desk
from tests.screens import CHEAP, PASSWORD, Visitor, signed_in
from tests.test_board import plain


@pytest.fixture
def dora(screens: Flask, desk: Desk) -> Visitor:
    """Dora, who administers the desk, signed in."""
    with desk.work() as work:
        person = by_sign_in(work.session, "dora")
        assert person is not None
        person.password_hash = CHEAP.digest(PASSWORD)
    return signed_in(screens, "dora")


def known(desk: Desk, sign_in: str) -> Agent:
    """The person as the desk knows them now."""
    with desk.reading() as work:
        person = by_sign_in(work.session, sign_in)
        assert person is not None
        return person


def shown_once(text: str) -> str:
    """What a page shows this once."""
    found = re.search(r"data-once>([^<]+)<", text)
    assert found is not None, plain(text)
    return found[1]


def last_line(desk: Desk) -> Entry:
    """The newest line of the desk's own journal."""
    with desk.reading() as work:
        return journal.lines(work.session, journal.DESK)[-1]
