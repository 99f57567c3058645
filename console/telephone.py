"""The exchange's telephone within the desk's own pages: what a browser asks of it is passed on."""

from collections.abc import Iterator
from functools import partial

import requests
from flask import Response, abort, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from console.changes import is_welcome
from console.room import Room

PASSED = ("page/", "phone/")
"""What belongs to the telephone; the rest of the exchange is for programs, and not to be had from here."""

ASKED = ("Accept", "Content-Type", "Last-Event-ID", "If-None-Match", "Range")
ANSWERED = ("Content-Type", "Cache-Control", "ETag", "Content-Range", "Accept-Ranges")
STILL_HERE = b":"
"""How the exchange's word begins where nothing happens: time to ask whether the reader is still welcome."""

PATIENCE = (2.0, 60.0)
"""Seconds to reach the exchange, and to wait for its next word."""

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "media-src 'self' blob:", "base-uri 'none'", "form-action 'none'",
    "frame-ancestors 'self'",
))  # fmt: skip
"""The telephone plays what it has just recorded, and is shown within our own page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}


class Telephone:
    """Stands between the browser and the exchange, which is reached from this machine alone."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def pass_on(self, path: str = "") -> AnyResponse:
        """What the exchange says to this, as it says it."""
        address = self.room.lent.practice.exchange
        if not address or not (path == "" or path.startswith(PASSED)):
            abort(404)
        try:
            answer = requests.request(
                request.method, f"{address}/{path}", params=request.query_string, data=request.get_data(),
                headers={name: request.headers[name] for name in ASKED if name in request.headers},
                stream=True, timeout=PATIENCE, allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException:
            return Response(status=502, headers={"Retry-After": "2"})
        kept = {name: answer.headers[name] for name in ANSWERED if name in answer.headers}
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            return self._told_on(answer, kept)
        return Response(answer.content, answer.status_code, {**kept, **HEADERS})

    def _told_on(self, answer: requests.Response, kept: dict[str, str]) -> AnyResponse:
        """What happens at the telephones. It takes a place among the pages that listen: it holds a thread."""
        key = current_user.get_id()
        listener = self.room.listening.join(key, partial(is_welcome, self.room, key))
        if listener is None:
            answer.close()
            return Response(status=503, headers={"Retry-After": "30"})

        def words() -> Iterator[bytes]:
            try:
                for piece in answer.iter_content(chunk_size=None):
                    if listener.is_over or (piece.startswith(STILL_HERE) and not listener.is_welcome()):
                        return
                    yield piece
            except requests.RequestException:
                return  # the browser comes again by itself

        def over() -> None:
            self.room.listening.leave(listener)
            answer.close()

        told = Response(words(), answer.status_code, {**kept, **HEADERS, "X-Accel-Buffering": "no"})
        told.call_on_close(over)
        return told
