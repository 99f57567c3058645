"""A person opens the telephone in a browser, rings, types, speaks into the microphone and reads a message."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from exchange.live_box import LiveExchange
from exchange.order import Order
from exchange.server import Served, serve
from exchange.sound import wav_seconds
from tests.exchange.conftest import ANNA, SID, TOKEN, Company

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here (script/test brings one)")
bruno_lies_there = pytest.mark.usefixtures("bruno_lies_here")
FAKE_MICROPHONE = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
DESK, BRUNO, STRANGER = "+18005550100", "+390255512302", "+393351234567"


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FAKE_MICROPHONE)
    yield opened
    opened.close()


@pytest.fixture
def live(company: Company) -> Iterator[LiveExchange]:
    box = LiveExchange(
        SID,
        TOKEN,
        voice_url=company.url + "/call",
        status_url=company.url + "/ended",
        message_url=company.url + "/message",
        numbers=[DESK],
    )
    yield box
    box.close()


@pytest.fixture
def served(live: LiveExchange) -> Iterator[Served]:
    with serve(live) as served:
        yield served


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The telephone; nothing may go wrong in the page itself."""
    wrong: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.goto(f"{served.url}/?from=%2B390212345678&code=482915")
    yield page
    page.close()
    assert wrong == []


def test_a_caller_leaves_a_message_in_their_own_voice(
    page: Page, live: LiveExchange, company: Company
) -> None:
    company.says("/call", "<Gather action='/code'><Say>The code?</Say></Gather>")
    company.says("/code", "<Record action='/kept' maxLength='60'/>")
    company.says("/kept", "<Say>Thank you.</Say>")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator(".voice")).to_contain_text("The code?")
    page.get_by_role("button", name="Press 482915#").click()
    expect(page.get_by_role("heading", name="Recording")).to_be_visible()
    expect(page.locator(".card time")).to_have_text("0:01")
    page.keyboard.press("#")
    expect(page.get_by_role("heading", name="Call ended")).to_be_visible()
    expect(page.locator("#story li .path")).to_have_text(["/call", "/code", "/kept", "/ended"])
    [recording] = live.store.recordings.values()
    assert 0.5 < wav_seconds(live.store.audio(recording.sid) or b"") < 5
    kept = next(fields for path, fields, _ in company.asked if path == "/kept")
    assert kept["Digits"] == "#"


def test_hanging_up_keeps_what_was_said_so_far(page: Page, live: LiveExchange, company: Company) -> None:
    company.says("/call", "<Record action='/kept'/>")
    company.says("/kept", "<Say>Never heard.</Say>")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator(".card time")).to_have_text("0:01")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Call ended")).to_be_visible()
    kept = next(fields for path, fields, _ in company.asked if path == "/kept")
    assert (kept["Digits"], kept["CallStatus"]) == ("hangup", "completed")
    assert len(live.store.recordings) == 1


def test_keys_interrupt_what_is_said(page: Page, company: Company) -> None:
    company.says("/call", f"<Gather action='/key' numDigits='1'><Say>{'On and on. ' * 40}</Say></Gather>")
    company.says("/key", "<Hangup/>")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator(".voice")).to_be_visible()
    page.get_by_role("button", name="pound").click()
    page.get_by_role("button", name="7", exact=True).click()
    expect(page.get_by_role("heading", name="Call ended")).to_be_visible()


def test_the_desk_rings_the_telephone_in_the_browser(
    page: Page, live: LiveExchange, company: Company
) -> None:
    company.says("/agent", "<Say>This is the call you asked for.</Say>")
    expect(page.locator(".phone")).to_have_attribute("data-looking", "yes")
    live.place(DESK, ANNA, Order(company.url + "/agent"))
    expect(page.locator(".card")).to_contain_text(f"{DESK} is calling")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".voice")).to_contain_text("This is the call you asked for.")
    expect(page.get_by_role("heading", name="Call ended")).to_be_visible()


def test_messages_are_read_and_answered(page: Page, live: LiveExchange, company: Company) -> None:
    company.says("/message", "<Message>We will.</Message>")
    page.get_by_role("tab", name="Messages").click()
    page.get_by_placeholder("Write a message").fill("Please call before noon")
    page.keyboard.press("Enter")
    expect(page.locator("#texts li p")).to_have_text(["Please call before noon", "We will."])


def test_without_a_microphone_a_sample_message_will_do(
    page: Page, live: LiveExchange, company: Company
) -> None:
    company.says("/call", "<Record action='/kept'/>")
    company.says("/kept", "<Hangup/>")
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator(".card")).to_contain_text("No microphone")
    page.get_by_role("button", name="Sample").click()
    expect(page.get_by_role("heading", name="Call ended")).to_be_visible()
    assert [one.seconds for one in live.store.recordings.values()] == [6]


@pytest.fixture
def bruno_lies_here(live: LiveExchange) -> None:
    live.held[BRUNO] = "Bruno"


@bruno_lies_there
def test_the_one_that_rings_comes_into_an_idle_hand(page: Page, live: LiveExchange, company: Company) -> None:
    company.says("/agent", "<Gather action='/key' numDigits='1'><Say>Press one.</Say></Gather>")
    company.says("/key", "<Say>Thank you.</Say>")
    expect(page.locator("body")).to_have_attribute("data-looking", "yes")
    live.place(DESK, BRUNO, Order(company.url + "/agent"))
    expect(page.get_by_role("tab", name="Bruno")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Bruno")).to_contain_text("rings")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".phone:visible .voice")).to_contain_text("Press one.")
    page.keyboard.press("1")
    expect(page.locator(".phone:visible .said")).to_contain_text("Thank you.")


@bruno_lies_there
def test_whoever_is_on_a_call_keeps_their_telephone_while_another_rings(
    page: Page, live: LiveExchange, company: Company
) -> None:
    company.says("/call", "<Gather><Say>Wait a moment.</Say></Gather>")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator(".voice")).to_contain_text("Wait a moment.")
    live.place(DESK, BRUNO, Order(company.url + "/agent"))
    expect(page.get_by_role("tab", name="Bruno")).to_contain_text("rings")
    expect(page.get_by_role("tab", name="Caller")).to_have_attribute("aria-selected", "true")


@bruno_lies_there
def test_a_number_that_nobody_laid_there_appears_when_it_is_rung(
    page: Page, live: LiveExchange, company: Company
) -> None:
    company.says("/agent", f"<Dial><Number url='/whisper'>{STRANGER}</Number></Dial>")
    company.says("/whisper", "<Say>The call you asked for.</Say>")
    expect(page.locator("body")).to_have_attribute("data-looking", "yes")
    live.place(DESK, BRUNO, Order(company.url + "/agent"))
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_role("tab", name="Customer 4567").click()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".phone:visible .voice")).to_contain_text("The call you asked for.")
    expect(page.locator(".phone:visible .state")).to_have_text("Connected")
    page.get_by_role("button", name="Hang up", exact=True).click()
    expect(page.get_by_role("tab", name="Bruno")).to_contain_text("ready")


@bruno_lies_there
def test_a_telephone_that_rang_before_the_page_was_opened_rings_on_it(
    page: Page, live: LiveExchange, company: Company
) -> None:
    live.place(DESK, BRUNO, Order(company.url + "/agent"))
    page.reload()
    expect(page.get_by_role("tab", name="Bruno")).to_contain_text("rings")
    page.get_by_role("button", name="Decline").click()
    expect(page.locator(".phone:visible .state")).to_have_text("Busy")
