"""The policy's pages in a real browser: changed with and without scripts, heard, and seen in four looks."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

import console
from callbacks import policy_book
from callbacks.policy_book import Hand
from callbacks.work import Desk
from console.room import Lent
from console.setup.rules import LISTED
from ivr.prompt_list import prompts
from settings import Settings
from tests.browser.conftest import NARROW, Window
from tests.desk import Served, served
from tests.screens import CHEAP, PASSWORD

DORA = Hand("agent:dora", "203.0.113.9", "the new year")


@pytest.fixture
def rooms(living: Desk, settings: Settings) -> Iterator[Served]:
    """The screens of a desk whose policy can change, over real HTTP."""
    summer = {"name": "Summer closure", "from": date(2027, 8, 9), "until": date(2027, 8, 20)}
    living.do(lambda work: policy_book.add_closure(work, summer, DORA))

    def make(_url: str) -> Flask:
        app = Flask("tests", static_folder=None)
        lent = Lent(sentences=prompts)  # type: ignore[arg-type] # a Prompt says all that a Sentence does
        console.register(app, living, settings, lambda _engine: True, CHEAP, lent=lent)
        return app

    with served(make) as place:
        yield place


def at(browser: Browser, place: Served, scripts: bool = True, **look: object) -> Page:
    """Dora at a window of her own."""
    page = browser.new_context(java_script_enabled=scripts, **look).new_page()  # type: ignore[arg-type]
    page.goto(f"{place.url}/sign-in")
    page.fill("[name=name]", "dora")
    page.fill("[name=password]", PASSWORD)
    page.click(".sign-in button")
    page.wait_for_selector("header.top")
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_dora_looks_what_would_change_and_keeps_it(
    chromium: Browser, rooms: Served, living: Desk, scripts: bool
) -> None:
    page = at(chromium, rooms, scripts)
    page.goto(f"{rooms.url}/setup/hours")
    page.get_by_label("Monday").fill("9-13")
    page.get_by_role("button", name="Keep").click()
    assert page.locator(".wrong").count() == 1
    page.get_by_label("Monday").fill("10:00-13:00")
    page.get_by_role("button", name="See what would change").click()
    assert "Nothing has been kept yet." in page.inner_text("main")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_selector(".said")
    living.look_again()
    assert [str(each) for each in living.policy.office.hours[0]] == ["10:00-13:00"]
    page.context.close()


def test_a_sentence_is_heard_at_once(chromium: Browser, rooms: Served) -> None:
    page = at(chromium, rooms)
    page.add_init_script(
        "window.heard = []; speechSynthesis.speak = said => heard.push([said.lang, said.text]);"
    )
    page.goto(f"{rooms.url}/setup/prompts?language=it")
    page.locator("#welcome button").click()
    assert page.evaluate("heard") == [["it", "Acme Support."]]
    page.context.close()


def test_every_page_of_a_policy_that_can_change_fits_its_window(chromium: Browser, rooms: Served) -> None:
    window = Window(at(chromium, rooms), rooms.url, {"codes": {}, "sign_ins": {}})
    for subject in LISTED:
        window.page.goto(f"{rooms.url}/setup/{subject}")
        window.fits_in_every_look(f"setup-{subject}", NARROW)
    assert window.complaints() == []
    window.page.context.close()
