"""What may befall a hand of the desk at any step: it crashes, or is held up while the world goes on."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from callbacks.work import Desk, Work
from worker.carrier import Carrier
from worker.line import Line
from worker.queues import Queues
from worker.sources import Source

CRASHES, HELD_UP = 0.08, 0.05
"""Of all the moments at which they could be."""


class Crash(BaseException):
    """As SIGKILL: nothing of ours catches it."""


@dataclass
class Fate:
    """Decided by a seed. `meanwhile` is what the world does while somebody is held up."""

    random: Random
    meanwhile: Callable[[], None] = lambda: None
    chaos: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    held_up: bool = False

    def at(self, point: str, *, may_wait: bool = False) -> None:
        """A moment at which something may happen to whoever comes here."""
        draw = self.random.random() if self.chaos else 1.0
        if draw < CRASHES:
            self.counts[f"crashed {point}"] += 1
            raise Crash(point)
        if draw < CRASHES + HELD_UP and may_wait and not self.held_up:
            self.counts[f"held up {point}"] += 1
            self.held_up = True
            try:
                self.meanwhile()
            finally:
                self.held_up = False


@dataclass(frozen=True)
class ShakyDesk(Desk):  # type: ignore[misc] # after a default that is none
    """A desk of a process that may die before or after each commit."""

    fate: Fate = field(kw_only=True)
    who: str = field(kw_only=True)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """As it is, with the two moments."""
        with super().work() as work:
            yield work
            self.fate.at(f"before a commit, {self.who}")
        self.fate.at(f"after a commit, {self.who}", may_wait=self.who == "worker")


class ShakyLine(Line):
    """A way out to the carrier on which its process may die before or after each request."""

    def __init__(self, base: str, fate: Fate) -> None:
        super().__init__(base, waits=())
        self._fate = fate

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """One request."""
        self._fate.at(f"before a {method} to the carrier", may_wait=True)
        answer = super().request(method, url, *args, **kwargs)
        self._fate.at(f"after a {method} to the carrier", may_wait=True)
        return answer


def shaky_carrier(account: tuple[str, str], base: str, fate: Fate) -> Carrier:
    """The carrier as a process that may die sees it."""
    carrier = Carrier(*account, base, waits=())
    carrier._line = ShakyLine(base, fate)
    return carrier


@dataclass
class Job:
    """Something that was handed over, until when anybody may begin it."""

    source: Source
    ids: list[int]
    until: datetime


class ShakyQueues(Queues):
    """Queues that lose what they hold whenever fate wills; workers take jobs from `jobs`."""

    def __init__(self, fate: Fate, clock: Callable[[], datetime]) -> None:
        super().__init__("unix:///nowhere/valkey.sock")
        self._fate, self._clock = fate, clock
        self.jobs: list[Job] = []
        self.away = False

    def take(self, source: Source, ids: Sequence[int]) -> bool:
        """Kept in memory as Redis would, and as surely."""
        if self.away:
            return False
        self._fate.at("before a job is handed over")
        self.jobs.append(Job(source, list(ids), self._clock() + source.lease))
        self._fate.at("after a job is handed over")
        return True

    def next(self) -> Job | None:
        """One job, any; one that is over is dropped, one in ten is handed out twice."""
        while self.jobs:
            job = self.jobs.pop(self._fate.random.randrange(len(self.jobs)))
            if job.until < self._clock():
                continue
            if self._fate.chaos and self._fate.random.random() < 0.1:
                self.jobs.append(job)
            return job
        return None

    def emptied(self) -> None:
        """Everything forgotten."""
        self.jobs.clear()


SOON = timedelta(seconds=1)
