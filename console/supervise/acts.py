"""The supervisor's acts by name, as a form asks for them; the same for one request and for several."""

from collections.abc import Callable, Mapping

from callbacks import journal, supervising
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.moves import Disposition
from callbacks.search import PASSING
from callbacks.work import Work
from console import timeline
from console.buttons import Unfinished
from console.times import Times

LONGEST_WHY = 1000

Act = Callable[[Work, Callback, str, Mapping[str, str]], None]


class Stale(Refused):
    """Somebody else was first; its text is a sentence for the reader."""


def why_of(form: Mapping[str, str]) -> str:
    """Why, as it was typed, without the one sign that no database keeps."""
    return form.get("why", "").replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST_WHY]


def _give(work: Work, callback: Callback, by: str, form: Mapping[str, str]) -> None:
    to = by_sign_in(work.session, form.get("give_to", "")) if form.get("give_to") else None
    if to is None:
        raise Unfinished("supervise.whom_first")
    supervising.give(work, callback, to, by, why_of(form))


def _to_queue(work: Work, callback: Callback, by: str, form: Mapping[str, str]) -> None:
    supervising.to_queue(work, callback, by, why_of(form))


def _level(work: Work, callback: Callback, by: str, form: Mapping[str, str]) -> None:
    level = form.get("level", "")
    if level not in ("1", "2"):
        raise Unfinished("supervise.level_first")
    supervising.change_level(work, callback, int(level), by, why_of(form))


def _cancel(work: Work, callback: Callback, by: str, form: Mapping[str, str]) -> None:
    chosen = form.get("cancel_as", "")
    if chosen not in list(supervising.CANCELS):
        raise Unfinished("supervise.cancel_first")
    if not why_of(form):
        raise Unfinished("supervise.why_first")
    supervising.cancel(work, callback, Disposition(chosen), by, why_of(form))


ACTS: dict[str, Act] = {"give": _give, "to_queue": _to_queue, "level": _level, "cancel": _cancel}


def refusal(times: Times, refused: Refused) -> str:
    """Why it could not be done, in the reader's language."""
    if isinstance(refused, Stale):
        return str(refused)
    if isinstance(refused, Unfinished):
        return times.words.say(str(refused))
    if isinstance(refused, supervising.BeingRung):
        return times.words.say("supervise.being_rung")
    if isinstance(refused, supervising.Already):
        return times.words.say("supervise.already")
    return times.words.say("stale.gone")


def refuse_what_is_stale(times: Times, callback: Callback, seen: int) -> None:
    """One wins, the other is told who was first; notes and the passing of time make nothing stale."""
    since = [
        entry
        for entry in journal.lines(times.work.session, callback.subject)
        if entry.seq > seen and entry.by != "desk" and entry.move not in PASSING
    ]
    if since:
        line = timeline.lines(times, since)[-1]
        raise Stale(times.words.say("stale.moved", who=line.who, what=line.what))


def number(text: str) -> int:
    """The last line of a journal that a page showed; nothing sensible is before the first."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
