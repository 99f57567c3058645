"""Parts that say the same to many: rendered once in a process, and again before their pages are told.

Nobody's name goes into the second: it is rendered as for a reader of that language who is not signed in.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Flask, current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from callbacks.pulse import mark, pulse
from callbacks.work import Work
from console.listening import Alike
from console.live import HEARD, Living, answered, heard
from console.room import Room

LATELY = 20.0
"""Seconds since a part was last asked for, in which it is kept ready: a page asks by itself every fifteen."""

EARLY = 1.0
"""Seconds before a part is too old to stand, in which it is rendered again while nobody waits for it."""

Render = Callable[[Work], str]

log = structlog.get_logger("console")


@dataclass(frozen=True)
class Asked:
    """How a part was asked for, with nothing of who did; `at` by a clock that only goes forward."""

    app: Flask
    root: str
    language: str
    render: Render
    at: float

    def rendered(self, work: Work, news: str) -> bytes:
        """As for somebody who is not signed in and was told of this news."""
        headers = {"Accept-Language": self.language, HEARD: news}
        with self.app.test_request_context("/", f"http://desk{self.root}", headers=headers):
            return self.render(work).encode()


class Shared:
    """Parts by their language, and by their address, which tells whatever else makes a difference."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._kept: dict[Alike, Living] = {}
        self._asked: dict[Alike, Asked] = {}
        self._one_at_a_time = threading.Lock()
        room.listening.before(self.make_ready)

    def answer(self, work: Work, part: str, render: Render, beside: str = "") -> AnyResponse:
        """To a reader who sees what all see who read their language.

        What a whole page has `beside` the part, at its head, comes with it and lives too.
        """
        return answered(self._living(work, part, render).said(beside.encode()))

    def words(self, work: Work, part: str, render: Render) -> Markup:
        """The same part within a whole page."""
        return Markup(self._living(work, part, render).words.decode())  # noqa: S704 - a template made it

    def make_ready(self, work: Work, news: str) -> None:
        """What was asked for lately, before anybody is told of this news or finds it too old."""
        editions = self._room.listening.editions
        for alike, asked in list(self._asked.items()):
            editions.pop(alike, None)  # until it is ready, whoever shows it is told of everything
            if time.monotonic() - asked.at > LATELY:
                self._asked.pop(alike)
                continue
            with self._one_at_a_time:
                kept = self._kept[alike]
                if not kept.stands(work.now.timestamp() + EARLY, news):
                    kept = kept.again(asked.rendered(work, news), work.now.timestamp(), news)
                    self._kept[alike] = kept
            editions[alike] = kept.edition

    def _living(self, work: Work, part: str, render: Render) -> Living:
        language = self._room.words().language
        found = self._found(work, (language, part), render)
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        self._asked[language, part] = Asked(app, request.root_path, language, render, time.monotonic())
        return found

    def _found(self, work: Work, alike: Alike, render: Render) -> Living:
        """Who heard of a change asks nothing where the part knows of it; else there is one question first."""
        now, news = work.now.timestamp(), heard()
        kept = self._kept.get(alike)
        if kept and kept.stands(now, news):
            return kept
        with self._one_at_a_time:
            kept = self._kept.get(alike)
            if kept and kept.stands(now, news):
                return kept
            newest = mark(pulse(work.session))
            if kept and kept.stands(now, newest):
                kept.knows.add(news)
                return kept
            first = kept or Living(b"", edition=0)
            self._kept[alike] = first.again(render(work).encode(), now, news or newest)
            return self._kept[alike]
