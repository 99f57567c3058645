"""Pages that listen: each is told that something changed, never what; one looks out for all of a process.

The word has its number, which the page brings back when it looks: whatever knows of that will do. What many
will look at is made ready first; then they are told one after another, so that callers are answered between.
Who shows what many see alike is told when that says something else, or something of the desk itself changed.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest
from operator import attrgetter

import structlog

from callbacks.pulse import mark, own_lines, pulse
from callbacks.work import Desk, Work

LOOKS_EVERY = 0.5
"""Seconds between two looks for something new, while anybody listens."""

BEATS_EVERY = 5.0
"""Seconds of silence after which a page is told that the desk is still there, if it is still welcome."""

LATELY = 1.0
"""Seconds since a look began in which what it found out may be relied on."""

LAST_LOOK = 1.0
"""Seconds that a stop waits for a look that has begun."""

A_PERSON = 8
"""Pages of one sign-in that listen at once; then the oldest gives its place to the newest."""

ROUND = 1.3
"""Seconds in which all are told when as many listen as may; a page lives within two of a change."""

TELLS_EVERY = 0.02
"""Seconds between one few that are told, and the next."""

Alike = tuple[str, str]
"""What many see alike: their language, and the address of the part."""

log = structlog.get_logger("console")


def covers(known: str, news: str) -> bool:
    """Whether who knows of the first knows of the second: the same, or an older one from the same process."""
    name, _, number = known.rpartition(":")
    other, _, older = news.rpartition(":")
    is_counted = bool(name) and older.isdecimal() and len(older) < 20
    return known == news or (is_counted and name == other and int(older) <= int(number))


@dataclass(eq=False)
class Listener:
    """One page of one sign-in. `is_welcome` tells whether its key still opens the desk.

    `shows` is what lives on it, where many see it alike; of its `edition` the page was told.
    """

    key: str
    is_welcome: Callable[[], bool]
    shows: Alike | None = None
    heard: int = 0
    edition: int = 0
    is_over: bool = False
    word: threading.Event = field(default_factory=threading.Event)


class Listening:
    """Who listens at this process: never more than `places`, and each holds a thread of the server."""

    def __init__(self, desk: Desk, places: int) -> None:
        self.desk, self.places = desk, places
        self._before: list[Callable[[Work, str], object]] = []
        self._here: list[Listener] = []
        self._news = threading.Lock()
        self._change = self._for_all = self.own_lines = 0
        self.editions: dict[Alike, int] = {}
        self._pulse, self._name = "", secrets.token_hex(4)
        self._looker: threading.Thread | None = None
        self._is_blind, self._looked_at = False, 0.0
        self._is_over = threading.Event()

    def before(self, make_ready: Callable[[Work, str], object]) -> None:
        """To be done at each look, before any page is told of the news that it is given."""
        self._before.append(make_ready)

    def join(self, key: str, is_welcome: Callable[[], bool], shows: Alike | None = None) -> Listener | None:
        """A place for this page; None where all are taken, and it goes on asking now and then."""
        with self._news:
            own = [each for each in self._here if each.key == key]
            if len(own) >= A_PERSON:
                self._send_off(own[0])
            if self._is_over.is_set() or len(self._here) >= self.places:
                return None
            listener = Listener(key, is_welcome, shows, self._change)
            self._here.append(listener)
            return listener

    def tell(self, listener: Listener) -> Iterator[str]:
        """What the page hears, until it goes, is signed out, or the server ends."""
        self._begin_to_look()
        try:
            yield "retry: 3000\nevent: beat\ndata:\n\n"
            while word := self._next(listener):
                yield word
        finally:
            self.leave(listener)

    def leave(self, listener: Listener) -> None:
        """Its place is free. Safe to repeat."""
        with self._news:
            self._send_off(listener)

    def end(self) -> None:
        """The server stops: nobody is kept, nobody comes any more, and a look that has begun is the last."""
        self._is_over.set()
        with self._news:
            looker = self._looker
            for listener in list(self._here):
                self._send_off(listener)
        if looker:
            looker.join(LAST_LOOK)

    @property
    def news(self) -> str:
        """The newest of which pages are told here."""
        return self._named(self._change)

    def lines_lately(self) -> int | None:
        """How many lines the desk's own journal had within the last second; nothing where nobody looked."""
        return self.own_lines if time.monotonic() - self._looked_at < LATELY else None

    def __len__(self) -> int:
        """How many listen."""
        return len(self._here)

    def _send_off(self, listener: Listener) -> None:
        listener.is_over = True
        if listener in self._here:
            self._here.remove(listener)
        listener.word.set()

    def _next(self, listener: Listener) -> str:
        """The next word for this page; nothing where there is none to come."""
        is_told = listener.word.wait(BEATS_EVERY)
        if listener.is_over:
            return ""
        if is_told:
            listener.word.clear()
            return f"event: changed\ndata: {round(1000 * TELLS_EVERY)} {self.news}\n\n"
        return "event: beat\ndata:\n\n" if listener.is_welcome() else ""

    def _begin_to_look(self) -> None:
        with self._news:
            if self._looker is None:
                self._looker = threading.Thread(target=self._look_out, name="listening", daemon=True)
                self._looker.start()

    def _look_out(self) -> None:
        """Until nobody listens any more."""
        while self._anybody():
            self.look()
            self._tell_until(time.monotonic() + LOOKS_EVERY)

    def _anybody(self) -> bool:
        with self._news:
            if not self._here:
                self._looker = None
            return self._looker is not None

    def look(self) -> None:
        """Whether something is new; what pages will look at is made ready, and then they may be told."""
        try:
            began = time.monotonic()
            with self.desk.reading() as work:
                found, lines = mark(pulse(work.session)), own_lines(work.session)
                change = self._change + (found != self._pulse)
                self._make_ready(work, self._named(change))
        except Exception as fault:  # whatever it is, the next look comes soon
            if not self._is_blind:
                log.warning("pages are told of no changes while this lasts", fault=str(fault))
            self._is_blind = True
            return
        self._is_blind = False
        with self._news:
            self._looked_at = began
            self._for_all = self._for_all if lines == self.own_lines else change
            self._pulse, self._change, self.own_lines = found, change, lines

    def _make_ready(self, work: Work, news: str) -> None:
        """Whatever fails, the pages are told: what is not at hand is made when they look."""
        for make_ready in self._before:
            try:
                make_ready(work, news)
            except Exception as fault:
                log.warning("what pages will look at is not ready", fault=str(fault))

    def _tell_until(self, next_look: float) -> None:
        while (left := next_look - time.monotonic()) > 0 and not self._is_over.is_set():
            self._is_over.wait(min(left, TELLS_EVERY) if self._tell_some() else left)

    def _tell_some(self) -> bool:
        """First who was told longest ago. Whether others do not know yet."""
        few = max(1, round(self.places * TELLS_EVERY / ROUND))
        with self._news:
            behind = [each for each in self._here if each.heard != self._change and not self._has_it(each)]
            for listener in nsmallest(few, behind, attrgetter("heard")):
                listener.heard = self._change
                listener.edition = self.editions.get(listener.shows, 0) if listener.shows else 0
                listener.word.set()
        return len(behind) > few

    def _has_it(self, listener: Listener) -> bool:
        """Whether it was told of all that it shows, whatever else has changed."""
        edition = self.editions.get(listener.shows, 0) if listener.shows else 0
        return 0 < edition == listener.edition and listener.heard >= self._for_all

    def _named(self, change: int) -> str:
        """The number of a change, as pages bring it back to any process."""
        return f"{self._name}:{change}"
