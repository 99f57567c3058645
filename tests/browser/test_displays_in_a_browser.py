"""A display on the wall in a real browser: begun by its link, it lives, and is dark once it is ended."""

import re

from playwright.sync_api import Browser, Page, ViewportSize, expect

from callbacks import display
from callbacks.work import Desk
from tests.browser.conftest import PICTURES, WIDE, OpenWindow
from tests.desk import Served
from tests.screens import ask

FAR: ViewportSize = {"width": 1920, "height": 1080}


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


def in_both_schemes(screen: Page, name: str) -> None:
    """A picture of it by day and by night."""
    for scheme in ("dark", "light"):
        screen.emulate_media(color_scheme=scheme)
        screen.screenshot(path=PICTURES / f"{name}-{scheme}.png")


def test_a_display_lives_until_it_is_ended(
    open_window: OpenWindow, place: Served, chromium: Browser, desk: Desk
) -> None:
    link = hung(open_window, place)
    screen: Page = chromium.new_context(viewport=FAR).new_page()
    screen.goto(link)
    expect(screen).to_have_url(re.compile("/display$"))
    expect(screen.locator("#counts")).to_be_visible()
    in_both_schemes(screen, "display")
    assert "#" not in screen.evaluate("document.referrer") + screen.url
    before = int(screen.locator(".count.early dd").inner_text())
    ask(desk, None, number="+390212349876")
    expect(screen.locator(".count.early dd")).to_have_text(str(before + 1))
    with desk.reading() as work:
        number = display.listed(work.session)[0].id
    desk.do(lambda work: display.revoke(work, number, "agent:sara"))
    expect(screen.get_by_label("Code")).to_be_visible()
    in_both_schemes(screen, "display-door")
    screen.context.close()
