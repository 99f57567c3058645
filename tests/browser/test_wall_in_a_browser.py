"""Sara at her wall: it lives, it fits every size, and a big screen shows nothing but the wall."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize, expect

from callbacks import handling
from callbacks.agent import Presence
from callbacks.callback import Callback
from callbacks.moves import State
from callbacks.work import Desk, Work
from tests.browser.conftest import OpenWindow
from tests.people import Clock
from tests.screens import ask
from tests.test_reason import change, person

FAR: ViewportSize = {"width": 1920, "height": 1080}


@pytest.fixture
def busy_desk(desk: Desk, demo: object, clock: Clock) -> Desk:
    """Ada rings somebody, Bruno is busy, and Sara has all to look at."""
    change(desk, "ada", presence=Presence.READY, presence_since=clock() - timedelta(minutes=44))
    change(desk, "bruno", presence=Presence.BUSY, presence_since=clock() - timedelta(minutes=12))

    def ring(work: Work) -> None:
        waiting = work.session.query(Callback).filter_by(state=State.WAITING, language="en", level=1)
        first = waiting.filter(Callback.number.is_not(None), Callback.ring_from <= work.now).first()
        assert first is not None
        handling.ring_agent(work, first, person(work, "ada"))

    desk.do(ring)
    return desk


def test_the_wall_fits(open_window: OpenWindow, busy_desk: Desk) -> None:
    window = open_window()
    page = window.sign_in("sara")
    expect(page.locator("#next .line").first).to_contain_text("late")
    window.fits_in_every_look("wall")


def test_on_a_big_screen_there_is_nothing_to_press_and_nothing_to_scroll(
    open_window: OpenWindow, busy_desk: Desk
) -> None:
    window = open_window(FAR)
    page = window.sign_in("sara")
    page.get_by_role("link", name="Big screen").click()
    expect(page.locator("header.top")).to_be_hidden()
    numeral = page.locator(".count.late dd").evaluate("each => each.getBoundingClientRect().height")
    assert numeral > 120  # of 1080 lines: on a screen of 55 inches more than seven centimetres
    window.fits_in_every_look("wall-big", FAR, whole=False)


def test_the_wall_lives(open_window: OpenWindow, desk: Desk, clock: Clock) -> None:
    page = open_window().sign_in("sara")
    before = page.locator("#next .line").count()
    clock.forward(timedelta(minutes=19))
    ask(desk, "Bolt", number=None)
    expect(page.locator("#next .line")).to_have_count(before + 1)
    expect(page).to_have_title(re.compile(r"^\(\d\) Wall · Ringback$"))


def test_moving_several_and_closing_a_day_fit(open_window: OpenWindow, busy_desk: Desk) -> None:
    window = open_window()
    page = window.sign_in("sara")
    page.get_by_role("link", name="Move several").click()
    page.locator("[name=chosen]").first.check()
    expect(page.locator("#chosen")).to_have_text("1 chosen")
    window.fits_in_every_look("several")
    page.goto(window.url + "/wall/close")
    page.get_by_label("What for").fill("Team day")
    page.get_by_label("Day", exact=True).fill("2026-11-24")
    page.get_by_role("button", name="Look what it would mean").click()
    expect(page.locator("#preview .line").first).to_be_visible()
    window.fits_in_every_look("close")
    page.goto(window.url + "/board")
    page.locator(".to_ring .who").first.click()
    page.get_by_text("Supervise", exact=False).click()
    window.fits_in_every_look("supervise")


def test_by_keyboard_alone_several_are_chosen_and_given(open_window: OpenWindow, busy_desk: Desk) -> None:
    window = open_window()
    page = window.sign_in("sara")
    page.goto(window.url + "/wall/move")
    boxes = page.locator("[name=chosen]")
    boxes.first.focus()
    page.keyboard.press("Space")
    boxes.nth(2).focus()
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_have_text("2 chosen")
    page.get_by_label("Give it to").select_option("bruno")
    page.get_by_role("button", name="Give it").press("Enter")
    expect(page.locator("[role=status], [role=alert]").first).to_be_visible()
    window.expects("409")  # what did not go


def test_all_are_chosen_at_once_or_a_run_of_them(open_window: OpenWindow, demo: object) -> None:
    window = open_window()
    page = window.sign_in("sara")
    page.goto(window.url + "/wall/move")
    boxes = page.locator("[name=chosen]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("#chosen")).to_have_text("3 chosen")
    page.get_by_label("Choose all").check()
    expect(page.locator("#chosen")).to_have_text(f"{boxes.count()} chosen")
