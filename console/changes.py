"""Where pages listen for changes, and the gate before what they ask for then: no caller waits for a board."""

import threading
from collections.abc import Iterator
from functools import partial

from flask import Blueprint, Response, g, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from console.page import EVERYBODY, Page
from console.room import Room
from console.stays import stay_of

AT_ONCE, WAITING = 2, 14
"""So many looks are made at once in a process, and so many wait for their turn; each holds a thread."""

PATIENCE = 3.0
"""Seconds that a look waits for its turn."""


def pages(room: Room) -> Iterator[Page]:
    """`/events` says that something changed; what changed, each page asks for itself."""
    yield Page("/events", "events", partial(hear, room), roles=EVERYBODY)


def hear(room: Room) -> AnyResponse:
    """Open until the page goes; 503 where all places are taken, and the page goes on asking by itself."""
    key = current_user.get_id()
    listener = room.listening.join(key, partial(is_welcome, room, key))
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
    """A few looks at once, a few that wait, and the rest are told to come again."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._waiting = threading.BoundedSemaphore(WAITING)

    def guard(self, screens: Blueprint) -> None:
        """A turn is taken before anything is read, and given back whatever happens."""
        screens.before_request(self._before)
        screens.teardown_request(self._after)

    def _before(self) -> AnyResponse | None:
        if not (request.endpoint or "").endswith("_live"):
            return None
        g.has_turn = self.take()
        return None if g.has_turn else Response(status=503, headers={"Retry-After": "2"})

    def _after(self, _fault: BaseException | None) -> None:
        if g.pop("has_turn", False):
            self.give_back()

    def take(self) -> bool:
        """Whether it is this look's turn, at once or after a short wait."""
        if self._places.acquire(blocking=False):
            return True
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._places.acquire(timeout=PATIENCE)
        finally:
            self._waiting.release()

    def give_back(self) -> None:
        """The next one's turn."""
        self._places.release()
