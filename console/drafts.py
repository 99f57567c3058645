"""Notes kept while they are typed: what a browser sends every little while, and what becomes of it."""

from flask import Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks import draft
from callbacks.work import Work
from console.buttons import LONGEST_NOTE
from console.finding import found
from console.room import Room, me

MOST = 9
"""Texts that a page says may be kept: the last that was, and those it had no answer to."""


def keep(room: Room, reference: str) -> AnyResponse:
    """As typed so far; an emptied field keeps nothing. Answers when it was kept, by the office's clock.

    Where another window of the same person was later, it answers what that one has kept, and keeps it.
    """
    text = _plain(request.form.get("note", ""))
    at, newer = room.desk.do(lambda work: _keep(work, room, reference, text))
    return Response(at, mimetype="text/plain") if newer is None else jsonify(newer=newer)


def on() -> list[str] | None:
    """What the page knows to be kept of its note; None where it does not say."""
    known = request.form.getlist("on")
    return [_plain(each) for each in known[:MOST]] if known else None


def _keep(work: Work, room: Room, reference: str, text: str) -> tuple[str, str | None]:
    newer = draft.keep(work, me(), found(work, reference), text, on())
    return room.times(work).clock(work.now), newer


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")[:LONGEST_NOTE]
