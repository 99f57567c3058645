"""The backlog in numbers: counted once for all boards of a process that are told of one change."""

from dataclasses import dataclass

from callbacks import queue
from callbacks.pulse import mark, pulse
from callbacks.queue import Backlog
from callbacks.work import Work
from console.listening import covers

FRESH = 1.0
"""Seconds; then time itself has made one more of them late."""


@dataclass(frozen=True)
class Count:
    """What was counted, of which news it knows, and when."""

    backlog: Backlog
    news: str
    at: float

    def knows(self, work: Work, news: str) -> bool:
        """Whether it is what this reader would find."""
        return covers(self.news, news) and 0 <= work.now.timestamp() - self.at < FRESH


class Counted:
    """With a hundred thousand open a count takes longer than all else on a page together."""

    def __init__(self) -> None:
        self._newest: Count | None = None

    def of(self, work: Work, heard: str = "") -> Backlog:
        """As it stands for who `heard` of a change; else as it stands this instant."""
        newest, news = self._newest, heard or mark(pulse(work.session))
        if newest and newest.knows(work, news):
            return newest.backlog
        backlog = queue.backlog(work.session, work.now)
        self._newest = Count(backlog, news, work.now.timestamp())
        return backlog
