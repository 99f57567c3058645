"""Ada and Bruno at their browsers: the board lives, requests are worked, each page is a picture."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from callbacks.work import Desk
from tests.browser.conftest import CUT, MIDDLE, NARROW, WIDE, OpenWindow
from tests.people import Clock
from tests.screens import ask


def look_again(page: Page) -> None:
    """What happens by itself every five seconds, now."""
    with page.expect_response(re.compile("/live$")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def wait_until(page: Page, truth: str) -> None:
    """Until this holds in the page; its own policy keeps the usual way of asking out."""
    page.evaluate(
        f"new Promise(done => {{ const look = () => {truth} ? done() : setTimeout(look, 20); look() }})"
    )


def first_to_ring(page: Page) -> Page:
    """Open the request at the top of the queue."""
    page.locator(".to_ring .who").first.click()
    page.wait_for_selector("#journal")
    return page


def test_ada_works_a_request_through_from_the_top_of_the_board(open_window: OpenWindow) -> None:
    page = first_to_ring(open_window().sign_in("ada"))
    expect(page.locator("#head .state")).to_contain_text("late 43 min")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".said")).to_have_text("It is yours.")
    page.get_by_label("Note").fill("rang, they asked for ten minutes")
    page.get_by_role("button", name="We talked").click()
    expect(page.locator("#journal")).to_contain_text("rang, they asked for ten minutes")
    page.get_by_role("button", name="Solved").click()
    expect(page.locator("#buttons")).to_contain_text("Outcome: solved")
    page.get_by_role("link", name="← Board").click()
    expect(page.locator(".count.late dd")).to_have_text("0")


def test_the_board_lives_without_being_loaded_again(
    open_window: OpenWindow, desk: Desk, clock: Clock
) -> None:
    page = open_window().sign_in("ada")
    expect(page).to_have_title("(1) Board · Ringback")
    rows = page.locator(".to_ring .row").count()
    clock.forward(timedelta(minutes=19))
    ask(desk, "Bolt")
    look_again(page)
    expect(page.locator(".to_ring .row")).to_have_count(rows + 1)
    expect(page.locator(".count.late dd")).to_have_text("2")
    expect(page).to_have_title("(2) Board · Ringback")


def test_where_the_keyboard_is_it_stays_while_the_board_changes(
    open_window: OpenWindow, desk: Desk, clock: Clock
) -> None:
    page = open_window().sign_in("ada")
    page.locator(".to_ring .who").nth(1).focus()
    before = page.evaluate("document.activeElement.href")
    clock.forward(timedelta(minutes=5))
    look_again(page)
    expect(page.locator(".to_ring .state").first).to_contain_text("late 48 min")
    assert page.evaluate("document.activeElement.href") == before


def test_a_message_plays_on_while_the_board_changes(
    open_window: OpenWindow, desk: Desk, clock: Clock
) -> None:
    page = open_window().sign_in("ada")
    page.locator(".to_ring .play").first.click()
    expect(page.locator("#player")).to_be_visible()
    wait_until(page, "document.querySelector('#player audio').currentTime > 0.2")
    clock.forward(timedelta(minutes=5))
    look_again(page)
    expect(page.locator(".to_ring .state").first).to_contain_text("late 48 min")
    assert page.evaluate("!document.querySelector('#player audio').paused")


def test_a_message_is_jumped_within(open_window: OpenWindow) -> None:
    page = first_to_ring(open_window().sign_in("ada"))
    page.evaluate("document.querySelector('message-player audio').play()")
    wait_until(page, "document.querySelector('audio').duration > 5")
    page.evaluate("document.querySelector('audio').currentTime = 4")
    wait_until(page, "document.querySelector('audio').currentTime > 4.1")


def test_two_at_one_request_see_each_other(open_window: OpenWindow) -> None:
    window = open_window(scripts=False)  # with them the page would have told Bruno before he pressed
    ada = first_to_ring(open_window().sign_in("ada"))
    bruno = first_to_ring(window.sign_in("bruno"))
    ada.get_by_role("button", name="Take it").click()
    bruno.get_by_label("Nota").fill("la mia nota lunga")
    bruno.get_by_role("button", name="Abbiamo parlato").click()
    expect(bruno.get_by_role("alert")).to_contain_text("Ada è arrivato prima: l'ha presa.")
    expect(bruno.get_by_label("Nota")).to_have_value("la mia nota lunga")
    window.expects("409")


def test_what_a_colleague_does_shows_by_itself_and_what_one_types_stays(open_window: OpenWindow) -> None:
    ada = first_to_ring(open_window().sign_in("ada"))
    bruno = first_to_ring(open_window().sign_in("bruno"))
    bruno.get_by_label("Nota").fill("sto ancora scrivendo")
    ada.get_by_role("button", name="Take it").click()
    expect(ada.locator(".said")).to_be_visible()
    look_again(bruno)
    expect(bruno.locator("#buttons")).to_contain_text("In mano a Ada")
    expect(bruno.get_by_label("Nota")).to_have_value("sto ancora scrivendo")


def test_everything_works_without_scripts(open_window: OpenWindow) -> None:
    page = first_to_ring(open_window(scripts=False).sign_in("ada"))
    page.get_by_role("button", name="Take it").click()
    page.get_by_label("Note").fill("without scripts")
    page.get_by_role("button", name="No answer").click()
    expect(page.locator("#journal")).to_contain_text("without scripts")


def test_hostile_words_are_shown_and_do_nothing(open_window: OpenWindow) -> None:
    page = first_to_ring(open_window().sign_in("ada"))
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page.on("dialog", lambda _dialog: pytest.fail("a script of a stranger ran"))
    page.get_by_label("Note").fill(hostile)
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#journal blockquote").last).to_have_text(hostile)


def test_when_the_desk_does_not_answer_the_page_says_so(open_window: OpenWindow) -> None:
    window = open_window()
    window.expects(*CUT)
    page = window.sign_in("ada")
    page.route("**/live", lambda route: route.abort())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#lost")).to_contain_text("No answer from the desk: this page stands as it was at")
    page.unroute("**/live")
    look_again(page)
    expect(page.locator("#lost")).to_be_hidden()


def test_after_signing_out_the_way_back_shows_nothing(open_window: OpenWindow) -> None:
    page = open_window().sign_in("ada")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector(".sign-in")
    page.go_back()
    expect(page.locator(".sign-in")).to_be_visible()


def test_a_keyboard_reaches_everything(open_window: OpenWindow) -> None:
    page = open_window().sign_in("ada")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the requests")).to_be_focused()
    page.locator(".to_ring .who").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#journal")


@pytest.mark.parametrize("who", ["ada", "bruno"])
def test_the_door_the_board_and_a_request_fit_every_window(open_window: OpenWindow, who: str) -> None:
    """Italian words are longer. tests/browser/test_every_page.py has the pages behind the door."""
    window = open_window(locale="it-IT" if who == "bruno" else "en-GB")
    window.page.goto(window.url)
    window.fits_in_every_look(f"sign-in-{who}", WIDE, MIDDLE, NARROW)
    page = window.sign_in(who)
    size = WIDE if who == "bruno" else MIDDLE
    window.fits_in_every_look(f"board-{who}", size)
    first_to_ring(page)
    window.fits_in_every_look(f"request-{who}", size)
