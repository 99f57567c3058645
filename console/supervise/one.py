"""One request in a supervisor's hands: the acts on its page."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import draft
from callbacks.callback import Callback
from callbacks.errors import NotFound, Refused
from callbacks.work import Work
from console.buttons import by_line, note_of
from console.drafts import on
from console.finding import found
from console.request_page import RequestPage
from console.room import Room, me
from console.supervise.acts import ACTS, number, refusal, refuse_what_is_stale


class Supervising:
    """What the supervisor's buttons on the page of a request do."""

    def __init__(self, room: Room, page: RequestPage) -> None:
        self.room, self.page = room, page

    def act(self, reference: str, name: str) -> AnyResponse:
        """A button, pressed. What was typed is shown again, whatever stands in the way."""
        if name not in ACTS:
            raise NotFound(name)
        try:
            self.room.desk.do(lambda work: self._act(work, reference, name))
        except Refused as refused:
            with self.room.desk.reading() as work:
                why = refusal(self.room.times(work), refused)
            return self.page.again(reference, why)
        flash(self.room.words().say(f"supervise.done_{name}"))
        return redirect(url_for("console.request", reference=reference))

    def _act(self, work: Work, reference: str, name: str) -> None:
        callback = work.held(Callback, found(work, reference).id)
        assert callback is not None  # noqa: S101 - found within this same work, and never deleted while open
        refuse_what_is_stale(self.room.times(work), callback, number(request.form.get("seen", "0")))
        ACTS[name](work, callback, by_line(me()), request.form)
        if note_of(request.form):
            callback.note(work, note_of(request.form), by_line(me()))
            draft.sent(work, me(), callback, note_of(request.form), on())
