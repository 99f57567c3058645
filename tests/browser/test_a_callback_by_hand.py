"""One person plays caller, agent and customer on the exchange's page; the desk runs as it does in earnest."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from callbacks.callback import Callback
from callbacks.moves import Disposition, State
from callbacks.work import Desk, Work
from launch.desk import open_desk
from settings import Settings
from tests.browser.conftest import WIDE
from tests.policies import SHIPPED
from tests.processes import ROOT, Processes, until
from tests.started import free_port

CALLER = "+390212345678"
PATIENCE = 30_000
HOURS = re.compile(r"(?<=\[office\.hours\]).*?(?=\[office\.holidays\])", re.DOTALL)
ALWAYS = "\n" + "".join(
    f'{day} = ["00:00-24:00"]\n' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)


def always_open() -> str:
    """The shipped policy, but open whenever this test is run; and a short talk is a talk."""
    text = HOURS.sub(lambda _: ALWAYS, SHIPPED)
    for old, new in (
        ('country = "IT" ', 'country = "" '),
        ('short_talk = "10s"', 'short_talk = "1s"'),
        ('country = ""                               # keyed', 'country = "IT"  # keyed'),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


class Running:
    """The whole desk in processes of its own, and its database beside it."""

    def __init__(self, folder: Path) -> None:
        self.port, self.exchange_port = free_port(), free_port()
        (folder / "policy.toml").write_text(always_open())
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environ = kept | {
            "VAR_FOLDER": str(folder / "var"), "POLICY_FILE": str(folder / "policy.toml"),
            "PORT": str(self.port), "EXCHANGE_PORT": str(self.exchange_port),
            "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        self.processes = Processes(self.environ, folder)
        self.launch = self.processes.start("launch")
        try:
            for words in ("The exchange is open", "Ctrl-C stops it all"):  # each has its own patience
                until(lambda words=words: words in self.processes.said(), self.processes.said)  # type: ignore[misc]
        except BaseException:
            self.launch.terminate()
            self.launch.wait(20)
            raise
        self.desk: Desk = open_desk(Settings.load(self.environ))
        told = json.loads((folder / "var" / "demo.json").read_text())
        self.code, self.password = told["codes"]["Acme"], told["sign_ins"]["ada"]

    def command(self, *words: str) -> None:
        """`script/desk …`."""
        line = [sys.executable, "-m", "flask", "--app", "app:create_app", *words]
        subprocess.run(line, cwd=ROOT, env=self.environ, check=True, timeout=60)

    def stop(self) -> None:
        self.desk.engine.dispose()
        self.launch.send_signal(signal.SIGTERM)
        try:
            self.launch.wait(20)
        finally:
            self.processes.kill_all()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """The browser; nothing may go wrong in its pages. There is no microphone: a sample speaks."""
    wrong: list[str] = []
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def nothing_else_waits(work: Work) -> None:
    """What the demo has to ring would come first: it is more urgent."""
    for callback in work.session.query(Callback).filter_by(state=State.WAITING):
        callback.close(work, Disposition.WITHDRAWN, "desk")


def hears(page: Page | FrameLocator, words: str) -> None:
    expect(page.locator(".phone:visible .said")).to_contain_text(words, timeout=PATIENCE)


def rings(page: Page | FrameLocator, whose: str) -> None:
    """Their telephone rings on the shelf: take it up, and answer."""
    tab = page.locator(".shelf").get_by_role("tab", name=whose)
    expect(tab).to_have_attribute("data-mode", "incoming", timeout=PATIENCE)
    tab.click()
    page.get_by_role("button", name="Answer", exact=True).click()


def test_one_person_plays_caller_agent_and_customer_on_one_page(running: Running, page: Page) -> None:
    running.desk.do(nothing_else_waits)
    page.goto(
        f"http://127.0.0.1:{running.exchange_port}/?from={CALLER.replace('+', '%2B')}&code={running.code}"
    )
    reference = the_caller_leaves_a_message(page, running.desk)
    running.command("agent", "presence", "ada", "ready")
    rings(page, "Ada")
    hears(page, "Callback for Acme")
    page.keyboard.press("1")
    rings(page, "Caller")
    hears(page, "the call you asked for")
    expect(page.locator(".phone:visible .state")).to_have_text("Connected", timeout=PATIENCE)
    expect(page.locator(".phone:visible .clock")).to_have_text(
        re.compile("0:(0[2-9]|[1-5])"), timeout=PATIENCE
    )
    page.get_by_role("button", name="Hang up", exact=True).click()
    page.locator(".shelf").get_by_role("tab", name="Ada").click()
    hears(page, "How did it end?")
    page.keyboard.press("1")
    hears(page, "Noted.")
    the_desk_shows_it_solved_and_in_time(page, running, reference)


def the_caller_leaves_a_message(page: Page, desk: Desk) -> str:
    """By the page's own keys; the reference that the request was given."""
    page.get_by_role("button", name="Call", exact=True).click()
    page.get_by_role("button", name=re.compile(r"Press \d{6}#")).click()
    hears(page, "sending or receiving, press 1")
    page.keyboard.press("1")
    page.get_by_role("button", name="Sample").click()
    hears(page, "We will call you")
    page.keyboard.press("Escape")
    expect(page.locator(".phone:visible .state")).to_have_text("Call ended")
    with desk.reading() as work:
        made = work.session.query(Callback).filter_by(number=CALLER).one()
        return str(made.reference)


def the_desk_shows_it_solved_and_in_time(page: Page, running: Running, reference: str) -> None:
    page.goto(f"http://127.0.0.1:{running.port}/requests/{reference}")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(running.password)
    page.locator(".sign-in button").click()
    expect(page.locator("#buttons")).to_contain_text("Outcome: solved")
    expect(page.locator("#head .state")).to_contain_text("rung in time")
