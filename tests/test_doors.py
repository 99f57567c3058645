"""Whose each address is, tried from the list of routes: each role at every page, strangers at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from callbacks.agent import Agent, Role
from callbacks.journal import Entry
from callbacks.token import Scope
from callbacks.work import Desk
from console.api.resource import BASE
from console.api.table import operations
from console.page import Page
from console.pages import ANYBODY, DISPLAYS, OPEN, pages
from console.room import Room
from settings import Settings
from tests.api import program
from tests.screens import CHEAP, PASSWORD, Visitor, signed_in, token

SOME = {"int": "1", "path": "a/b"}
"""Something of the kind that an address asks for: what is refused is refused before it is looked for."""
BY_ROLE = {Role.AGENT: "ada", Role.SUPERVISOR: "sara", Role.ADMINISTRATOR: "dora"}


@dataclass(frozen=True)
class Address:
    """One way of asking, as the app lists it."""

    endpoint: str
    path: str
    method: str

    def asked_by(self, visitor: Visitor, **form: str) -> TestResponse:
        """As a browser would, with a form where there is one to send."""
        return visitor.client.open(self.path, method=self.method, data=form or None)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def listed(app: Flask) -> Iterator[Address]:
    """Every address of the app, and every way to ask it."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Address(rule.endpoint, _path(rule), method)


def _path(rule: Rule) -> str:
    """With something in each place that is to be filled in."""
    parts = ((name, kind.regex) for name, kind in rule._converters.items())
    values = {name: 1 if regex == r"\d+" else "hello" for name, regex in parts}
    built = rule.build(values)
    assert built is not None, rule
    return built[1]


def of_screens(app: Flask) -> list[Address]:
    """What people's browsers ask."""
    return [each for each in listed(app) if each.endpoint.startswith("console.")]


def roles(app: Flask) -> dict[str, tuple[Role, ...]]:
    """Whose each page is, as the list of pages says."""
    room = cast(Room, app.extensions["console"])
    return {page.endpoint: tuple(page.roles) for page in pages(room)}


@pytest.fixture
def doors(screens: Flask, desk: Desk) -> Flask:
    """The screens, where one person of each role may sign in."""
    with desk.work() as work:
        for person in work.session.scalars(select(Agent)):
            person.password_hash = CHEAP.digest(PASSWORD)
    return screens


@pytest.fixture
def whole(desk: Desk, settings: Settings) -> Flask:
    """The web application with everything it answers."""
    return create_app(settings, desk)


def lines(desk: Desk) -> int:
    """How much the journal holds."""
    with desk.reading() as work:
        return work.session.scalar(select(func.count()).select_from(Entry)) or 0


def test_every_address_of_the_screens_is_in_the_list_of_pages_or_named_as_open(screens: Flask) -> None:
    assert {each.endpoint for each in of_screens(screens)} == roles(screens).keys() | ANYBODY
    assert OPEN | DISPLAYS <= ANYBODY  # what a stranger gets of displays: tests/test_displays.py


def test_a_page_that_names_no_roles_is_not_made() -> None:
    with pytest.raises(ValueError, match="say its roles"):
        Page("/tomorrow", "tomorrow", lambda: "")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_let_into_its_own_pages_and_into_no_other(doors: Flask, role: Role) -> None:
    visitor, whose = signed_in(doors, BY_ROLE[role]), roles(doors)
    form = {"csrf_token": token(visitor.open("/account"))}
    pages = [each for each in of_screens(doors) if each.endpoint not in ANYBODY]
    shut = [each for each in pages if role not in whose[each.endpoint]]
    for each in shut:
        told = each.asked_by(visitor, **(form if each.method == "POST" else {}))
        assert told.status_code == 403, each
    for each in pages:
        if each not in shut and each.method == "GET":
            told = each.asked_by(visitor)
            assert told.status_code in {200, 302, 304, 404}, each
            assert not (told.location or "").startswith("/sign-in"), each


@pytest.mark.parametrize("role", list(Role))
def test_a_form_without_its_proof_is_refused_to_everybody(doors: Flask, desk: Desk, role: Role) -> None:
    visitor = signed_in(doors, BY_ROLE[role])
    before = lines(desk)
    forms = [each for each in of_screens(doors) if each.method != "GET"]
    assert len(forms) > 4
    for proof in ({}, {"csrf_token": ""}, {"csrf_token": "made-up"}):
        assert {str(each): each.asked_by(visitor, **proof).status_code for each in forms} == dict.fromkeys(
            map(str, forms), 400
        )
    assert lines(desk) == before


@pytest.mark.parametrize("role", list(Role))
def test_a_link_changes_nothing(doors: Flask, desk: Desk, role: Role) -> None:
    visitor = signed_in(doors, BY_ROLE[role])
    before = lines(desk)
    for each in of_screens(doors):
        if each.method == "GET":
            each.asked_by(visitor)
    assert lines(desk) == before
    assert visitor.open("/account").status_code == 200


def test_a_stranger_is_sent_to_sign_in_or_told_to_and_sees_nothing(doors: Flask, desk: Desk) -> None:
    stranger, before = Visitor(doors), lines(desk)
    form = {"csrf_token": token(stranger.open("/sign-in"))}
    for each in of_screens(doors):
        if each.endpoint in OPEN | DISPLAYS:
            continue
        answer = each.asked_by(stranger, **(form if each.method == "POST" else {}))
        led = answer.status_code == 302 and answer.location.startswith("/sign-in")
        assert led or answer.status_code == 401, each
        assert "Acme" not in answer.text
    assert lines(desk) == before


def test_a_program_needs_a_token_of_the_right_scope_at_every_operation(screens: Flask, desk: Desk) -> None:
    room = cast(Room, screens.extensions["console"])
    known = [each for each in operations(room) if each.scope]
    assert {BASE + each.path for each in known} <= {rule.rule for rule in screens.url_map.iter_rules()}
    keys = {scope: program(screens, desk, f"only-{scope}", scope) for scope in Scope}
    for each in known:
        path = each.path.replace("<reference>", "123456").replace("<sign_in>", "ada")
        assert screens.test_client().open(BASE + path, method=each.method).status_code == 401, path
        for scope, key in keys.items():
            refused = key.ask(path, each.method).status_code == 403
            assert refused == (scope != each.scope), (path, scope)


def test_what_the_api_lists_beside_its_operations_tells_of_nobody(screens: Flask) -> None:
    room = cast(Room, screens.extensions["console"])
    known = {BASE + each.path for each in operations(room) if each.scope}
    beside = {rule.rule for rule in screens.url_map.iter_rules() if rule.endpoint.startswith("api.")} - known
    assert beside == {f"{BASE}/openapi.json", f"{BASE}/", f"{BASE}/<path:rest>"}


def test_whatever_else_the_app_answers_is_the_carriers_or_a_machines(whole: Flask) -> None:
    rooms = {each.endpoint.partition(".")[0] for each in listed(whole)}
    assert rooms == {"console", "api", "machines", "ivr", "sound"}


def test_what_is_not_signed_by_the_carrier_is_refused_at_each_of_its_addresses(whole: Flask) -> None:
    stranger = whole.test_client()
    for each in listed(whole):
        if each.endpoint.startswith(("ivr.", "sound.")):
            assert stranger.open(each.path, method=each.method).status_code in {403, 404}, each
