"""The desk's screens in tests: the app without a server, and a visitor who signs in and presses buttons."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from werkzeug.test import TestResponse

import console
from callbacks import intake, sign_in
from callbacks.agent import by_sign_in
from callbacks.call import Kind, held
from callbacks.callback import Callback
from callbacks.intake import Recording
from callbacks.subscription import by_company
from callbacks.work import Desk, Work
from console.passwords import Passwords
from console.room import Lent, Room
from settings import Settings
from tests.people import ACME_PHONE, Cast

PASSWORD = "the-same-for-all"
TEMPLATES = FileSystemBytecodeCache()
"""Every app of a run shares them: to compile a template takes longer than to show it."""
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""A digest that costs nothing, for people of tests alone."""


def make_screens(desk: Desk, settings: Settings, lent: Lent | None = None) -> Flask:
    """The console by itself, on this desk."""
    app = Flask("tests", static_folder=None)
    app.testing = True
    app.jinja_env.bytecode_cache = TEMPLATES
    console.register(app, desk, settings, lambda _engine: True, CHEAP, lent=lent)
    return app


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The place of a desk that is only tried."""
    return Settings.load({"VAR_FOLDER": str(tmp_path)})


@pytest.fixture
def screens(desk: Desk, cast: Cast, settings: Settings) -> Flask:
    """The screens of a desk where Ada, Bruno, Sara and Dora may sign in."""
    give_passwords(desk)
    return make_screens(desk, settings)


def give_passwords(desk: Desk) -> None:
    """All of them have the same."""
    with desk.work() as work:
        for name in ("ada", "bruno", "sara", "dora"):
            person = by_sign_in(work.session, name)
            assert person is not None
            person.password_hash = CHEAP.digest(PASSWORD)


@pytest.fixture
def statements(desk: Desk) -> Iterator[list[str]]:
    """What the database is asked from now on."""
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(desk.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(desk.engine, "before_cursor_execute", listen)


class Visitor:
    """Somebody at a browser."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.language = language

    def open(self, path: str, **headers: str) -> TestResponse:
        """Go to this page."""
        return self.client.get(path, headers={"Accept-Language": self.language, **headers}, buffered=True)

    def sign_in(self, name: str, password: str = PASSWORD, **query: str) -> TestResponse:
        """Fill in the form and send it."""
        page = self.open("/sign-in")
        form = {"name": name, "password": password, "csrf_token": token(page)}
        headers = {"Accept-Language": self.language}
        return self.client.post("/sign-in", data=form, query_string=query, headers=headers)

    def press(
        self, callback: Callback, button: str, page: TestResponse | None = None, **typed: str
    ) -> TestResponse:
        """Press a button on the request's page: on this one, opened before, or on a fresh one."""
        page = page or self.open(f"/requests/{callback.reference}")
        form = {"csrf_token": token(page), "seen": hidden(page, "seen"), **typed}
        return self.client.post(f"/requests/{callback.reference}/{button}", data=form)

    def send(self, path: str, **form: Any) -> TestResponse:
        """A form as it comes, without what a page would add."""
        return self.client.post(path, data=form)


@pytest.fixture
def ada(screens: Flask) -> Visitor:
    """Ada at her browser, signed in."""
    return signed_in(screens, "ada")


@pytest.fixture
def bruno(screens: Flask) -> Visitor:
    """Bruno at his browser, signed in; his screens are in Italian."""
    return signed_in(screens, "bruno")


@pytest.fixture
def sara(screens: Flask) -> Visitor:
    """Sara, who supervises."""
    return signed_in(screens, "sara")


def signed_in(app: Flask, name: str) -> Visitor:
    """This person at a browser of their own, with what the form gives who signs in by it."""
    visitor, room = Visitor(app), cast(Room, app.extensions["console"])
    with visitor.client.session_transaction() as cookie:
        cookie.permanent, cookie["_user_id"] = True, room.desk.do(lambda work: _stay(work, name))
    return visitor


def by_the_form(app: Flask, name: str) -> Visitor:
    """This person, who has typed name and password."""
    visitor = Visitor(app)
    assert visitor.sign_in(name).status_code == 302
    return visitor


def _stay(work: Work, name: str) -> str:
    person = by_sign_in(work.session, name)
    assert person is not None
    assert person.password_hash, f"{name} cannot sign in"
    return sign_in.begin(work, person, "127.0.0.1")


def token(page: TestResponse) -> str:
    """The proof against forged forms that a page carries."""
    return hidden(page, "csrf_token")


def hidden(page: TestResponse, name: str) -> str:
    """A hidden field's value."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def ask(
    desk: Desk,
    company: str | None = "Acme",
    kind: Kind = Kind.CALLBACK,
    *,
    number: str | None = ACME_PHONE,
    topic: str | None = "delivery",
    told: str = "We will call you back between 3:10 and 5:10 this afternoon.",
) -> Callback:
    """Somebody calls and leaves a message now. Who asks again from the same number joins it."""

    def take(work: Work) -> Callback:
        known = by_company(work.session, company) if company else None
        sid = f"{work.now:%d%H%M%S%f}{company}{kind}"
        call = held(work, f"CA{sid}", number or "anonymous", "+18889624587")
        call.subscription_id = known.id if known else None
        call.language, call.answers = "en", {"number": number, "topic": topic, "level": 1}
        call.asks_for_message(3, kind)
        recording = Recording(f"RE{sid}", "https://carrier.example/recording", 23)
        silent = kind is Kind.NO_MESSAGE
        callback = intake.take_message(work, call, 3, None if silent else recording)
        callback.told_caller(work, told)
        return callback

    return desk.do(take)
