"""One request: all that is known of it, its journal, and the buttons an agent presses."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import dial as dials
from callbacks import draft, journal, kept_calendar, passing, queue
from callbacks.callback import Callback
from callbacks.errors import NotFound, Refused
from callbacks.explanation import explain_promise
from callbacks.journal import Entry
from callbacks.moves import Move
from callbacks.work import Work
from console import live, timeline
from console.buttons import BUTTONS, Button, Unfinished, by_line, note_of, outcomes
from console.choices import referrals, soonest_again
from console.drafts import on
from console.finding import found
from console.room import Room, me
from console.row import Row, written
from console.stage import stage
from console.supervisor_choices import choices
from console.times import Times

TYPED = ("disposition", "referral", "to", "not_before", "why", "give_to", "cancel_as")
"""The fields beside the note, shown again as they were typed."""


class Stale(Refused):
    """Somebody else was first; its text is a sentence for the reader."""


class RequestPage:
    """The page of one request, and what its buttons do."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self, reference: str) -> str:
        """The page."""
        return self._render(reference, "request.html")

    def live(self, reference: str) -> AnyResponse:
        """What changes on it; 304 where nothing did."""
        return live.answer(self._render(reference, "request_live.html"))

    def press(self, reference: str, name: str) -> AnyResponse:
        """A button, pressed. What was typed is kept, and shown again, whatever stands in the way."""
        try:
            self.room.desk.do(lambda work: self._pressed(work, reference, name))
        except Refused as refused:
            self.room.desk.do(
                lambda work: draft.keep(work, me(), found(work, reference), note_of(request.form))
            )
            return self.again(reference, self._why(refused))
        flash(self.room.words().say(f"done.{name}"))
        return redirect(url_for("console.request", reference=reference))

    def _why(self, refused: Refused) -> str:
        """In the reader's language; what the core refuses has just stopped being possible."""
        if isinstance(refused, Stale):
            return str(refused)
        return self.room.words().say(str(refused) if isinstance(refused, Unfinished) else "stale.gone")

    def again(self, reference: str, fault: str) -> Response:
        """The page once more, with what was typed and why it came to nothing."""
        typed = {name: request.form.get(name, "").replace("\x00", "") for name in TYPED}
        typed["note"] = note_of(request.form)
        return make_response(self._render(reference, "request.html", fault=fault, typed=typed), 409)

    def _pressed(self, work: Work, reference: str, name: str) -> None:
        callback = _held(work, reference)
        button = BUTTONS.get(name)
        if button is None:
            raise NotFound(name)
        if button.move is not Move.NOTED:
            self._refuse_what_is_stale(work, callback, button)
        button.press(work, callback, me(), request.form)
        if note_of(request.form):
            callback.note(work, note_of(request.form), by_line(me()))
            draft.sent(work, me(), callback, note_of(request.form), on())

    def _refuse_what_is_stale(self, work: Work, callback: Callback, button: Button) -> None:
        """One wins, the other is told who was first; the mere passing of time makes nothing stale."""
        since = [entry for entry in journal.lines(work.session, callback.subject) if _moved(entry, _seen())]
        times = self.room.times(work)
        if since:
            line = timeline.lines(times, since)[-1]
            raise Stale(times.words.say("stale.moved", who=line.who, what=line.what))
        if not button.shown(callback, me()):
            raise Stale(times.words.say("stale.gone"))

    def _render(self, reference: str, template: str, fault: str = "", typed: Any = None) -> str:
        with self.room.desk.reading() as work:
            callback = found(work, reference)
            facts = _facts(work, callback, self.room.times(work))
            return render_template(template, fault=fault, typed=typed or {}, **facts)


def _facts(work: Work, callback: Callback, times: Times) -> dict[str, Any]:
    """What the page shows."""
    entries = journal.lines(work.session, callback.subject)
    rings = queue.rings(work.session, [callback])
    told = [entry for entry in entries if entry.move == Move.TOLD_CALLER]
    dial = dials.live_of(work.session, callback)
    return {
        "row": Row(callback, times, rings.get(callback.id, 0), dial),
        "stage": stage(times, callback, dial, me()),
        "written": written,
        "callback": callback,
        "times": times,
        "lines": timeline.lines(times, entries),
        "seen": entries[-1].seq if entries else 0,
        "told": told[-1].facts.get("words", "") if told else "",
        "explained": _explained(work, callback, times.words.language),
        "earlier": [Row(each, times) for each in queue.earlier(work.session, callback)],
        "buttons": [button for button in BUTTONS.values() if button.shown(callback, me())],
        "draft": draft.of(work.session, me(), callback),
        "supervise": choices(work, callback, me()),
        **_to_choose(work, callback, times.words.language),
    }


def _to_choose(work: Work, callback: Callback, language: str) -> dict[str, Any]:
    """What stands to choose beside the buttons."""
    may_pass = BUTTONS["pass_on"].shown(callback, me())
    return {
        "outcomes": outcomes(callback),
        "services": referrals(work, callback, language),
        "colleagues": passing.colleagues(work, callback, me()) if may_pass else [],
        "soonest": soonest_again(work),
    }


def _explained(work: Work, callback: Callback, language: str) -> list[str]:
    """How the promise came about, by the calendar that made it."""
    promise = callback.promise
    if promise is None:
        return []
    hours = kept_calendar.hours_of(work.session, promise.calendar) or work.hours
    opens, closes, *solve = explain_promise(promise, hours, work.policy.targets).say(language)
    return [opens, closes, solve[callback.level - 1]]


def _held(work: Work, reference: str) -> Callback:
    """The request, kept from other hands while a button is judged."""
    callback = work.held(Callback, found(work, reference).id)
    assert callback is not None  # noqa: S101 - found within this same work, and never deleted while open
    return callback


def _moved(entry: Entry, seen: int) -> bool:
    """Whether somebody did something that the page's reader has not seen. Notes get in nobody's way."""
    return entry.seq > seen and entry.by != "desk" and entry.move not in (Move.NOTED, Move.MESSAGE_STORED)


def _seen() -> int:
    """The last line of the journal that the sent page showed."""
    seen = request.form.get("seen", "0")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
