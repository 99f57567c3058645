"""Messages as the carrier may fetch them: by an address that nobody can guess, for a few minutes."""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import IO, Any, cast

import fsspec
from flask import abort, send_file
from werkzeug.wrappers import Response as AnyResponse

from callbacks.message import Message
from callbacks.work import Desk

LASTS = timedelta(minutes=15)
PROMPT = re.compile(r"[0-9a-f]{32}\.(wav|mp3)", re.ASCII)
A_YEAR = 31_536_000
TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg"}


class Sounds:
    """Tickets for messages, and the sound behind them. `key` is a secret of the desk's."""

    def __init__(self, media_url: str, key: bytes, clock: Callable[[], datetime]) -> None:
        self.media_url, self.key, self.clock = media_url, key, clock

    def ticket(self, message: Message) -> str:
        """Good for this message until it ends."""
        ends = int((self.clock() + LASTS).timestamp())
        return f"{message.id}-{ends}-{self._sign(message.id, ends)}"

    def message_of(self, ticket: str) -> int | None:
        """The message that a ticket is good for now."""
        parts = ticket[:120].split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts[:2]):
            return None
        number, ends = int(parts[0][:18]), int(parts[1][:18])
        right = hmac.compare_digest(self._sign(number, ends), parts[2].encode("ascii", "replace").decode())
        return number if right and self.clock().timestamp() < ends else None

    def open(self, message: Message) -> IO[bytes] | None:
        """The sound; None where the desk does not hold it."""
        if not message.playable or not message.path:
            return None
        return self._open(message.path)

    def prompt(self, name: str) -> IO[bytes] | None:
        """A recording in place of a sentence; None where there is none of this name."""
        return self._open(f"prompts/{name}") if PROMPT.fullmatch(name) else None

    def _open(self, path: str) -> IO[bytes] | None:
        try:
            files, root = fsspec.core.url_to_fs(self.media_url)
            opened: Any = files.open(f"{root.rstrip('/')}/{path.lstrip('/')}", "rb")
        except OSError:
            return None
        return cast(IO[bytes], opened)

    def _sign(self, number: int, ends: int) -> str:
        return hmac.new(self.key, f"sound {number} {ends}".encode(), hashlib.sha256).hexdigest()


def played(desk: Desk, sounds: Sounds, ticket: str) -> AnyResponse:
    """The sound that a ticket is good for; 404 for everything else."""
    number = sounds.message_of(ticket)
    with desk.reading() as work:
        message = work.session.get(Message, number) if number is not None else None
    opened = sounds.open(message) if message else None
    if message is None or opened is None:
        abort(404)
    return send_file(opened, mimetype=message.media_type or "audio/wav")


def prompted(sounds: Sounds, name: str) -> AnyResponse:
    """A recording in place of a sentence. Its name is never used for another, so that it may be kept."""
    opened = sounds.prompt(name)
    if opened is None:
        abort(404)
    response = send_file(opened, mimetype=TYPES[name.rpartition(".")[2]])
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
