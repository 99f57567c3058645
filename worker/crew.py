"""One child a queue, forked once all is imported; one that dies is replaced, none outlives its parent."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import NoReturn

BREATH = 1.0
"""Seconds before a child that died is replaced."""

Work = Callable[[], None]


def keep_a_crew(crew: Mapping[str, Work]) -> None:
    """Until told to stop; children then end what they have in hand."""
    _Crew(crew).keep()


class _Crew:
    def __init__(self, crew: Mapping[str, Work]) -> None:
        self._crew = crew
        self._children: dict[int, str] = {}
        self._stopping = False

    def keep(self) -> None:
        for word in (signal.SIGTERM, signal.SIGINT):
            signal.signal(word, self._stop)
        for name in self._crew:
            self._fork(name)
        while self._children:
            child, _ = os.wait()
            name = self._children.pop(child, "")
            if name and not self._stopping:
                time.sleep(BREATH)
                self._fork(name)

    def _stop(self, *_: object) -> None:
        self._stopping = True
        for child in list(self._children):
            os.kill(child, signal.SIGTERM)

    def _fork(self, name: str) -> None:
        if self._stopping:
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        parent, child = os.getpid(), os.fork()
        if child == 0:
            _live(self._crew[name], parent)
        self._children[child] = name
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})


def _live(work: Work, parent: int) -> NoReturn:
    """The child: nothing of the parent's loop is left in it."""
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, _leave)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    _die_with(parent)
    try:
        work()
    except SystemExit:
        pass
    except BaseException:
        sys.excepthook(*sys.exc_info())
    os._exit(0)


def _leave(_word: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _die_with(parent: int) -> None:
    """Where the parent is killed nothing is left behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(0)
