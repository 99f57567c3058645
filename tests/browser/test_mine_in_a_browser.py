"""Ada at her own list: it lives by itself, counts down what is offered, and goes on without its stream."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from callbacks import handling
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.moves import State
from callbacks.work import Desk, Work
from tests.browser.conftest import CUT, NARROW, OpenWindow
from tests.people import Clock
from tests.ringing import at_their_phones
from tests.screens import ask

EVENTS = re.compile(r"/events\?of=")
"""Where a page listens, for what lives on it."""

SOON = 4_500
"""Milliseconds in which only its stream can have told the page: it asks by itself every five seconds."""


def mine(open_window: OpenWindow) -> Page:
    """Ada's own list, once its stream is open."""
    window = open_window()
    with window.page.expect_response(EVENTS):
        return window.sign_in("ada", "/mine")


def offer(desk: Desk, sign_in: str = "ada") -> int:
    """Her phone rings for the first that may be rung; the dial's id."""

    def ring(work: Work) -> int:
        at_their_phones(work, sign_in)
        waiting = select(Callback).where(Callback.state == State.WAITING, Callback.number.is_not(None))
        first = work.session.scalars(waiting.where(Callback.ring_from <= work.now).order_by(Callback.closes))
        agent = by_sign_in(work.session, sign_in)
        assert agent is not None
        dial = handling.ring_agent(work, next(iter(first)), agent)
        dial.leg, dial.agent_call_sid = "agent", f"CA{dial.id:032}"
        return dial.id

    return desk.do(ring)


def test_a_call_that_comes_in_stands_on_her_list_within_two_seconds(
    open_window: OpenWindow, desk: Desk
) -> None:
    page = mine(open_window)
    rows = page.locator("#next .row").count()
    ask(desk, None, number="+390255511223")
    expect(page.locator("#next .row")).to_have_count(rows + 1, timeout=SOON)


def test_what_is_offered_comes_by_itself_counts_down_and_goes_when_she_passes(
    open_window: OpenWindow, desk: Desk
) -> None:
    page = mine(open_window)
    expect(page.locator(".offer")).to_have_count(0)
    offer(desk)
    expect(page.locator(".offer")).to_be_visible(timeout=SOON)
    expect(page.locator("[data-left]")).to_have_text(re.compile("1:5[0-9]"))
    before = page.locator("[data-left]").inner_text()
    expect(page.locator("[data-left]")).not_to_have_text(before, timeout=SOON)
    page.get_by_role("button", name="Pass", exact=True).click()
    expect(page.locator(".said")).to_contain_text("Passed: the next one gets it")
    expect(page.locator(".offer")).to_have_count(0)


def test_two_press_take_at_once_and_the_second_is_told_who_was_first(open_window: OpenWindow) -> None:
    ada = mine(open_window)
    window = open_window()
    window.expects(*CUT, "409")
    bruno = window.sign_in("bruno", "/mine")
    first = bruno.locator("#next .row").first
    reference = first.get_attribute("id")
    theirs, his = ada.locator(f"#{reference}").get_by_role("button"), first.get_by_role("button")
    bruno.route("**/live", lambda route: route.abort())
    bruno.route(EVENTS, lambda route: route.abort())
    theirs.click()
    expect(ada.locator(".said")).to_have_text("It is yours.")
    his.click()
    expect(bruno.get_by_role("alert").first).to_contain_text("Ada")


def test_without_the_stream_her_list_lives_by_asking(open_window: OpenWindow, desk: Desk) -> None:
    window = open_window()
    window.expects("503")
    window.page.route(EVENTS, lambda route: route.fulfill(status=503))
    page = window.sign_in("ada", "/mine")
    rows = page.locator("#next .row").count()
    ask(desk, None, number="+390255511223")
    expect(page.locator("#next .row")).to_have_count(rows + 1, timeout=20_000)


def test_where_the_stream_breaks_off_her_list_lives_on(
    open_window: OpenWindow, desk: Desk, place: object
) -> None:
    page = mine(open_window)
    open_window.windows[-1].expects(*CUT)
    rows = page.locator("#next .row").count()
    page.route(EVENTS, lambda route: route.abort())
    place.app.extensions["console"].listening.end()  # type: ignore[attr-defined]
    ask(desk, None, number="+390255511223")
    expect(page.locator("#next .row")).to_have_count(rows + 1, timeout=20_000)


def test_the_keyboard_stays_where_it_is_while_a_row_comes_before_it(
    open_window: OpenWindow, desk: Desk, clock: Clock
) -> None:
    page = mine(open_window)
    page.locator("#next .row button").last.focus()
    before = page.evaluate("document.activeElement.getAttribute('formaction')")
    rows = page.locator("#next .row").count()
    ask(desk, None, number="+390255511223")
    expect(page.locator("#next .row")).to_have_count(rows + 1, timeout=SOON)
    assert page.evaluate("document.activeElement.getAttribute('formaction')") == before


def test_all_of_it_works_without_scripts(open_window: OpenWindow, desk: Desk) -> None:
    offer(desk)
    page = open_window(NARROW, scripts=False).sign_in("ada", "/mine")
    page.get_by_role("button", name="Pass", exact=True).click()
    expect(page.locator(".said")).to_contain_text("Passed")
    page.locator("#next .row button").first.click()
    expect(page.locator(".said")).to_have_text("It is yours.")


def test_her_list_with_an_offer_fits_every_window(open_window: OpenWindow, desk: Desk, clock: Clock) -> None:
    with desk.work() as work:
        held = work.session.scalars(select(Callback).where(Callback.state == State.WAITING)).first()
        ada = by_sign_in(work.session, "ada")
        assert held is not None
        assert ada is not None
        held.assign(work, ada, "agent:ada")
    offer(desk)
    clock.forward(timedelta(seconds=17))
    expect(mine(open_window).locator(".offer")).to_be_visible()
    open_window.windows[-1].fits_in_every_look("mine")
