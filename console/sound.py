"""A message played: from wherever recordings are kept, whole or in ranges, to signed-in people only."""

from typing import IO, Any, cast

import fsspec
from flask import Response, jsonify, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import wrap_file

from callbacks.message import Message
from console.finding import found
from console.room import Room
from console.waveform import NoShape, Shape, shape

TYPES = {"audio/wav", "audio/x-wav", "audio/wave", "audio/mpeg"}
"""What a browser is told; anything else is sent as bytes without a meaning."""


class Sound:
    """Opens recordings under the place's media address."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.files, self.root = fsspec.core.url_to_fs(room.place.media_url)

    def play(self, reference: str, number: int) -> AnyResponse:
        """The recording. A browser asks for ranges to jump within it."""
        message = self._message(reference, number)
        answer = self.of(message) if message else None
        if answer is None:
            raise NotFound(self.room.words().say("sound.not_here"))
        return answer

    def waveform(self, reference: str, number: int) -> AnyResponse:
        """How loud it is from beginning to end; null where that cannot be drawn, and the player says so."""
        message = self._message(reference, number)
        if message is None or not message.playable or not message.path:
            raise NotFound(self.room.words().say("sound.not_here"))
        answer = jsonify(bars=self._shape(message))
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer

    def _shape(self, message: Message) -> Shape | None:
        try:
            return shape(self.files, self._where(message.path or ""), message.sha256 or "")
        except (OSError, NoShape):
            return None

    def of(self, message: Message) -> AnyResponse | None:
        """This message's recording as the request wants it; None where the desk does not hold it."""
        if not message.playable or not message.path:
            return None
        try:
            size, opened = self._open(message.path)
        except OSError:
            return None
        return _answer(message, size, opened)

    def _open(self, path: str) -> tuple[int, IO[bytes]]:
        where = self._where(path)
        return int(self.files.size(where)), cast(IO[bytes], self.files.open(where, "rb"))

    def _where(self, path: str) -> str:
        return f"{self.root.rstrip('/')}/{path.lstrip('/')}"

    def _message(self, reference: str, number: int) -> Message | None:
        with self.room.desk.reading() as work:
            messages = found(work, reference).messages
            return next((message for message in messages if message.id == number), None)


def _answer(message: Message, size: int, opened: IO[bytes]) -> AnyResponse:
    """206 for a range, 416 for one that is not there, 304 for what the browser has."""
    body: Any = wrap_file(request.environ, opened)
    response = Response(body, direct_passthrough=True)
    response.mimetype = message.media_type if message.media_type in TYPES else "application/octet-stream"
    response.content_length = size
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(message.sha256 or f"{message.id}-{size}")
    return response.make_conditional(request, accept_ranges=True, complete_length=size)
