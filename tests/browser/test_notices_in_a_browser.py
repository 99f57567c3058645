"""A person is told in the corner of whatever page is open; once, as text, and only of what they want."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from callbacks import handling
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.work import Desk
from tests.browser.conftest import NARROW, OpenWindow
from tests.screens import ask

HOSTILE = "<img src=x onerror=alert(1)>\"'& Co."


def give(desk: Desk, name: str, company: str = "Acme") -> Callback:
    """Sara gives this person a new request of Acme's, whatever Acme is called now."""
    callback = ask(desk, "Acme", number="+390299988877")
    with desk.work() as work:
        held, person = work.held(Callback, callback.id), by_sign_in(work.session, name)
        assert held
        assert held.subscription
        assert person
        held.subscription.company = company
        held.assign(work, person, "agent:sara")
    return callback


def look_again(page: Page) -> None:
    """What happens by itself every ten seconds, now."""
    with page.expect_response(re.compile(r"/notices/new")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_what_is_given_to_ada_is_told_in_the_corner_as_text_and_once(
    open_window: OpenWindow, desk: Desk
) -> None:
    page = open_window().sign_in("ada")
    page.on("dialog", lambda _dialog: pytest.fail("a script of a stranger ran"))
    callback = give(desk, "ada", HOSTILE)
    look_again(page)
    toast = page.locator(".toast")
    expect(toast).to_have_count(1)
    expect(toast).to_contain_text(f"Yours now×{HOSTILE}")
    look_again(page)
    expect(toast).to_have_count(1)
    toast.get_by_role("link", name="Yours now").click()
    page.wait_for_url(f"**/requests/{callback.reference}")
    look_again(page)
    expect(page.locator(".toast")).to_have_count(0)


def test_put_away_it_is_away_and_bruno_hears_nothing(open_window: OpenWindow, desk: Desk) -> None:
    ada, bruno = open_window(NARROW).sign_in("ada"), open_window().sign_in("bruno")
    give(desk, "ada")
    for page in (ada, bruno):
        look_again(page)
    ada.get_by_role("button", name="Put away").click()
    for page in (ada, bruno):
        expect(page.locator(".toast")).to_have_count(0)


def test_who_wants_none_in_the_page_ticks_none(open_window: OpenWindow, desk: Desk) -> None:
    window = open_window(NARROW)
    page = window.sign_in("ada")
    page.get_by_role("link", name="My notices").click()
    page.get_by_role("checkbox", name="given to me").first.uncheck()
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.locator(".said")).to_have_text("Kept.")
    expect(page.get_by_role("checkbox", name="given to me").first).not_to_be_checked()
    assert window.fits()
    give(desk, "ada")
    look_again(page)
    expect(page.locator(".toast")).to_have_count(0)


def test_the_browser_is_asked_by_a_button_alone(open_window: OpenWindow, desk: Desk) -> None:
    page = open_window().sign_in("ada")
    page.context.add_init_script(
        "window.asked = 0; window.Notification = class { static permission = 'default';"
        " static async requestPermission() { asked += 1; return this.permission = 'granted'; } }"
    )
    page.get_by_role("link", name="My notices").click()
    expect(page.locator("#browser")).to_contain_text("has not been asked yet")
    assert page.evaluate("asked") == 0
    page.get_by_role("button", name="Allow in this browser").click()
    expect(page.locator("#browser")).to_contain_text("lets the desk tell you")
    assert page.evaluate("asked") == 1


def test_what_ada_has_open_is_told_when_it_is_offered_to_her(open_window: OpenWindow, desk: Desk) -> None:
    page = open_window().sign_in("ada")
    with desk.work() as work:
        person = by_sign_in(work.session, "ada")
        assert person
        callback = work.session.scalars(select(Callback).where(Callback.state == "waiting")).first()
        assert callback
        handling.ring_agent(work, callback, person)
    look_again(page)
    expect(page.locator(".toast")).to_contain_text("Offered to you")
