"""Ready, busy or away: said by the person signed in, at the head of every page."""

from flask import abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks import presence
from callbacks.agent import Agent, Presence
from callbacks.work import Work
from console.buttons import by_line
from console.room import Room, me
from console.signing_in import safe


def be(room: Room) -> AnyResponse:
    """Say so, and go on where one was."""
    chosen = request.form.get("presence", "")
    if chosen not in list(Presence):
        abort(400)
    room.desk.do(lambda work: _be(work, Presence(chosen)))
    return redirect(safe(request.form.get("next", "")))


def _be(work: Work, chosen: Presence) -> None:
    person = work.held(Agent, me().id)
    if person is not None:
        presence.change(work, person, chosen, by_line(person))
