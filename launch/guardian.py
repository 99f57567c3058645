"""Outlives a supervisor that was killed, just long enough to end what it had started."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import TextIO

from launch import sessions

PATIENCE = 3.0


class Guardian:
    """The supervisor's end of the pipe: each session is named while it lives."""

    def __init__(self) -> None:
        command = [sys.executable, "-S", "-m", "launch.guardian"]
        root = Path(__file__).resolve().parent.parent
        self._runner = subprocess.Popen(
            command, stdin=subprocess.PIPE, text=True, start_new_session=True, cwd=root
        )

    def watch(self, session: int) -> None:
        """End this session if we are gone before we say otherwise."""
        self._say(f"+{session}\n")

    def forget(self, session: int) -> None:
        """This session has ended; its number may come to belong to strangers."""
        self._say(f"-{session}\n")

    def close(self) -> None:
        """Let the guardian go; whatever is still named ends now."""
        if self._runner.stdin:
            self._runner.stdin.close()
        self._runner.wait()

    def _say(self, line: str) -> None:
        if self._runner.stdin and self._runner.poll() is None:
            self._runner.stdin.write(line)
            self._runner.stdin.flush()


def keep_watch(lines: TextIO) -> None:
    """Until the other end of the pipe closes, by will or by death; then end all that is still named."""
    living: set[int] = set()
    for line in lines:
        session = int(line[1:])
        if line.startswith("+"):
            living.add(session)
        else:
            living.discard(session)
    sessions.end(sorted(living), PATIENCE)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    keep_watch(sys.stdin)
