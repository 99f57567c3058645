"""The README's first five minutes: a stranger calls the desk, calls back, and sees the promise kept."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.browser.conftest import PICTURES, WIDE
from tests.browser.test_a_callback_by_hand import (  # noqa: F401 - one is a fixture
    PATIENCE,
    Running,
    hears,
    rings,
    running,
)

LONG_ENOUGH = re.compile("0:(0[2-9]|[1-5])")
"""The policy of this desk takes two seconds for a talk."""


@pytest.fixture
def browser(chromium: Browser) -> Iterator[BrowserContext]:
    """Two windows of one browser: the desk, and the telephone. Nothing may go wrong in their pages."""
    wrong: list[str] = []
    context = chromium.new_context(viewport=WIDE, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    context.on("weberror", lambda fault: wrong.append(str(fault.error)))
    yield context
    context.close()
    assert wrong == []


def picture(page: Page, name: str) -> None:
    folder = PICTURES / "walk"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def presses(telephone: FrameLocator, key: str) -> None:
    telephone.locator(f".phone:visible [data-key='{key}']").click()


def test_a_stranger_has_called_and_called_back_before_five_minutes_are_over(
    running: Running,  # noqa: F811
    browser: BrowserContext,
) -> None:
    began = time.monotonic()
    desk = browser.new_page()
    desk.goto(f"http://127.0.0.1:{running.port}/")
    desk.get_by_label("Name").fill("ada")
    desk.get_by_label("Password").fill(running.password)
    desk.locator(".sign-in button").click()
    expect(desk).to_have_url(re.compile("/mine$"))

    phone = browser.new_page()
    phone.goto(f"http://127.0.0.1:{running.port}/call-your-desk")
    telephone = phone.frame_locator("iframe.telephone")
    reference = the_customer_calls(phone, telephone)

    desk.goto(f"http://127.0.0.1:{running.port}/requests/{reference}")
    picture(desk, "3-the-request")
    desk.keyboard.press("c")
    rings(telephone, "Ada")
    hears(telephone, "Callback for")
    presses(telephone, "1")
    rings(telephone, "Caller")
    hears(telephone, "the call you asked for")
    expect(telephone.locator(".phone:visible .state")).to_have_text("Connected", timeout=PATIENCE)
    expect(telephone.locator(".phone:visible .clock")).to_have_text(LONG_ENOUGH, timeout=PATIENCE)
    expect(desk.locator("#stage p.now")).to_contain_text("Connected")
    picture(desk, "4-the-talk")
    telephone.get_by_role("button", name="Hang up", exact=True).click()
    telephone.locator(".shelf").get_by_role("tab", name="Ada").click()
    hears(telephone, "How did it end?")
    presses(telephone, "1")
    hears(telephone, "Noted.")
    expect(desk.locator("#buttons")).to_contain_text("solved")
    expect(desk.locator("#head .state")).to_contain_text("rung in time")
    picture(desk, "5-kept")
    print(f"a stranger's walk: {time.monotonic() - began:.0f} s")


def the_customer_calls(phone: Page, telephone: FrameLocator) -> str:
    """Code, topic, message; the reference of what the desk noted, which comes by itself."""
    telephone.get_by_role("button", name="Call", exact=True).click()
    telephone.get_by_role("button", name=re.compile(r"Press \d{6}#")).click()
    hears(telephone, "sending or receiving, press 1")
    picture(phone, "1-the-call")
    known = phone.locator("#noted .ref").first.inner_text()
    presses(telephone, "1")
    telephone.get_by_role("button", name="Sample").click()
    hears(telephone, "We will call you")
    telephone.get_by_role("button", name="Hang up", exact=True).click()
    noted = phone.locator("#noted .ref").first
    expect(noted).not_to_have_text(known)
    expect(phone.locator("#noted q").first).to_contain_text("We will call you back")
    picture(phone, "2-what-the-desk-noted")
    return re.sub(r"\D", "", noted.inner_text())
