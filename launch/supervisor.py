"""Starts programs, starts again what dies, stops all in order; one thread, asleep until something happens."""

import selectors
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

from launch.child import Child, Program
from launch.guardian import Guardian

TRIES = 3
"""A program that ends so often before it was ever ready will not come up by itself."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Show = Callable[[str, str], None]


class StopAsked(Exception):  # noqa: N818 - it is no error
    """Ctrl-C, or a signal that asks us to stop."""


class StartError(Exception):
    """A program does not come up; the message says which."""


class Supervisor:
    """The programs in our care, in the order they were started."""

    def __init__(self, show: Show) -> None:
        self.children: dict[str, Child] = {}
        self._show = show
        self._stop_asked = False
        self._guardian = Guardian()
        self._selector = selectors.DefaultSelector()
        self._listen_to_signals()

    def _listen_to_signals(self) -> None:
        """Signals only wake the loop; what they mean is judged there, between two steps."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setblocking(False)
        self._wakeup = ours, theirs
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._selector.register(ours, selectors.EVENT_READ, None)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in SIGNALS:
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked = True

    def start(self, program: Program) -> Child:
        """Start the program and care for it from now on."""
        child = Child(program, self._guardian)
        self.children[program.name] = child
        self._selector.register(child.pipe, selectors.EVENT_READ, child)
        return child

    def wait_ready(self, within: float) -> None:
        """Until every program says that it is ready; raises StartError where one does not get there."""
        give_up = time.monotonic() + within
        waiting = dict(self.children)
        while waiting:
            self._step(0.02)
            waiting = {name: child for name, child in waiting.items() if not _is_ready(child)}
            for name, child in waiting.items():
                if child.falls >= TRIES:
                    raise StartError(
                        f"{name} ended {child.falls} times before it was ready: see its lines above"
                    )
            if waiting and time.monotonic() > give_up:
                raise StartError(f"{', '.join(waiting)} not ready after {within:.0f} s: see the lines above")

    def wait_end(self, name: str) -> int:
        """Until a program that runs once has ended; its exit code."""
        child = self.children[name]
        while (code := child.fell()) is None:
            self._step(0.05)
        self._listen(child, to_the_end=True)
        del self.children[name]
        return code

    def run(self) -> None:
        """Care for all until somebody asks us to stop."""
        while True:
            self._step(None)

    def _step(self, longest: float | None) -> None:
        """Sleep until something happens, pass on what was said, raise up what fell."""
        due = [child.due_at for child in self.children.values() if child.due_at is not None]
        if due:
            pause = max(0.0, min(due) - time.monotonic())
            longest = pause if longest is None else min(pause, longest)
        for key, _mask in self._selector.select(longest):
            if key.data is None:
                self._wakeup[0].recv(4096)
            else:
                self._listen(key.data)
        if self._stop_asked:
            raise StopAsked
        for child in self.children.values():
            self._care_for(child)

    def _listen(self, child: Child, to_the_end: bool = False) -> None:
        """Pass on what it said; of one that has ended, the last words."""
        if child.silent:
            return
        for line in child.lines():
            if not any(words in line for words in child.program.mute):
                self._show(child.program.name, line)
        if child.silent or to_the_end:
            self._selector.unregister(child.pipe)
            child.hang_up()

    def _care_for(self, child: Child) -> None:
        if child.program.once:
            return
        code = child.fell()
        if code is not None:
            self._listen(child, to_the_end=True)
            self._show(
                "launch", f"{child.program.name} {_ending(code)}; starting it again in {child.pause:g} s"
            )
        elif child.due_at is not None and time.monotonic() >= child.due_at:
            child.restart()
            self._selector.register(child.pipe, selectors.EVENT_READ, child)

    def stop(self, order: tuple[str, ...], at_once: bool = False) -> None:
        """Stop those named in the order given, then the rest, last started first; asked twice, at once."""
        self._stop_asked = at_once
        rest = [name for name in reversed(self.children) if name not in order]
        for name in (*order, *rest):
            child = self.children.pop(name, None)
            if child is not None:
                child.stop(lambda: self._stop_asked)
                self._listen(child, to_the_end=True)
        self._guardian.close()


def _is_ready(child: Child) -> bool:
    return child.due_at is None and child.program.ready()


def _ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
