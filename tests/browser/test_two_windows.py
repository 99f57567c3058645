"""Ada has one request open in two windows: what the newer one keeps is not written over by the older."""

from playwright.sync_api import expect

from callbacks.work import Desk
from tests.browser.conftest import PICTURES, WIDE, OpenWindow
from tests.desk import Served
from tests.screens import ask


def test_the_newer_note_is_shown_and_one_of_the_two_is_chosen(
    open_window: OpenWindow, place: Served, desk: Desk
) -> None:
    callback = ask(desk, None, number="+390212349876")
    older = open_window(WIDE).sign_in("ada")
    newer = older.context.new_page()
    for page in (older, newer):
        page.goto(f"{place.url}/requests/{callback.reference}")
    newer.locator("textarea[name=note]").fill("from the newer window")
    expect(newer.locator(".kept")).to_contain_text("Kept")
    older.locator("textarea[name=note]").fill("from the older window")
    expect(older.locator(".newer")).to_be_visible()
    expect(older.locator(".newer blockquote")).to_have_text("from the newer window")
    expect(older.locator("textarea[name=note]")).to_have_value("from the older window")
    PICTURES.mkdir(parents=True, exist_ok=True)
    older.screenshot(path=PICTURES / "two-windows.png", full_page=True)
    older.get_by_role("button", name="Keep this one instead").click()
    expect(older.locator(".kept")).to_contain_text("Kept")
    newer.locator("textarea[name=note]").fill("from the newer window, longer")
    expect(newer.locator(".newer blockquote")).to_have_text("from the older window")
    newer.get_by_role("button", name="Go on with that one").click()
    expect(newer.locator("textarea[name=note]")).to_have_value("from the older window")
