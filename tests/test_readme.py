"""Every command of the README does what the page says: each is run as a stranger would run it."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from launch.migrate import upgrade

ROOT = Path(__file__).parents[1]
SCRIPTED = {"script/start", "script/test"}
"""Run whole by tests/test_start.py, and by whoever runs this test."""

README = (ROOT / "README.md").read_text()
COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S) for line in block.splitlines()
]


@pytest.fixture
def own_desk(tmp_path: Path) -> dict[str, str]:
    """The environment of a desk with a database of its own, with Ada in it."""
    url = f"sqlite:///{tmp_path}/desk.sqlite3"
    upgrade(url)
    environ = {**os.environ, "DATABASE_URL": url, "COLUMNS": "100"}
    ada = ["script/desk", "agent", "add", "ada", "--name", "Ada", "--phone", "+390255512301"]
    subprocess.run(ada, cwd=ROOT, env=environ, capture_output=True, timeout=60, check=True)
    return environ


def test_the_readme_has_commands_to_run() -> None:
    assert set(COMMANDS) >= SCRIPTED
    assert len(COMMANDS) > len(SCRIPTED)


def test_every_command_of_the_readme_works_in_the_order_it_stands(own_desk: dict[str, str]) -> None:
    """In one test: whichever hand takes it, they come one after the other."""
    for command in (each for each in COMMANDS if each not in SCRIPTED):
        done = subprocess.run(
            shlex.split(command), cwd=ROOT, env=own_desk,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        may_refuse = command == "script/desk doctor"
        assert done.returncode in ({0, 1} if may_refuse else {0}), f"{command}: {done.stderr}"
        assert "Traceback" not in done.stdout + done.stderr, command


def test_every_picture_and_page_that_the_readme_names_is_there() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert named
    missing = [each for each in named if not (ROOT / each).exists()]
    assert not missing
