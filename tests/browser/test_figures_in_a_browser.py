"""Sara sees what was late and how the desk does; her browser draws it in the page's own colours."""

import random
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.errors import DeskError
from callbacks.figures import keeping
from callbacks.moves import Disposition
from callbacks.work import Desk
from launch.demo import Demo
from tests.browser.conftest import NARROW, PICTURES, WIDE, OpenWindow, Window
from tests.people import Clock
from tests.screens import ask
from tests.test_statement import do


@pytest.fixture
def weeks(desk: Desk, demo: Demo, clock: Clock) -> None:
    """Four weeks of November: some sixty requests, most of them rung in time."""
    now, dice = clock.now, random.Random(7)
    for day in range(2, 24):
        for number in range(dice.choice([0, 0, 0]) if day % 7 in (0, 1) else dice.randint(2, 6)):
            hour = dice.choices(range(8, 18), [1, 4, 7, 6, 3, 1, 4, 5, 4, 2])[0]
            clock.set(f"2026-11-{day:02} {hour:02}:{dice.randint(0, 59):02}")
            if clock.now > now:
                continue
            company = dice.choice(["Acme", "Acme", "Rossi Logistica", "Bolt"])
            phone = f"+3902123{day:02}{number:02}{dice.randint(10, 99)}"
            one = ask(desk, company, number=phone, topic=dice.choice(["delivery", "billing", "setup"]))
            _rung(desk, clock, one, dice)
    clock.now = now
    while desk.do(keeping.catch_up):
        pass


def _rung(desk: Desk, clock: Clock, one: Callback, dice: random.Random) -> None:
    who = dice.choice(["ada", "bruno"])
    assert one.closes is not None
    late = timedelta(minutes=dice.choice([-200, -150, -130, -90, -90, -60, -40, -20, 14, 65]))
    clock.now = max(one.closes + late, clock.now + timedelta(minutes=6))

    def rang(work: object, it: Callback) -> None:
        it.rang(work, f"agent:{who}", "busy")  # type: ignore[arg-type]

    def done(work: object, it: Callback) -> None:
        it.reached(work, f"agent:{who}")  # type: ignore[arg-type]
        it.close(work, Disposition.SOLVED, f"agent:{who}")  # type: ignore[arg-type]

    do(desk, one, rang)
    clock.forward(timedelta(minutes=dice.randint(1, 300)))
    try:
        if dice.random() < 0.9:
            do(desk, one, done)
    except DeskError:
        return


def sara(window: Window) -> Page:
    """Sara, who goes straight to the figures."""
    page = window.page
    page.goto(f"{window.url}/figures")
    page.get_by_label("Name").or_(page.get_by_label("Nome")).fill("sara")
    page.get_by_label("Password").fill(window.demo["sign_ins"]["sara"])
    page.locator(".sign-in button").click()
    page.wait_for_selector("#filters")
    return page


@pytest.mark.usefixtures("weeks")
def test_the_charts_are_drawn_and_both_pages_fit_as_they_were_opened(open_window: OpenWindow) -> None:
    """tests/browser/test_every_page.py has them in every look, taken on the way."""
    for size, dark in ((WIDE, False), (NARROW, True)):
        window = open_window(size, dark=dark)
        page = sara(window)
        name = f"{size['width']}-{'dark' if dark else 'light'}"
        for path in ("lateness", "figures"):
            page.goto(f"{window.url}/{path}?period=month")
            if path == "figures":
                expect(page.locator(".uplot canvas")).to_have_count(3)
            assert window.fits(), path
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{path}-{name}.png", full_page=True)


@pytest.mark.usefixtures("weeks")
def test_what_is_chosen_is_shown_at_once_and_stands_in_the_address(
    open_window: OpenWindow, desk: Desk
) -> None:
    window = open_window()
    page = sara(window)
    page.goto(f"{window.url}/lateness?period=month")
    everything = page.locator("tbody tr").count()
    page.locator("[name=agent]").select_option("bruno")
    page.wait_for_url("**agent=bruno*")
    assert 0 < page.locator("tbody tr").count() < everything
    expect(page.locator("[name=agent]")).to_have_value("bruno")
    with desk.reading() as work:
        assert work.session.query(Agent).count() >= 3


@pytest.mark.usefixtures("weeks")
def test_without_scripts_the_button_applies_the_filters_and_the_numbers_stand_in_tables(
    open_window: OpenWindow,
) -> None:
    window = open_window(scripts=False)
    page = sara(window)
    page.goto(f"{window.url}/figures")
    page.get_by_label("Period").select_option("quarter")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**period=quarter*")
    expect(page.locator(".chart").first).to_be_hidden()
    expect(page.locator(".heat tbody tr")).to_have_count(7)
