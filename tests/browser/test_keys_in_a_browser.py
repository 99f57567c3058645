"""All of an agent's work by keyboard alone; and what is typed into a field is never taken for a key."""

import re

from playwright.sync_api import Page, expect

from callbacks.work import Desk
from tests.browser.conftest import CUT, OpenWindow
from tests.ringing import at_their_phones


def keys(page: Page, *pressed: str) -> None:
    """One after the other."""
    for key in pressed:
        page.keyboard.press(key)


def told(page: Page, words: str) -> None:
    """What was done is said, and the page listens to keys again."""
    expect(page.locator(".said")).to_have_text(words)
    page.wait_for_selector("#keys-open:visible")


def at_the_board(page: Page) -> Page:
    """By two keys, wherever one begins."""
    page.wait_for_selector("#keys-open:visible")
    keys(page, "g", "b")
    page.wait_for_selector(".to_ring")
    page.wait_for_selector("#keys-open:visible")
    return page


def at_the_first(page: Page) -> Page:
    """To the board, down to the first request, and open it."""
    at_the_board(page)
    keys(page, "j", "Enter")
    page.wait_for_selector("#journal")
    page.wait_for_selector("#keys-open:visible")
    return page


def test_ada_takes_notes_and_wraps_up_without_a_mouse(open_window: OpenWindow) -> None:
    page = at_the_first(open_window().sign_in("ada"))
    keys(page, "t")
    told(page, "It is yours.")
    keys(page, "n")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("we saw ntp, c and w: all well")
    expect(page.locator("textarea")).to_have_value("we saw ntp, c and w: all well")
    keys(page, "Escape", "w")
    expect(page.locator("#wrap")).to_have_attribute("open", "")
    keys(page, "s")
    expect(page.locator("#buttons")).to_contain_text("Outcome: solved")
    expect(page.locator("#journal")).to_contain_text("we saw ntp, c and w: all well")


def test_out_of_scope_names_its_service_by_keyboard(open_window: OpenWindow) -> None:
    page = at_the_first(open_window().sign_in("ada"))
    keys(page, "w", "o")
    expect(page.locator("[name=referral]")).to_be_focused()
    page.keyboard.type("Full")
    keys(page, "Enter")
    expect(page.locator("#journal")).to_contain_text("referred to Full Service")


def test_ada_puts_it_off_by_keyboard(open_window: OpenWindow) -> None:
    page = at_the_first(open_window().sign_in("ada"))
    keys(page, "t")
    told(page, "It is yours.")
    keys(page, "h", "l")
    expect(page.locator("[name=not_before]")).to_be_focused()
    keys(page, "Enter")
    expect(page.locator("#journal")).to_contain_text("not before today 14:10")


def test_ada_calls_by_one_key(open_window: OpenWindow, desk: Desk) -> None:
    with desk.work() as work:
        at_their_phones(work, "ada")
    page = at_the_first(open_window().sign_in("ada"))
    keys(page, "c")
    expect(page.locator("#stage p.now")).to_have_text("Your phone will ring in a moment.")


def test_she_walks_up_and_down_a_list_and_stops_at_its_ends(open_window: OpenWindow) -> None:
    page = at_the_board(open_window().sign_in("ada"))
    rows = page.locator(".row .who")
    keys(page, "j", "j", "k")
    expect(rows.first).to_be_focused()
    keys(page, "k")
    expect(rows.first).to_be_focused()
    keys(page, "ArrowDown")
    expect(rows.nth(1)).to_be_focused()


def test_the_sheet_tells_all_keys_and_gives_the_keyboard_back(open_window: OpenWindow) -> None:
    page = at_the_board(open_window().sign_in("ada"))
    page.keyboard.press("j")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="The desk by keyboard")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("call now")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.locator(".row .who").first).to_be_focused()


def test_who_dictates_turns_single_keys_off(open_window: OpenWindow) -> None:
    page = at_the_board(open_window().sign_in("ada"))
    page.locator("#keys-open").click()
    page.get_by_label("Single keys do this").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator(".row .who").first).not_to_be_focused()
    page.reload()
    page.wait_for_selector("#keys-open:visible")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_keys_of_the_browser_are_left_alone(open_window: OpenWindow) -> None:
    page = at_the_first(open_window().sign_in("ada"))
    page.evaluate("window.seen = []; addEventListener('keydown', k => seen.push(k.defaultPrevented))")
    for with_it in ("ctrl", "alt", "meta"):
        page.evaluate(
            f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: 't', {with_it}Key: true,"
            " bubbles: true, cancelable: true}))"
        )
    assert page.evaluate("seen") == [False, False, False]
    expect(page.locator("#buttons")).to_contain_text("Nobody has it yet")


def test_a_half_written_note_outlives_a_reload(open_window: OpenWindow) -> None:
    page = at_the_first(open_window().sign_in("ada"))
    keys(page, "n")
    page.keyboard.type("half a thou")
    expect(page.locator(".kept")).to_have_text("Kept 12:10, not sent yet")
    page.keyboard.type("ght, unsaved")
    page.reload()
    expect(page.locator("textarea")).to_have_value(re.compile("half a thou"))
    expect(page.locator(".kept")).to_contain_text("it was kept")


def test_a_note_that_could_not_be_kept_is_kept_when_the_desk_answers_again(open_window: OpenWindow) -> None:
    window = open_window()
    window.expects(*CUT)
    page = at_the_first(window.sign_in("ada"))
    page.route("**/draft", lambda route: route.abort())
    keys(page, "n")
    page.keyboard.type("written in a tunnel")
    expect(page.locator(".kept")).to_contain_text("Not kept")
    page.unroute("**/draft")
    expect(page.locator(".kept")).to_have_text("Kept 12:10, not sent yet")


def test_a_message_is_heard_and_jumped_within_by_keys(open_window: OpenWindow) -> None:
    page = at_the_first(open_window().sign_in("ada"))
    keys(page, "p")
    expect(page.locator("message-player")).to_have_class(re.compile("playing"))
    keys(page, "p")
    expect(page.locator("message-player")).not_to_have_class(re.compile("playing"))
    shape = page.get_by_role("slider", name="Where in the message")
    shape.focus()
    keys(page, "Home", "ArrowRight")
    expect(shape).to_have_attribute("aria-valuetext", "0:05 of 0:10")
    drawn = page.locator(".shape .ahead").get_attribute("d") or ""
    assert len(set(re.findall(r"V([\d.]+)", drawn))) > 2
    page.get_by_role("button", name="1.5×").click()
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5


def test_a_click_in_the_shape_goes_there(open_window: OpenWindow) -> None:
    page = at_the_first(open_window().sign_in("ada"))
    box = page.locator(".shape").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    expect(page.locator(".shape")).to_have_attribute("aria-valuetext", "0:05 of 0:10")
