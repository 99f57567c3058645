"""A living part of a page as it is answered: whole where it changed, and 304 where the reader has it."""

import gzip
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from flask import Response, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from callbacks.pulse import pulse
from callbacks.work import Work

FRESH = 5
"""Seconds that a shared part stands though nothing changed: time passes, and late is judged anew."""


@dataclass(frozen=True)
class Living:
    """What a part says. Its mark is made of that: what makes no difference to the reader changes nothing."""

    words: bytes
    when: Hashable = None

    @cached_property
    def mark(self) -> str:
        return sha256(self.words).hexdigest()[:20]

    @cached_property
    def packed(self) -> bytes:
        """As it travels."""
        return gzip.compress(self.words, 6, mtime=0)


class Shared:
    """Parts that say the same to many: each is rendered once in a process, however many pages show it."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Living] = {}
        self._with: dict[Hashable, Living] = {}
        self._one_at_a_time = threading.Lock()

    def answer(
        self, work: Work, alike: Hashable, render: Callable[[], str], beside: Callable[[], str] = str
    ) -> AnyResponse:
        """To a reader who sees what all see that are `alike`.

        What a whole page has `beside` the part, at its head, comes with it and lives too.
        """
        living = self._living(work, alike, render)
        kept = self._with.get(alike)
        if kept is None or kept.when != living.when:
            kept = self._with[alike] = Living(living.words + beside().encode(), living.when)
        return _answer(kept)

    def words(self, work: Work, alike: Hashable, render: Callable[[], str]) -> Markup:
        """The same part within a whole page."""
        return Markup(self._living(work, alike, render).words.decode())  # noqa: S704 - a template made it

    def _living(self, work: Work, alike: Hashable, render: Callable[[], str]) -> Living:
        when = (pulse(work.session), work.now.timestamp() // FRESH)
        with self._one_at_a_time:
            kept = self._kept.get(alike)
            if kept is None or kept.when != when:
                kept = self._kept[alike] = Living(render().encode(), when)
        return kept


def answer(part: str) -> AnyResponse:
    """To one reader alone."""
    return _answer(Living(part.encode()))


def head() -> str:
    """What lives at the head of every page: whether the reader may be rung."""
    return render_template("presence.html")


def _answer(living: Living) -> AnyResponse:
    is_packed = request.accept_encodings["gzip"] > 0
    response = Response(mimetype="text/html")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    response.set_etag(f"{living.mark}{'-gz' if is_packed else ''}")
    response.make_conditional(request)
    if response.status_code == 304:
        return response
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(living.packed if is_packed else living.words)
    return response
