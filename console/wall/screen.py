"""A display itself: it begins by a code, and shows the big screen without anybody being signed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import display, sign_in_guard
from callbacks.display import Display
from callbacks.work import Work
from console.changes import stream
from console.room import Room, address
from console.shared import Shared
from console.wall.wall import Wall

LASTS = timedelta(days=400)
"""Longer no browser keeps a cookie; it is given anew while the display lives."""
UNDER = "/display"
GUARDED = "a display"
"""What tries of codes are counted under; nobody signs in by such a name."""
LONGEST = 80


class Screen:
    """What a display may open: its door, the wall, the wall's living part, and the word that it changed."""

    def __init__(self, room: Room) -> None:
        self.room, self.wall, self.shared = room, Wall(room), Shared(room)

    def addresses(self) -> Iterator[tuple[str, str, Callable[[], AnyResponse], str]]:
        """They ask for no person; each asks for the display's key itself."""
        yield UNDER, "display", self.show, "GET"
        yield f"{UNDER}/begin", "display_door", self.door, "GET"
        yield f"{UNDER}/begin", "display_begin", self.begin, "POST"
        yield f"{UNDER}/live", "display_live", self.live, "GET"
        yield f"{UNDER}/events", "display_events", self.events, "GET"

    def door(self) -> AnyResponse:
        """Where a code is typed; a link brings it behind the `#`, which no server and no log is sent."""
        return self._door(200)

    def begin(self) -> AnyResponse:
        """The code for the key. A try counts before it is judged, as where people sign in."""
        code = request.form.get("code", "")[:LONGEST]
        tried, wait = self.room.desk.do(_admit)
        if wait:
            return self._door(429, "display.slow", seconds=max(1, round(wait.total_seconds())))
        key = self.room.desk.do(lambda work: _begin(work, code, tried))
        if key is None:
            return self._door(401, "display.wrong")
        return self._given(redirect(url_for("console.display")), key)

    def show(self) -> AnyResponse:
        """The big screen; where the display was ended, its door."""
        if self._display() is None:
            return redirect(url_for("console.display_door"))
        with self.room.desk.reading() as work:
            page = self.wall.big(work, "wall/display.html")
        return self._given(make_response(page), self._key())

    def live(self) -> AnyResponse:
        """What changes, rendered once for all displays."""
        if self._display() is None:
            return Response(status=401)
        with self.room.desk.reading() as work:
            part = partial(self.wall.big, template="wall/display_live.html")
            return self.shared.answer(work, url_for("console.display_live"), part)

    def events(self) -> AnyResponse:
        """That something changed."""
        if self._display() is None:
            return Response(status=401)
        key, is_welcome = self._key(), partial(_is_welcome, self.room, self._key())
        return stream(self.room, f"display {key}", is_welcome, url_for("console.display_live"))

    def _display(self) -> Display | None:
        return heard_of(self.room, self._key())

    def _key(self) -> str:
        return request.cookies.get(self._cookie(), "")

    def _cookie(self) -> str:
        return "__Secure-display" if self.room.over_https else "display"

    def _given(self, response: AnyResponse, key: str) -> AnyResponse:
        """The browser keeps the key where no script reads it, and sends it nowhere but here."""
        response.set_cookie(
            self._cookie(), key, max_age=LASTS, path=UNDER, secure=self.room.over_https, httponly=True,
            samesite="Lax",
        )  # fmt: skip
        return response

    def _door(self, code: int, fault: str = "", **values: object) -> AnyResponse:
        said = self.room.words().say(fault, **values) if fault else ""
        return make_response(render_template("wall/display_door.html", fault=said), code)


def heard_of(room: Room, key: str) -> Display | None:
    """The display that holds this key; that it was heard of is written down now and then."""
    if not key:
        return None
    with room.desk.reading() as work:
        found = display.find(work.session, key)
        is_late = found is not None and display.is_to_be_noted(found, work.now)
    if found is not None and is_late:
        room.desk.do(lambda work: display.seen(work, found.id))
    return found


def _is_welcome(room: Room, key: str) -> bool:
    """Whether it still lives."""
    return heard_of(room, key) is not None


def _admit(work: Work) -> tuple[int, timedelta]:
    wait = sign_in_guard.wait(work, GUARDED, address())
    return (0, wait) if wait else (sign_in_guard.begin(work, GUARDED, address()), wait)


def _begin(work: Work, code: str, tried: int) -> str | None:
    key = display.begin(work, code)
    if key:
        sign_in_guard.was_right(work, tried)
    return key
