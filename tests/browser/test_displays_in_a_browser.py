"""A display on the wall in a real browser: begun by its link, it lives, and is dark once it is ended."""

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from callbacks import display
from callbacks.work import Desk
from tests.browser.conftest import PICTURES, WIDE, OpenWindow
from tests.desk import Served
from tests.screens import ask

FAR: ViewportSize = {"width": 1920, "height": 1080}


@pytest.fixture(autouse=True)
def _one_database_is_enough(database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("what a browser shows does not hang on the database")


def hung(open_window: OpenWindow, place: Served) -> str:
    """Sara makes a display; the link that she is shown, at the address where the desk is served."""
    page = open_window(WIDE).sign_in("sara")
    page.goto(f"{place.url}/wall/displays")
    page.get_by_label("Name").fill("Office, left of the door")
    page.get_by_role("button", name="Make it").click()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "display-link.png")
    link = page.locator(".secret").inner_text()
    page.goto(f"{place.url}/wall/displays")
    page.screenshot(path=PICTURES / "displays.png")
    return place.url + link[link.index("/display/begin") :]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_display_lives_until_it_is_ended(
    open_window: OpenWindow, place: Served, chromium: Browser, desk: Desk, dark: bool
) -> None:
    link = hung(open_window, place)
    screen: Page = chromium.new_context(viewport=FAR, color_scheme="dark" if dark else "light").new_page()
    screen.goto(link)
    expect(screen).to_have_url(re.compile("/display$"))
    expect(screen.locator("#counts")).to_be_visible()
    screen.screenshot(path=PICTURES / f"display-{'dark' if dark else 'light'}.png")
    assert "#" not in screen.evaluate("document.referrer") + screen.url
    before = int(screen.locator(".count.early dd").inner_text())
    ask(desk, None, number="+390212349876")
    expect(screen.locator(".count.early dd")).to_have_text(str(before + 1), timeout=8000)
    with desk.reading() as work:
        number = display.listed(work.session)[0].id
    desk.do(lambda work: display.revoke(work, number, "agent:sara"))
    expect(screen.get_by_label("Code")).to_be_visible(timeout=12000)
    screen.screenshot(path=PICTURES / f"display-door-{'dark' if dark else 'light'}.png")
    screen.context.close()
