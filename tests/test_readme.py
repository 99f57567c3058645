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


@pytest.fixture(scope="module")
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a desk with a database of its own, with Ada in it."""
    folder = tmp_path_factory.mktemp("readme")
    url = f"sqlite:///{folder}/desk.sqlite3"
    upgrade(url)
    environ = {**os.environ, "DATABASE_URL": url, "COLUMNS": "100"}
    ada = ["script/desk", "agent", "add", "ada", "--name", "Ada", "--phone", "+390255512301"]
    subprocess.run(ada, cwd=ROOT, env=environ, capture_output=True, timeout=60, check=True)
    return environ


def test_the_readme_has_commands_to_run() -> None:
    assert set(COMMANDS) >= SCRIPTED
    assert len(COMMANDS) > len(SCRIPTED)


@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in SCRIPTED])
def test_every_command_of_the_readme_works_in_the_order_it_stands(
    command: str, own_desk: dict[str, str]
) -> None:
    done = subprocess.run(
        shlex.split(command), cwd=ROOT, env=own_desk, capture_output=True, text=True, timeout=60, check=False
    )
    may_refuse = command == "script/desk doctor"
    assert done.returncode in ({0, 1} if may_refuse else {0}), done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_every_picture_and_page_that_the_readme_names_is_there() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert named
    missing = [each for each in named if not (ROOT / each).exists()]
    assert not missing
