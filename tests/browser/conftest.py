"""A real Chromium before a desk that is served in this process, under a clock that the test sets."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

import console
from callbacks.work import Desk
from console.room import Lent
from ivr.prompt_list import prompts
from launch.demo import Demo, fill
from settings import Settings
from tests.desk import Served, served
from tests.screens import CHEAP, TEMPLATES

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
PICTURES = Path(os.environ.get("SCREENSHOTS", "var/screenshots"))
WIDE: ViewportSize = {"width": 1440, "height": 900}
MIDDLE: ViewportSize = {"width": 1000, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 20_000
"""Milliseconds that a slow machine is given to show what is to be shown."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def _one_database_is_enough(database_kind: str) -> None:
    """What a browser shows does not hang on the database; all else is tested on both."""
    if database_kind != "sqlite":
        pytest.skip("what a browser shows does not hang on the database")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's own; script/test installs it."""
    path = which("chromium") or which("chromium-browser") or which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed: script/test installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def demo(desk: Desk, settings: Settings) -> Demo:
    """A desk with something of everything."""
    return fill(desk, settings, CHEAP)


@pytest.fixture
def place(desk: Desk, settings: Settings, demo: Demo) -> Iterator[Served]:
    """The screens over real HTTP."""

    def make(_url: str) -> Flask:
        app = Flask("tests", static_folder=None)
        app.jinja_env.bytecode_cache = TEMPLATES
        lent = Lent(sentences=prompts)  # type: ignore[arg-type] # a Prompt says all that a Sentence does
        console.register(app, desk, settings, lambda _engine: True, CHEAP, lent=lent)
        return app

    with served(make) as place:
        yield place
        place.app.extensions["console"].listening.end()  # type: ignore[attr-defined]


CUT = ("net::ERR_FAILED", "Failed to fetch")
"""What a browser rightly complains of where a test has cut its line."""


class Window:
    """A person at a browser window; what the browser complains of, unless expected, fails the test."""

    def __init__(self, page: Page, url: str, demo: Demo) -> None:
        self.page, self.url, self.demo = page, url, demo
        self._complaints: list[str] = []
        self._expected: list[str] = []
        page.on("console", lambda said: self._complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: self._complaints.append(str(fault)))
        page.set_default_timeout(PATIENCE)

    def expects(self, *parts: str) -> None:
        """Complaints that hold one of these are rightly made, whenever they come."""
        self._expected += parts

    def complaints(self) -> list[str]:
        """What the browser complained of and nobody expected."""
        return [said for said in self._complaints if not any(part in said for part in self._expected)]

    def sign_in(self, name: str, at: str | None = None) -> Page:
        """Through the form, to this page; without one, agents to the board, others where they begin."""
        board = "/board" if name in ("ada", "bruno") else "/"
        self.page.goto(f"{self.url}/sign-in?next={board if at is None else at}")
        self.page.get_by_label("Name").or_(self.page.get_by_label("Nome")).fill(name)
        self.page.get_by_label("Password").fill(self.demo["sign_ins"][name])
        self.page.locator(".sign-in button").click()
        self.page.wait_for_selector("header.top")
        return self.page

    def fits(self) -> bool:
        """Nothing hangs out at the side."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def fits_in_every_look(self, name: str, *sizes: ViewportSize, whole: bool = True) -> None:
        """At these sizes, else wide and narrow, light and dark: nothing hangs out, and each is a picture."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        before = self.page.viewport_size
        for size in sizes or (WIDE, NARROW):
            self.page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                # no picture of a colour that is still on its way
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                look = f"{name}-{size['width']}-{scheme}"
                self.page.screenshot(path=PICTURES / f"{look}.png", full_page=whole)
                assert self.fits(), look
        self.page.emulate_media(color_scheme="light", reduced_motion="null")
        self.page.set_viewport_size(before or WIDE)


@pytest.fixture
def open_window(chromium: Browser, place: Served, demo: Demo) -> Iterator["OpenWindow"]:
    """Opens windows, each with cookies of its own."""
    opener = OpenWindow(chromium, place.url, demo)
    yield opener
    complaints = opener.close()
    assert not complaints


class OpenWindow:
    """Windows by size, scheme and language."""

    def __init__(self, browser: Browser, url: str, demo: Demo) -> None:
        self.browser, self.url, self.demo = browser, url, demo
        self.windows: list[Window] = []

    def __call__(
        self, size: ViewportSize = WIDE, *, dark: bool = False, scripts: bool = True, locale: str = "en-GB"
    ) -> Window:
        context = self.browser.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale=locale,
        )
        window = Window(context.new_page(), self.url, self.demo)
        self.windows.append(window)
        return window

    def close(self) -> list[str]:
        """Everything any browser complained of."""
        for window in self.windows:
            window.page.context.close()
        return [complaint for window in self.windows for complaint in window.complaints()]
