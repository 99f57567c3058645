"""The desk as it runs, in a browser: a stranger's first five minutes, and a day of all who work at it."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect
from sqlalchemy import select

from callbacks.callback import by_reference
from callbacks.journal import Entry
from callbacks.moves import Move
from tests.browser.conftest import PICTURES, WIDE, OpenWindow
from tests.browser.running import PATIENCE, Running, hears, presses, rings, talks
from tests.browser.test_mine_in_a_browser import EVENTS

CALLER = "+390298765432"
LIVE = timedelta(seconds=2)
"""What a page shows is never older than this."""

TELLS_WHEN = """company => new MutationObserver(() => {
    const shown = [...document.querySelectorAll("#next .who")].some((who) => who.textContent === company);
    if (shown) window.shown ??= Date.now();
}).observe(document.body, { childList: true, subtree: true })"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Started once for all that happens on it."""
    running = Running(tmp_path_factory.mktemp("running"))
    yield running
    running.stop()


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


@pytest.fixture
def open_window(chromium: Browser, running: Running) -> Iterator[OpenWindow]:
    """Windows of the running desk; what the browser complains of fails the test."""
    opener = OpenWindow(chromium, running.url, running.demo)
    yield opener
    complaints = opener.close()
    assert not complaints


def picture(page: Page, name: str) -> None:
    folder = PICTURES / "walk"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def test_a_stranger_has_called_and_called_back_before_five_minutes_are_over(
    running: Running,
    browser: BrowserContext,
) -> None:
    began = time.monotonic()
    desk = browser.new_page()
    desk.goto(running.url)
    desk.get_by_label("Name").fill("ada")
    desk.get_by_label("Password").fill(running.demo["sign_ins"]["ada"])
    desk.locator(".sign-in button").click()
    expect(desk).to_have_url(re.compile("/mine$"))

    phone = browser.new_page()
    phone.goto(f"{running.url}/call-your-desk")
    telephone = phone.frame_locator("iframe.telephone")
    reference = the_customer_calls(phone, telephone)

    desk.goto(f"{running.url}/requests/{reference}")
    picture(desk, "3-the-request")
    desk.keyboard.press("c")
    the_phones_ring(telephone)
    expect(desk.locator("#stage p.now")).to_contain_text("Connected")
    picture(desk, "4-the-talk")
    talks(telephone)
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


def the_phones_ring(phone: Page | FrameLocator) -> None:
    """Ada's, who accepts; then the customer's."""
    rings(phone, "Ada")
    hears(phone, "Callback for")
    presses(phone, "1")
    rings(phone, "Caller")
    hears(phone, "the call you asked for")


def test_what_dora_a_caller_sara_and_ada_do_in_a_day_is_one_promise_kept(
    running: Running,
    open_window: OpenWindow,
) -> None:
    with (sara := open_window()).page.expect_response(EVENTS):
        wall = sara.sign_in("sara", at="/wall")
    with (ada := open_window()).page.expect_response(EVENTS):
        mine = ada.sign_in("ada", at="/mine")
    code = dora_takes_up_a_company(open_window().sign_in("dora", at="/setup/subscriptions"))

    wall.evaluate(TELLS_WHEN, "Nuova")
    phone = open_window().page
    a_caller_leaves_a_message(phone, f"{running.exchange}/?from={CALLER.replace('+', '%2B')}", code)
    expect(line_of_nuova(wall)).to_be_visible()
    shown = datetime.fromtimestamp(wall.evaluate("window.shown") / 1000, UTC)
    reference = re.sub(r"\D", "", line_of_nuova(wall).locator(".ref").inner_text())
    assert shown - taken(running, reference) < LIVE

    sara_gives_it_to_ada(wall)
    row = mine.locator(f"#mine #r{reference} .who")
    expect(row).to_be_visible()
    wall.goto(f"{running.url}/wall")
    kept = wall.locator("#kept-promises dd").first.locator(".sub")
    before = int("".join(re.findall(r"^\d+", kept.inner_text())) or 0)
    while not row.evaluate("each => each === document.activeElement"):
        mine.keyboard.press("j")
    mine.keyboard.press("Enter")
    ada_calls_talks_and_wraps_up_by_keys(mine, phone)
    expect(kept).to_have_text(re.compile(rf"^{before + 1} of \d+$"))
    the_figures_and_the_statement_count_it(running, wall, reference)


def dora_takes_up_a_company(page: Page) -> str:
    """Its first code, which its own page does not show again."""
    page.get_by_role("link", name="New subscription").click()
    page.get_by_label("Company").fill("Nuova")
    page.get_by_label("Label of its first code").fill("Milan")
    page.get_by_role("button", name="Take it up").click()
    code = page.locator(".secret").inner_text()
    page.get_by_role("link", name="I have it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nuova")
    assert code not in page.content()
    return code


def a_caller_leaves_a_message(phone: Page, at: str, code: str) -> None:
    """Keyed by hand, at the telephone's own page."""
    phone.goto(at)
    phone.get_by_role("button", name="Call", exact=True).click()
    hears(phone, "Enter your private extension")
    phone.keyboard.type(f"{code}#")
    hears(phone, "sending or receiving, press 1")
    phone.keyboard.press("1")
    phone.get_by_role("button", name="Sample").click()
    hears(phone, "We will call you")
    phone.keyboard.press("Escape")
    expect(phone.locator(".phone:visible .state")).to_have_text("Call ended")


def line_of_nuova(wall: Page) -> Locator:
    """What there is to do next for the new company."""
    return wall.locator("#next .line").filter(has_text="Nuova")


def taken(running: Running, reference: str) -> datetime:
    """When the desk wrote the request down."""
    with running.desk.reading() as work:
        callback = by_reference(work.session, reference)
        assert callback is not None
        lines = select(Entry.written_at).where(Entry.subject == callback.subject)
        return work.session.scalars(lines.where(Entry.move == Move.RECEIVED)).one()


def sara_gives_it_to_ada(wall: Page) -> None:
    """From its line on the wall."""
    line_of_nuova(wall).get_by_role("link", name="Nuova").click()
    wall.get_by_text("Supervise").click()
    wall.get_by_label("Give it to").select_option("ada")
    wall.get_by_role("button", name="Give it").click()
    expect(wall.locator("#buttons .holder").first).to_contain_text("Ada")


def ada_calls_talks_and_wraps_up_by_keys(page: Page, phone: Page) -> None:
    """One to call, two to say how it ended."""
    expect(page.locator("h1")).to_have_text("Nuova")
    page.wait_for_selector("#keys-open:visible")
    page.keyboard.press("c")
    the_phones_ring(phone)
    expect(page.locator("#stage p.now")).to_contain_text("Connected")
    talks(phone)
    expect(page.locator("#wrap")).to_have_attribute("open", "")
    page.keyboard.press("w")
    page.keyboard.press("s")
    expect(page.locator("#buttons")).to_contain_text("Outcome: solved")
    expect(page.locator("#head .state")).to_contain_text("rung in time")


def the_figures_and_the_statement_count_it(
    running: Running,
    page: Page,
    reference: str,
) -> None:
    """Of this company one was promised, and that was kept."""
    page.goto(f"{running.url}/figures?company=Nuova")
    expect(page.locator(".tile.first")).to_contain_text("1 of 1")
    with running.desk.reading() as work:
        month = f"{work.now.astimezone(running.desk.policy.office_hours.zone):%Y-%m}"
    statement = running.command("statement", "Nuova", "--month", month)
    assert reference in statement
    assert "1 promised: 1 kept, 0 broken" in statement
