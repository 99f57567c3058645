"""A supervisor in a process of its own, for tests: python -m tests.launched '<programs as JSON>'."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

STEADY = "import time, os; print('here', os.getpid(), flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STEADY
PARENT = (
    "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', "
    "'import os, time; os.setpgrp(); print(\"grandchild\", os.getpid(), flush=True); time.sleep(600)']); "
    + STEADY
)
BROKEN = "raise SystemExit('no such luck')"


class Launched:
    """A running supervisor, and what it prints."""

    def __init__(self, runner: "subprocess.Popen[bytes]") -> None:
        self.runner = runner
        self.lines: list[str] = []
        self._rest = b""

    def hear(self, words: str, within: float = 60) -> str:
        """A line that holds the words, once."""
        give_up = time.monotonic() + within
        while True:
            found = next((line for line in self.lines if words in line), None)
            if found is not None:
                self.lines.remove(found)
                return found
            silent = not self._listen(0.05) and self.runner.poll() is not None
            if silent or time.monotonic() > give_up:
                raise AssertionError(f"never heard {words!r} in: {self.lines}")

    def _listen(self, longest: float) -> bool:
        assert self.runner.stdout
        if not select.select([self.runner.stdout], [], [], longest)[0]:
            return False
        heard = os.read(self.runner.stdout.fileno(), 65536)
        *whole, self._rest = (self._rest + heard).split(b"\n")
        self.lines += [line.decode() for line in whole]
        return bool(heard)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait; the exit code."""
        self.runner.send_signal(number)
        return self.runner.wait(30)


@contextmanager
def launched(programs: dict[str, str]) -> Iterator[Launched]:
    """A supervisor that runs these Python texts under these names."""
    command = [sys.executable, "-m", "tests.launched", json.dumps(programs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True) as runner:
        try:
            yield Launched(runner)
        finally:
            runner.kill()


def number_in(line: str) -> int:
    """The id that a program printed."""
    return int(line.rsplit(maxsplit=1)[-1])


def is_gone(pid: int, within: float = 30) -> bool:
    """Whether the id belongs to nothing that runs, soon."""
    give_up = time.monotonic() + within
    while time.monotonic() < give_up:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def main(programs: dict[str, str]) -> int:
    """The supervisor's life, as launch/__main__.py lives it."""
    from launch.child import Program
    from launch.shown import Screen
    from launch.supervisor import StartError, StopAsked, Supervisor

    screen, code = Screen(), 0
    supervisor = Supervisor(screen.line)
    try:
        for name, text in programs.items():
            ready = Path(f"/nonexistent/{name}").exists if "no such luck" in text else (lambda: True)
            supervisor.start(Program(name, (sys.executable, "-c", text), ready=ready, patience=0.5))
        supervisor.wait_ready(10)
        supervisor.run()
    except StopAsked:
        screen.line("launch", "stopping")
    except StartError as fault:
        screen.line("launch", str(fault))
        code = 1
    supervisor.stop(tuple(programs))
    screen.line("launch", "all stopped")
    return code


if __name__ == "__main__":
    raise SystemExit(main(json.loads(sys.argv[1])))
