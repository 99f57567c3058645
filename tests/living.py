"""A desk whose policy can change: its versions are in the database, begun by the file that ships."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import _sentences, _try_notice
from callbacks import policy_book
from callbacks.agent import by_sign_in
from callbacks.policy_in_force import Judge, PolicyInForce
from callbacks.work import Desk
from console.room import Lent
from settings import Settings
from tests.people import CODE_KEY, POLICY_FILE, Cast, Clock, shipped_policy
from tests.screens import CHEAP, PASSWORD, Visitor, make_screens, token


@pytest.fixture
def living(desk: Desk, cast: Cast, clock: Clock) -> Desk:
    """The file has been taken in; whoever asks for the policy has the newest at once."""
    desk.do(lambda work: policy_book.take_file(work, POLICY_FILE.read_text()))
    with desk.work() as work:
        for name in ("ada", "bruno", "sara", "dora"):
            person = by_sign_in(work.session, name)
            assert person is not None
            person.password_hash = CHEAP.digest(PASSWORD)
    return Desk(desk.engine, PolicyInForce(desk.engine, shipped_policy, Judge({})), CODE_KEY, clock)


@pytest.fixture
def house(living: Desk, settings: Settings, tmp_path: Path) -> Flask:
    """Its screens, with what the phone line and the worker lend them."""
    return make_screens(living, settings, Lent(_sentences, _try_notice))


def filled(page: str) -> dict[str, str]:
    """A form as its page came: what a browser would send back untouched."""
    import lxml.html  # type: ignore[import-untyped]

    (form,) = lxml.html.fromstring(page).xpath('//form[contains(@class, "rules")]')
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


def keep(visitor: Visitor, subject: str, /, **typed: str) -> TestResponse:
    """Open the page, type, press Keep."""
    page = visitor.open(f"/setup/{subject}")
    form = filled(page.text) | {name.replace("__", "."): value for name, value in typed.items()}
    return visitor.send(f"/setup/{subject}", csrf_token=token(page), **form)
