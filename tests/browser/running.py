"""The whole desk as it runs in earnest, in processes of its own, and the telephone that lies beside it."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, expect

from callbacks.work import Desk
from launch.demo import Demo
from launch.desk import open_desk
from settings import Settings
from tests.policies import SHIPPED
from tests.processes import ROOT, Processes, until
from tests.started import free_port

PATIENCE = 30_000
LONG_ENOUGH = re.compile("0:(0[2-9]|[1-5])")
"""The policy of this desk takes two seconds for a talk."""

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
        port, exchange_port = free_port(), free_port()
        self.url, self.exchange = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{exchange_port}"
        (folder / "policy.toml").write_text(always_open())
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environ = kept | {
            "VAR_FOLDER": str(folder / "var"), "POLICY_FILE": str(folder / "policy.toml"),
            "PORT": str(port), "EXCHANGE_PORT": str(exchange_port),
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
        self.demo: Demo = json.loads((folder / "var" / "demo.json").read_text())

    def command(self, *words: str) -> str:
        """`script/desk …`, and what it printed."""
        line = [sys.executable, "-m", "flask", "--app", "app:create_app", *words]
        done = subprocess.run(
            line, cwd=ROOT, env=self.environ, check=True, timeout=60, stdout=subprocess.PIPE
        )
        return done.stdout.decode()

    def stop(self) -> None:
        """As a machine that is shut down stops it."""
        self.desk.engine.dispose()
        self.launch.send_signal(signal.SIGTERM)
        try:
            self.launch.wait(20)
        finally:
            self.processes.kill_all()


def hears(phone: Page | FrameLocator, words: str) -> None:
    """Whose telephone lies uppermost hears this."""
    expect(phone.locator(".phone:visible .said")).to_contain_text(words, timeout=PATIENCE)


def presses(phone: Page | FrameLocator, key: str) -> None:
    """One key of it."""
    phone.locator(f".phone:visible [data-key='{key}']").click()


def rings(phone: Page | FrameLocator, whose: str) -> None:
    """Their telephone rings on the shelf: take it up, and answer."""
    tab = phone.locator(".shelf").get_by_role("tab", name=whose)
    expect(tab).to_have_attribute("data-mode", "incoming", timeout=PATIENCE)
    tab.click()
    phone.get_by_role("button", name="Answer", exact=True).click()


def talks(phone: Page | FrameLocator) -> None:
    """Long enough for a talk; then the customer hangs up."""
    expect(phone.locator(".phone:visible .state")).to_have_text("Connected", timeout=PATIENCE)
    expect(phone.locator(".phone:visible .clock")).to_have_text(LONG_ENOUGH, timeout=PATIENCE)
    phone.get_by_role("button", name="Hang up", exact=True).click()
