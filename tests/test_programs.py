"""What a platform runs by itself: each line of the Procfile begins, or says plainly why it cannot."""

import os
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import ROOT
from tests.processes import Processes, environment, until
from tests.started import free_port
from tests.valkey import Server

LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
PROGRAMS = {name: shlex.split(command)[2:] for name, command in LINES.items()}


@pytest.fixture
def platform(redis_server: Server, tmp_path: Path) -> Iterator[Processes]:
    """A place that starts our programs, each in its own process; its database is new."""
    database_url = f"sqlite:///{tmp_path}/desk.sqlite3"
    ports = {"PORT": str(free_port()), "EXCHANGE_PORT": str(free_port())}
    made = Processes(environment(tmp_path, database_url, redis_server.url, **ports), tmp_path)
    yield made
    made.kill_all()


def test_every_line_of_the_procfile_runs(platform: Processes) -> None:
    assert list(PROGRAMS) == ["release", "web", "worker", "clock"]
    assert platform.start(*PROGRAMS["release"]).wait(60) == 0, platform.said()
    for name in ("web", "worker", "clock"):
        platform.start(*PROGRAMS[name])
    until(lambda: "the clock runs" in platform.said() and "listening" in platform.said(), platform.said)
    until(lambda: ready(platform.environ["PORT"]), platform.said)
    assert "Traceback" not in platform.said()


def test_the_console_is_a_prompt_with_the_desk_loaded(platform: Processes) -> None:
    asked = "print(desk.policy.office.name, core.queue.__name__, settings.in_production)\n"
    told = subprocess.run(
        [sys.executable, "-m", "launch.console"],
        cwd=ROOT, env=platform.environ, input=asked, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Acme Support callbacks.queue False" in told.stdout
    assert told.returncode == 0


@pytest.mark.parametrize("program", [*PROGRAMS, "migrate"])
def test_a_wrong_environment_is_refused_a_line_for_each_fault(tmp_path: Path, program: str) -> None:
    said = refused(tmp_path, program, PORT="abc", LOG_FORMAT="xml")
    assert [line.split()[0] for line in said] == ["PORT", "LOG_FORMAT"]


@pytest.mark.parametrize("program", ["release", "worker", "clock"])
def test_a_broken_policy_is_refused_a_line_for_each_fault_and_once(tmp_path: Path, program: str) -> None:
    broken = tmp_path / "policy.toml"
    text = (ROOT / "policy.toml").read_text()
    broken.write_text(text.replace("Europe/Rome", "Europe/Roma").replace("tries = 3", "tries = 0"))
    said = refused(tmp_path, program, POLICY_FILE=str(broken))
    assert [line.split(": ")[1] for line in said] == ["office.zone", "call.tries"]


def test_a_release_whose_database_is_away_says_so(tmp_path: Path) -> None:
    away = "postgresql+psycopg://desk:hunter2@127.0.0.1:9/desk"
    said = refused(tmp_path, "release", DATABASE_URL=away)
    assert said[0].startswith("the database cannot be used: ")
    assert not [line for line in said if "Traceback" in line or "hunter2" in line]


def refused(tmp_path: Path, program: str, **environ: str) -> list[str]:
    """What a program that cannot begin says; it ends with 1."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, "-m", *PROGRAMS.get(program, ["launch.migrate"])],
        cwd=ROOT, env={**kept, "VAR_FOLDER": str(tmp_path), **environ},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended
    assert not ended.stdout
    return ended.stderr.splitlines()


def ready(port: str) -> bool:
    """The web answers, and finds its database migrated."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False
