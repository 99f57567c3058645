"""Doors, refusals, displays, and a request while phones ring: everybody can read and use them."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest
from flask import Flask
from playwright.sync_api import expect

from callbacks import dial as dials
from callbacks import handling
from callbacks.agent import by_sign_in
from callbacks.callback import by_reference
from callbacks.database import open_engine
from callbacks.dial import Dial
from callbacks.work import Desk, Work
from settings import Settings
from tests.browser.axe import in_both_lights
from tests.browser.conftest import NARROW, WIDE, OpenWindow, Window
from tests.browser.test_displays_in_a_browser import FAR, hung
from tests.browser.test_wall_in_a_browser import busy_desk  # noqa: F401 - pytest finds it by name
from tests.desk import Served
from tests.ringing import at_their_phones
from tests.screens import ask, make_screens


def can_be_read(window: Window, name: str, *, whole: bool = True, big: bool = False) -> None:
    """Nobody is shut out of it, nothing hangs out, and it is a picture."""
    faults = in_both_lights(window.page)
    assert not faults, "\n".join([name, *faults])
    window.fits_in_every_look(name, *([FAR] if big else [WIDE, NARROW]), whole=whole)


def test_the_door_before_and_after_a_wrong_password(open_window: OpenWindow) -> None:
    window = open_window()
    window.expects("401")
    window.page.goto(f"{window.url}/sign-in")
    can_be_read(window, "sign-in")
    window.page.get_by_label("Name").fill("ada")
    window.page.get_by_label("Password").fill("not hers")
    window.page.get_by_role("button", name="Sign in").click()
    expect(window.page.get_by_role("alert")).to_be_visible()
    can_be_read(window, "sign-in-wrong")


@pytest.mark.usefixtures("busy_desk")
def test_the_wall_on_a_big_screen_and_on_a_display_of_its_own(open_window: OpenWindow, place: Served) -> None:
    window = open_window(FAR)
    page = window.sign_in("sara")
    page.goto(f"{window.url}/wall?screen=big")
    can_be_read(window, "wall-big", whole=False, big=True)
    link = hung(open_window, place)
    display = open_window(FAR)
    display.expects("401")
    display.page.goto(link)
    expect(display.page).to_have_url(re.compile("/display$"))
    can_be_read(display, "display", whole=False, big=True)


def test_the_door_of_a_display(open_window: OpenWindow) -> None:
    window = open_window()
    window.expects("401")
    window.page.goto(f"{window.url}/display/begin")
    can_be_read(window, "display-door")
    window.page.get_by_label("Code").fill("none of ours")
    window.page.get_by_role("button").click()
    expect(window.page.get_by_role("alert")).to_be_visible()
    can_be_read(window, "display-door-wrong")


@pytest.mark.parametrize(("path", "code"), [("/setup/people", 403), ("/bord", 404), ("/account", 500)])
def test_what_is_refused(
    open_window: OpenWindow, place: Served, monkeypatch: pytest.MonkeyPatch, path: str, code: int
) -> None:
    window = open_window()
    window.expects(str(code))
    window.sign_in("ada")
    assert isinstance(place.app, Flask)
    monkeypatch.setitem(place.app.view_functions, "console.account", _stumbles)
    answer = window.page.goto(f"{window.url}{path}")
    assert answer is not None
    assert answer.status == code
    can_be_read(window, f"refused-{code}")


def _stumbles() -> NoReturn:
    raise ValueError("something of the program")


def test_a_desk_without_its_records(
    open_window: OpenWindow, place: Served, monkeypatch: pytest.MonkeyPatch, desk: Desk, settings: Settings
) -> None:
    window = open_window()
    window.expects("503")
    window.sign_in("ada", at="/account")
    away = make_screens(replace(desk, engine=open_engine("sqlite:////nowhere/at/all.sqlite3")), settings)
    away.testing = False
    monkeypatch.setattr(place, "app", away)
    answer = window.page.goto(f"{window.url}/board")
    assert answer is not None
    assert answer.status == 503
    can_be_read(window, "refused-503")


def test_a_request_while_it_waits_while_phones_ring_while_they_talk_and_when_it_is_to_be_wrapped_up(
    open_window: OpenWindow, desk: Desk
) -> None:
    reference = ask(desk, "Acme").reference
    window = open_window()
    page = window.sign_in("ada", at=f"/requests/{reference}")
    for stage, act, says in STAGES:
        desk.do(lambda work, act=act: act(work, reference))  # type: ignore[misc]
        page.reload()
        expect(page.locator("main")).to_contain_text(says)
        can_be_read(window, f"request-{stage}")


def _waits(_work: Work, _reference: str) -> None:
    """Nobody has it."""


def _is_rung(work: Work, reference: str) -> None:
    at_their_phones(work, "ada")
    callback, ada = by_reference(work.session, reference), by_sign_in(work.session, "ada")
    assert callback is not None
    assert ada is not None
    dial = handling.ring_agent(work, callback, ada)
    assert dial.take(work.now)
    dial.placed("CA1")


def _talks(work: Work, reference: str) -> None:
    dial = _dial(work, reference)
    handling.accepted(work, dial)
    handling.customer_answered(work, dial, "CA2")


def _is_wrapped_up(work: Work, reference: str) -> None:
    handling.customer_leg_over(work, _dial(work, reference), "completed", 90, bridged=True)


def _dial(work: Work, reference: str) -> Dial:
    callback = by_reference(work.session, reference)
    assert callback is not None
    live = dials.live_of(work.session, callback)
    assert live is not None
    return live


STAGES: list[tuple[str, Callable[[Work, str], None], str]] = [
    ("waiting", _waits, "Nobody has it yet"),
    ("rung", _is_rung, "Your phone is ringing"),
    ("talking", _talks, "Connected"),
    ("wrap-up", _is_wrapped_up, "say how it went"),
]
