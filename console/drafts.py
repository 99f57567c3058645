"""Notes kept while they are typed: what a browser sends every little while, and what becomes of it."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks import draft
from callbacks.work import Work
from console.buttons import LONGEST_NOTE
from console.finding import found
from console.room import Room, me


def keep(room: Room, reference: str) -> AnyResponse:
    """As typed so far; an emptied field keeps nothing. Answers when it was kept, by the office's clock."""
    text = request.form.get("note", "").replace("\x00", "").replace("\r\n", "\n")[:LONGEST_NOTE]
    return Response(room.desk.do(lambda work: _keep(work, room, reference, text)), mimetype="text/plain")


def _keep(work: Work, room: Room, reference: str, text: str) -> str:
    draft.keep(work, me(), found(work, reference), text)
    return room.times(work).clock(work.now)
