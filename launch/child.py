"""One program we started: its session, what it says, and when it may be started again."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from launch import sessions
from launch.guardian import Guardian

ROOT = Path(__file__).resolve().parent.parent
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
STEADY = 20.0
"""Seconds after which a program has come up well, so that its next fall starts from the first pause."""


def always() -> bool:
    """For programs that are ready as soon as they run."""
    return True


@dataclass(frozen=True)
class Program:
    """What to run, how to see that it is ready, how long it may take to stop, which lines are of no use."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    ready: Callable[[], bool] = always
    patience: float = 5.0
    mute: tuple[str, ...] = ()
    once: bool = False


class Child:
    """A program under our care, in a session of its own so that a Ctrl-C reaches it only through us."""

    def __init__(self, program: Program, guardian: Guardian) -> None:
        self.program = program
        self.falls = 0
        self.due_at: float | None = None
        self._guardian = guardian
        self._start()

    def _start(self) -> None:
        self.due_at = None
        self._started_at = time.monotonic()
        self._rest, self.silent = b"", False
        self._runner = subprocess.Popen(
            self.program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=self.program.environ,
            start_new_session=True,
        )
        self._guardian.watch(self._runner.pid)
        self.pipe = cast(IO[bytes], self._runner.stdout)
        os.set_blocking(self.pipe.fileno(), False)

    @property
    def pid(self) -> int:
        """The id of the program, which leads its session."""
        return self._runner.pid

    def restart(self) -> None:
        """Start the program anew."""
        self._start()

    def fell(self) -> int | None:
        """How it ended, once, if it has: a number below zero names a signal. What it left behind ends too."""
        if self.due_at is not None or self._runner.poll() is None:
            return None
        self._clear()
        self.falls = 1 if time.monotonic() - self._started_at > STEADY else self.falls + 1
        self.due_at = time.monotonic() + self.pause
        return self._runner.returncode

    @property
    def pause(self) -> float:
        """Seconds before it is started again: twice as long after each fall in a row."""
        return float(min(FIRST_PAUSE * 2 ** (self.falls - 1), LONGEST_PAUSE))

    def lines(self) -> list[str]:
        """What it has said since we last listened, in whole lines; `silent` once it can say no more."""
        heard = self._rest
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self.pipe.fileno(), 65536):
                heard += part
            self.silent = True
        whole = heard.split(b"\n")
        self._rest = b"" if self.silent else whole.pop()
        return [line.decode(errors="replace") for line in whole if line]

    def hang_up(self) -> None:
        """Listen no more."""
        self.silent = True
        self.pipe.close()

    def stop(self, hurry: Callable[[], bool]) -> None:
        """Ask it to stop, give it its patience unless there is hurry, end what is left."""
        if self.due_at is None:
            sessions.tell(self.pid, sessions.TERM)
            give_up = time.monotonic() + self.program.patience
            while self._runner.poll() is None and time.monotonic() < give_up and not hurry():
                time.sleep(0.01)
            self._clear()
            self._runner.wait()
        self.due_at = float("inf")

    def _clear(self) -> None:
        sessions.kill(self.pid)
        self._guardian.forget(self.pid)
