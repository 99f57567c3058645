"""No page leads its reader to a door that is shut: every link of every page is followed, as each role."""

import re
from html import unescape

import pytest
from flask import Flask

from callbacks.agent import Role
from callbacks.call import Kind
from callbacks.work import Desk
from console.room import Lent, Practice
from settings import Settings
from tests.people import Cast
from tests.screens import Visitor, ask, give_passwords, make_screens, signed_in

NOWHERE = "http://127.0.0.1:9"
BY_ROLE = {Role.AGENT: "ada", Role.SUPERVISOR: "sara", Role.ADMINISTRATOR: "dora"}


@pytest.fixture
def screens(desk: Desk, cast: Cast, settings: Settings) -> Flask:
    """The screens of a desk where something is open and may be called from the page."""
    give_passwords(desk)
    ask(desk)
    ask(desk, "Bolt", topic="billing")
    ask(desk, None, Kind.NO_MESSAGE)
    return make_screens(desk, settings, Lent(practice=Practice(NOWHERE, lambda: {"Acme": "123456"}, desk)))


def followed(visitor: Visitor) -> dict[str, int]:
    """Every kind of address that the pages lead to, and how it was answered."""
    told, ways = dict[str, int](), ["/"]
    while ways:
        page = visitor.client.get(way := ways.pop(), follow_redirects=True)
        told[_kind(way)] = page.status_code
        if page.mimetype == "text/html":
            links = {unescape(each) for each in re.findall(r'href="(/[^"#]*)', page.text)}
            new = {_kind(each): each for each in links if _kind(each) not in told}
            told |= dict.fromkeys(new, 0)
            ways += new.values()
    return told


def _kind(way: str) -> str:
    """One of each is followed, whatever number, name or question it carries."""
    return re.sub(r"\d+|(?<=prompts/).*", "1", way.partition("?")[0])


@pytest.mark.parametrize("role", list(Role))
def test_no_page_leads_to_a_door_that_is_shut_to_its_reader(screens: Flask, role: Role) -> None:
    told = followed(signed_in(screens, BY_ROLE[role]))
    assert {way: status for way, status in told.items() if status != 200} == {}
    assert len(told) > 10
