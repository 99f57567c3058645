"""The timed side's own processes, as they run in earnest, for tests that kill them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
"""Seconds in which nothing new is said."""


@dataclass
class Processes:
    """Each in a session of its own, so that a kill takes the children too."""

    environ: dict[str, str]
    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """`python -m …`."""
        with (self.folder / f"{words[0]}-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        return process

    def said(self) -> str:
        """What all of them wrote."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def kill_all(self) -> None:
        """All at once, with no time to tidy up."""
        for process in self.running:
            _kill(process)
        for process in self.running:
            process.wait(10)
        self.running.clear()


def environment(folder: Path, database_url: str, redis_url: str, **more: str) -> dict[str, str]:
    """Of a demo desk on this database."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "VAR_FOLDER": str(folder), "DATABASE_URL": database_url, "REDIS_URL": redis_url,
        "TWILIO_API_BASE": "http://127.0.0.1:9", "PYTHONUNBUFFERED": "1", **more,
    }  # fmt: skip


def until(comes_true: Callable[[], bool], otherwise: Callable[[], str] = str) -> None:
    """Wait for another process or thread: while they say something new, and not for ever."""
    begun = heard = time.monotonic()
    said = ""
    while not comes_true():
        now = time.monotonic()
        if said != (said := otherwise()):
            heard = now
        assert now < min(heard, begun + 4 * PATIENCE) + PATIENCE, said or "it did not come true"
        time.sleep(0.02)


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
