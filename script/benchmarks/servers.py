"""A desk's web server in processes of its own, for measuring: made, filled, run, looked at, ended."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text

from launch import sessions, web
from launch.desk import open_desk
from launch.migrate import upgrade
from settings import Settings
from tests.people import fill
from tests.started import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """A filled desk that no server runs for yet."""

    settings: Settings
    environ: dict[str, str]
    code: str

    def beside(self) -> "Place":
        """The same desk at another port."""
        port = free_port()
        settings = replace(self.settings, port=port)
        return replace(self, settings=settings, environ={**self.environ, "PORT": str(port)})


def prepared(var: Path, database_url: str) -> Place:
    """A migrated database with the cast in it, and a table for the hellos."""
    given = {
        "VAR_FOLDER": str(var),
        "DATABASE_URL": database_url,
        "PORT": str(free_port()),
        "WEB_WORKERS": "1",
    }
    settings = Settings.load(given)
    upgrade(database_url)
    desk = open_desk(settings)
    with desk.engine.begin() as connection:
        connection.execute(text("CREATE TABLE hellos (sid VARCHAR(40) PRIMARY KEY, turns INTEGER)"))
    code = fill(desk).acme_code
    desk.engine.dispose()
    return Place(settings, {**os.environ, **given}, code)


def granian(place: Place, target: str = "") -> list[str]:
    """As script/start runs it, or with another target in the desk's place."""
    command = web.command(place.settings)
    return [*command[:-1], target or command[-1]]


def gunicorn(place: Place, *words: str) -> list[str]:
    """The server it is measured beside."""
    bound = ["--bind", f"127.0.0.1:{place.settings.port}", "--no-control-socket", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "--workers", "1", *words, *bound, "app:create_app()"]


@contextmanager
def served(place: Place, command: list[str]) -> Iterator[int]:
    """The session of a running server, which ends with it."""
    with subprocess.Popen(command, cwd=ROOT, env=place.environ, start_new_session=True) as runner:
        try:
            _wait(f"http://127.0.0.1:{place.settings.port}/healthz")
            yield runner.pid
        finally:
            sessions.kill(runner.pid)


def _wait(address: str) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(address)


def work(session: int) -> float:
    """Seconds of processor that the session has used so far."""
    ticks = 0
    for pid in sessions.members(session):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
