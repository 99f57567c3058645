"""Ada says whether she may be rung, and calls by a button, without losing what she was writing."""

import re

from playwright.sync_api import expect

from callbacks.work import Desk
from tests.browser.conftest import NARROW, OpenWindow
from tests.ringing import at_their_phones


def test_a_half_written_note_stays_when_she_is_busy(open_window: OpenWindow, desk: Desk) -> None:
    with desk.work() as work:
        at_their_phones(work, "ada")
    page = open_window().sign_in("ada")
    page.locator("#queue .who").first.click()
    page.locator("button.call_now").click()
    expect(page.locator(".said")).to_contain_text("Your phone rings in a moment.")
    expect(page.get_by_role("region", name="Your phone will ring in a moment.")).to_be_visible()
    page.locator("textarea").fill("half a note")
    with page.expect_response(re.compile("/live$")):
        page.get_by_role("button", name="Busy", exact=True).click()
    expect(page.locator("#presence .busy")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("textarea")).to_have_value("half a note")


def test_without_scripts_one_click_does_as_well_and_the_head_fits_a_phone(
    open_window: OpenWindow,
) -> None:
    window = open_window(NARROW, scripts=False)
    page = window.sign_in("bruno")
    page.get_by_role("button", name="Occupato").click()
    expect(page.locator("#presence .busy")).to_have_attribute("aria-pressed", "true")
    assert window.fits()
