"""A living part of a page as it is answered: whole where it changed, and 304 where the reader has it."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from hashlib import sha256

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from console.listening import covers
from console.room import Room, me

FRESH = 5
"""Seconds that a shared part stands though nothing changed: time passes, and late is judged anew."""

HEARD = "Desk-Heard"
"""The header in which a look says what it was told of: it wants to know that, and whatever came before."""


ALIKE = {"console.board_live", "console.wall_live", "console.display_live"}
"""Parts that many see alike."""


@dataclass(frozen=True)
class Said:
    """What is answered. Its mark is made of that: what makes no difference to the reader changes nothing."""

    words: bytes
    pack: Callable[[], bytes]

    @cached_property
    def packed(self) -> bytes:
        """As it travels, where it does: mostly the reader has it."""
        return self.pack()

    @cached_property
    def mark(self) -> str:
        return sha256(self.words).hexdigest()[:20]


@dataclass
class Living:
    """What a part says at one moment, a second of the clock, and of which news it knows."""

    words: bytes
    at: float = 0.0
    knows: set[str] = field(default_factory=set)
    edition: int = 1
    _said: dict[bytes, Said] = field(default_factory=dict)

    def stands(self, now: float, news: str) -> bool:
        """Whether it is still true for who knows of this news."""
        is_fresh = 0 <= now - self.at < FRESH
        return is_fresh and bool(news) and any(covers(each, news) for each in self.knows)

    def again(self, words: bytes, at: float, news: str) -> "Living":
        """What it says later, packed again where it says something else."""
        is_same = words == self.words
        later = Living(words, at, {news}, self.edition + (not is_same), self._said if is_same else {})
        for beside in list(self._said):
            later.said(beside)
        return later

    def said(self, beside: bytes = b"") -> Said:
        """With what comes beside it, which is another for some; all of it but that is packed once."""
        if beside not in self._said:
            self._said[beside] = Said(self.words + beside, partial(self._packed, beside))
        return self._said[beside]

    def _packed(self, beside: bytes) -> bytes:
        packed, packer = self._begun
        rest = packer.copy()
        return packed + rest.compress(beside) + rest.flush()

    @cached_property
    def _begun(self) -> "tuple[bytes, zlib._Compress]":
        packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        return packer.compress(self.words), packer


def heard() -> str:
    """Of which news the reader was told; empty where of none, and then nothing but the newest will do."""
    return request.headers.get(HEARD, "")


def may_be_ready() -> bool:
    """Whether somebody who was told of a change asks for what many see alike: it was made ready before."""
    return request.endpoint in ALIKE and bool(heard())


def answer(part: str) -> AnyResponse:
    """To one reader alone."""
    return answered(Living(part.encode()).said())


def head(room: Room) -> str:
    """What lives at the head of every page: whether the reader may be rung."""
    return _head(room.words().language, me().presence, bool(me().phone))


@lru_cache(maxsize=64)
def _head(_language: str, _presence: str, _has_phone: bool) -> str:
    return render_template("presence.html")


def answered(said: Said) -> AnyResponse:
    """As this reader can unpack it; 304 where they have it."""
    is_packed = request.accept_encodings["gzip"] > 0
    response = Response(mimetype="text/html")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    response.set_etag(f"{said.mark}{'-gz' if is_packed else ''}")
    response.make_conditional(request)
    if response.status_code == 304:
        return response
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(said.packed if is_packed else said.words)
    return response
