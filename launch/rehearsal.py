"""A rehearsal: a desk as it is tried out, beside the real one, in a folder of its own, under today's policy.

`python -m launch.rehearsal` runs it; script/start does so beside a desk with real callers. It knows nothing
of the real one's account, database and secrets, and nobody is told anything by it but its own log.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from callbacks import policy_book
from callbacks.policy.editing import edited
from callbacks.work import Desk
from launch.desk import open_desk
from settings import Settings

LOOKS = 2.0
"""Seconds between two looks whether the policy is another one."""

KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "LOG_LEVEL", "TMPDIR")
"""What the environment tells a rehearsal: where programs are, and no secret."""

PATIENCE = 15.0
"""Seconds that it may take to stop."""


def folder(settings: Settings) -> Path:
    """Where it keeps all that is its own."""
    return settings.var / "rehearsal"


def environ(settings: Settings) -> Mapping[str, str]:
    """The whole environment of the rehearsal's programs."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    var = folder(settings)
    return kept | {
        "VAR_FOLDER": str(var), "POLICY_FILE": str(var / "policy.toml"), "PYTHONUNBUFFERED": "1",
        "PORT": str(settings.rehearsal_port), "EXCHANGE_PORT": str(settings.exchange_port),
        "WEB_WORKERS": "1",
    }  # fmt: skip


def main() -> int:
    """Runs until it is told to stop; what its programs say is in `rehearsal.log`."""
    settings = Settings.load()
    if not settings.in_production:
        sys.stderr.write("a desk without an account is its own rehearsal: open /call-your-desk\n")
        return 1
    var = folder(settings)
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    desk = open_desk(settings)
    written = _write(desk, var)
    with (var / "rehearsal.log").open("w") as log:
        words = [sys.executable, "-m", "launch"]
        child = subprocess.Popen(words, env=environ(settings), stdout=log, stderr=subprocess.STDOUT)
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: child.terminate())
    while child.poll() is None:
        time.sleep(LOOKS)
        written = _follow(desk, settings, written)
    return child.wait(PATIENCE)


def _write(desk: Desk, var: Path) -> str:
    """The policy in force, but that nobody is told anything by a rehearsal."""
    text = edited(desk.policy.text, {("notices", "to"): ["log"]})
    (var / "policy.toml").write_text(text)
    return text


def _follow(desk: Desk, settings: Settings, written: str) -> str:
    """What was changed meanwhile holds in the rehearsal too."""
    text = _write(desk, folder(settings))
    if text != written:
        apart = open_desk(Settings.load(environ(settings)))
        apart.do(lambda work: policy_book.take_file(work, text))
        apart.engine.dispose()
    return text


if __name__ == "__main__":
    raise SystemExit(main())
