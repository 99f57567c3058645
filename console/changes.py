"""Where pages listen for changes, and the gate before what they ask for then: no caller waits for a board."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from flask import Flask, Response, g, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from console import live
from console.page import EVERYBODY, Page
from console.room import Room
from console.stays import stay_of

AT_ONCE, WAITING = 2, 62
"""So many looks are made at once in a process, and so many wait for their turn; each holds a thread."""

YIELDS = 0.1
"""Seconds that a look at what is ready lets callers go first: it is short, but there are many."""

GIVES_WAY = 0.25
"""Seconds that something long may take longer because callers are answered between."""

PATIENCE = 3.0
"""Seconds that a look waits for its turn."""


def pages(room: Room) -> Iterator[Page]:
    """`/events` says that something changed; what changed, each page asks for itself."""
    yield Page("/events", "events", partial(hear, room), roles=EVERYBODY)


def hear(room: Room) -> AnyResponse:
    """Open until the page goes; 503 where all places are taken, and the page goes on asking by itself."""
    key = current_user.get_id()
    return stream(room, key, partial(is_welcome, room, key), request.args.get("of", ""))


def stream(room: Room, key: str, is_welcome: Callable[[], bool], part: str) -> AnyResponse:
    """What is told to whoever holds this key, while they are welcome. `part` is the address of what lives."""
    listener = room.listening.join(key, is_welcome, (room.words().language, part))
    if listener is None:
        return Response(status=503, headers={"Retry-After": "30"})
    response = Response(room.listening.tell(listener), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"  # a proxy passes each word on at once
    response.call_on_close(partial(room.listening.leave, listener))
    return response


def is_welcome(room: Room, key: str) -> bool:
    """Whether this sign-in still opens the desk."""
    return stay_of(room.desk, key) is not None


class Turns:
    """Looks begin while no caller is being answered, a few at once; a few wait, the rest come again.

    Who was told of a change in what all see alike gets what is at hand: one after another, between callers,
    and before long even where there is always one.
    """

    def __init__(self) -> None:
        self._news, self._at_hand = threading.Condition(), threading.Lock()
        self._looks = self._waiting = self._callers = 0

    def guard(self, app: Flask) -> None:
        """A turn is taken before anything is read, and given back whatever happens."""
        app.extensions["turns"] = self
        app.before_request(self._before)
        app.teardown_request(self._after)

    def take(self) -> bool:
        """Whether it is this look's turn, at once or after a short wait."""
        if not self._may_wait():
            return False
        with self._news:
            is_ours = self._news.wait_for(self._is_free, PATIENCE)
            self._waiting -= 1
            self._looks += is_ours
            return is_ours

    def take_at_hand(self) -> bool:
        """The same for what all see alike. They are many: each that ends wakes one of them and no more."""
        if not self._may_wait():
            return False
        is_ours = self._at_hand.acquire(timeout=PATIENCE)
        with self._news:
            self._waiting -= 1
        if is_ours:
            self.give_way(time.monotonic() + YIELDS)
        return is_ours

    def give_back(self) -> None:
        """The next one's turn."""
        self._count(looks=-1)

    def give_way(self, until: float) -> None:
        """Wait while a caller is being answered, but not beyond that moment of the monotonic clock."""
        with self._news:
            self._news.wait_for(lambda: not self._callers, max(0.0, until - time.monotonic()))

    def _may_wait(self) -> bool:
        with self._news:
            is_room = self._waiting < WAITING
            self._waiting += is_room
            return is_room

    def _is_free(self) -> bool:
        return self._looks < AT_ONCE and not self._callers

    def _before(self) -> AnyResponse | None:
        if request.blueprint != "console":
            g.has_turn = "callers"
            self._count(callers=1)
        elif (request.endpoint or "").endswith("_live"):
            is_ready = live.may_be_ready()
            if not (self.take_at_hand() if is_ready else self.take()):
                return Response(status=503, headers={"Retry-After": "2"})
            g.has_turn = "at hand" if is_ready else "looks"
        return None

    def _after(self, _fault: BaseException | None) -> None:
        kind = g.pop("has_turn", None)
        if kind == "at hand":
            self._at_hand.release()
        elif kind:
            self._count(**{kind: -1})

    def _count(self, looks: int = 0, callers: int = 0) -> None:
        with self._news:
            self._looks, self._callers = self._looks + looks, self._callers + callers
            self._news.notify_all()
