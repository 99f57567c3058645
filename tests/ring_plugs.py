"""Whoever pulls plugs: workers and clocks are killed and stopped at any moment, and so is Redis."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from exchange.trouble import DOWN, LOST, TOO_MANY
from tests.processes import Processes
from tests.ring_fate import Fate
from tests.ringing import Switchboard
from tests.valkey import Server

LONGEST_STOP = 5.0
"""Seconds: by the desk's clock more than a minute."""

KILLED, STOPPED = "processes killed", "processes stopped, some for a minute"


@dataclass
class Plugs:
    """The programs of the desk, and what is done to them."""

    exchange: Switchboard
    fate: Fate
    running: Processes
    redis: Server
    programs: dict[int, str] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    stopped: dict[int, float] = field(default_factory=dict)
    redis_back_at: float | None = None

    @property
    def pulled(self) -> int:
        """How many processes were killed or stopped."""
        return self.fate.counts[KILLED] + self.fate.counts[STOPPED]

    def pull(self, now: float) -> None:
        """One of them, at random."""
        draw = self.fate.random
        one = draw.choices([self._kill, self._stop, self._kill_redis, self._ail], [6, 4, 1, 3])[0]
        one(now)

    def _kill(self, _now: float) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._somebody(), signal.SIGKILL)
            self.fate.counts[KILLED] += 1

    def _stop(self, now: float) -> None:
        pid = self._somebody()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            self.stopped[pid] = now + self.fate.random.uniform(0.3, LONGEST_STOP)
            self.fate.counts[STOPPED] += 1

    def _kill_redis(self, now: float) -> None:
        if self.redis_back_at is None:
            self.redis.kill()
            self.redis_back_at = now + self.fate.random.uniform(0.5, 4)
            self.fate.counts["redis killed"] += 1

    def _ail(self, _now: float) -> None:
        self.exchange.troubles.append(self.fate.random.choice([LOST, LOST, DOWN, TOO_MANY]))
        self.fate.counts["carrier's bad moments"] += 1

    def tidy(self, now: float) -> None:
        """Who slept long enough goes on; what died is started again, as whoever keeps the desk would."""
        for pid, wakes in list(self.stopped.items()):
            if wakes <= now:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
                del self.stopped[pid]
        if self.redis_back_at is not None and self.redis_back_at <= now:
            self.redis.start()
            self.redis_back_at = None
        for process in [each for each in self.running.running if each.poll() is not None]:
            self.running.running.remove(process)
            self.start(self.programs.pop(process.pid))

    def start(self, program: str) -> None:
        """One more of this program."""
        started = self.running.start("tests.hurried", program).pid
        self.programs[started] = program
        self.begun.add(started)

    def end(self) -> None:
        """Children that outlived a killed parent end with the rest."""
        for pid, group in list(_groups()):
            if group in self.begun:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _somebody(self) -> int:
        """Any process of any of the programs, parents and children alike."""
        return self.fate.random.choice([pid for pid, group in _groups() if group in self.programs])


def _groups() -> Iterator[tuple[int, int]]:
    """(process, its group) of all that live."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                _, _, facts = (entry / "stat").read_text().rpartition(")")
                state, _parent, group, *_ = facts.split()
                if state != "Z":
                    yield int(entry.name), int(group)
