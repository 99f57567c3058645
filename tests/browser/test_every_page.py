"""Every page in the list, as each role sees it: pictures in four looks, and what axe finds against it."""

from collections.abc import Iterator
from functools import reduce
from typing import cast

import pytest
from flask import Flask
from playwright.sync_api import Page as Tab
from sqlalchemy import select

from callbacks import queue
from callbacks.agent import Agent, Role
from callbacks.subscription import Subscription
from callbacks.work import Desk
from console.page import Page
from console.pages import pages
from console.room import Room
from tests.browser.axe import COLOURS, WORDS, findings
from tests.browser.conftest import NARROW, PICTURES, WIDE, OpenWindow
from tests.browser.test_figures_in_a_browser import weeks  # noqa: F401 - pytest finds it by name
from tests.desk import Served

WHO = {Role.AGENT: "ada", Role.SUPERVISOR: "sara", Role.ADMINISTRATOR: "dora"}
SIZES = {"1440": WIDE, "390": NARROW}
NO_PAGES = {"sound", "waveform", "events", "telephone", "telephone_part"}
"""Sound, what stays open, and what is passed on to the exchange."""

KEY = "<int(max=2147483647):key>"


def listed(place: Served, role: Role) -> Iterator[Page]:
    """What this role's browser opens as a page; the living parts are parts of those."""
    room = cast(Room, cast(Flask, place.app).extensions["console"])
    for page in pages(room):
        is_page = page.method == "GET" and page.name not in NO_PAGES and not page.rule.endswith(".csv")
        if is_page and role in page.roles and not page.name.endswith("_live"):
            yield page


@pytest.fixture
def addresses(desk: Desk, place: Served) -> dict[Role, dict[str, str]]:
    """The path of every page of each role by its name, with somebody or something of the demo in it."""
    with desk.reading() as work:
        given = {
            "<reference>": queue.to_ring(work)[0].reference,
            f"subscriptions/{KEY}": f"subscriptions/{work.session.scalar(select(Subscription.id))}",
            f"people/{KEY}": f"people/{work.session.scalar(select(Agent.id))}",
            "<language>/<name>": "en/welcome",
        }
    return {
        role: {page.name: reduce(lambda rule, each: rule.replace(*each), given.items(), page.rule)
               for page in listed(place, role)}
        for role in WHO
    }  # fmt: skip


@pytest.mark.usefixtures("weeks")
@pytest.mark.parametrize("role", list(WHO))
def test_every_page_fits_and_everybody_can_read_it(
    role: Role, open_window: OpenWindow, addresses: dict[Role, dict[str, str]]
) -> None:
    window = open_window()
    tab, faults = window.sign_in(WHO[role], at="/account"), []
    tab.emulate_media(reduced_motion="reduce")
    for name, path in addresses[role].items():
        tab.set_viewport_size(WIDE)
        tab.emulate_media(color_scheme="light")
        answer = tab.goto(f"{window.url}{path}")
        assert answer is not None
        if not answer.ok:
            faults.append(f"{name}: {path} was answered {answer.status}")
        for scheme, options in (("light", {}), ("dark", COLOURS)):
            tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            faults += [f"{name}, {scheme}: {found}" for found in findings(tab, options)]
            for width, size in SIZES.items():
                tab.set_viewport_size(size)
                if tab.locator(".uplot").count():
                    tab.wait_for_timeout(200)  # charts take their new size a moment later
                if not window.fits():
                    faults.append(f"{name}: hangs out at the side at {width}")
                _picture(tab, f"{role}-{name}-{scheme}-{width}")
            tab.set_viewport_size(WIDE)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", list(WHO))
def test_every_page_reads_as_well_in_italian(
    role: Role, open_window: OpenWindow, addresses: dict[Role, dict[str, str]], desk: Desk
) -> None:
    with desk.work() as work:
        for person in work.session.scalars(select(Agent)):
            person.languages = ["it", "en"]
    window = open_window(NARROW, locale="it-IT")
    tab, faults = window.sign_in(WHO[role], at="/account"), []
    for name, path in addresses[role].items():
        tab.goto(f"{window.url}{path}")
        faults += [f"{name}: {found}" for found in findings(tab, WORDS)]
        if not window.fits():
            faults.append(f"{name}: hangs out at the side")
        if tab.locator("html").get_attribute("lang") != "it":
            faults.append(f"{name}: is not in Italian")
        _picture(tab, f"{role}-{name}-it-390")
    assert not faults, "\n".join(faults)


def _picture(tab: Tab, name: str) -> None:
    folder = PICTURES / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=str(folder / f"{name}.png"), full_page=True, animations="disabled")
