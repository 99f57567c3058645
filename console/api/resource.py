"""A callback, and a line of its journal, as other programs read them."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from callbacks.callback import Callback
from callbacks.closed import written
from callbacks.dial import Dial
from callbacks.explanation import explain_promise
from callbacks.hours import OfficeHours
from callbacks.journal import Entry
from callbacks.kept_calendar import hours_for
from callbacks.message import Message
from callbacks.promise import Promise, Targets
from callbacks.search import dials_of
from callbacks.work import Work

BASE = "/api/v1"
MINUTE = timedelta(minutes=1)


def as_resources(work: Work, callbacks: Sequence[Callback], language: str) -> list[dict[str, Any]]:
    """Each of them, in the same order."""
    rung = dials_of(work.session, callbacks)
    return [_resource(work, callback, rung[callback.id], language) for callback in callbacks]


def _resource(work: Work, callback: Callback, rung: Sequence[Dial], language: str) -> dict[str, Any]:
    """All that is known of it, judged at the work's moment; explained in this language."""
    promise = callback.promise
    company = callback.subscription and callback.subscription.company
    return {
        "reference": callback.reference,
        "channel": callback.channel,
        "state": callback.state,
        "level": callback.level,
        "company": company,
        "topic": callback.topic,
        "number": callback.number,
        "language": callback.language,
        "received_at": written(callback.received_at),
        "wished_for": callback.wished_for and written(callback.wished_for),
        "window": promise and _window(work, promise, language),
        "solve_by": promise and written(promise.solve_by(callback.level)),
        "lateness": _lateness(work, callback),
        "message": _message(callback),
        "agent": callback.agent and callback.agent.sign_in,
        "dials": [as_dial(dial) for dial in rung],
        "first_rang_at": callback.first_rang_at and written(callback.first_rang_at),
        "first_reached_at": callback.first_reached_at and written(callback.first_reached_at),
        "disposition": callback.disposition,
    }


def as_line(entry: Entry) -> dict[str, Any]:
    """A line with all that its digest was made of, so that the chain can be checked elsewhere."""
    return {
        "seq": entry.seq,
        "at": written(entry.at),
        "written_at": written(entry.written_at),
        "move": entry.move,
        "by": entry.by,
        "facts": entry.facts,
        "personal": entry.personal and entry.personal.body,
        "erased": entry.personal_digest is not None and entry.personal is None,
        "told_at": entry.told_at and written(entry.told_at),
        "previous": entry.previous,
        "digest": entry.digest,
    }


def _window(work: Work, promise: Promise, language: str) -> dict[str, str]:
    """The window, explained by the calendar that made it."""
    hours = hours_for(work, promise.calendar)
    explained = _explained(promise, hours, work.policy.targets, language)
    return {"opens": written(promise.opens), "closes": written(promise.closes), "explained": explained}


@lru_cache(maxsize=5000)
def _explained(promise: Promise, hours: OfficeHours, targets: Targets, language: str) -> str:
    """Three milliseconds that never come out otherwise: whoever polls a list pays them once."""
    return explain_promise(promise, hours, targets).say_window(language)


def _lateness(work: Work, callback: Callback) -> dict[str, Any] | None:
    if (judged := callback.lateness(work)) is None:
        return None
    return {"state": judged.state.value, "working_minutes": judged.working // MINUTE}


def as_dial(dial: Dial) -> dict[str, Any]:
    """One attempt to ring: how far it came, and what came of it."""
    return {
        "started": written(dial.made_at),
        "agent": dial.agent.sign_in,
        "leg": dial.leg,
        "outcome": dial.outcome,
        "rang_at": dial.rang_at and written(dial.rang_at),
        "seconds": dial.talk_seconds,
    }


def _message(callback: Callback) -> dict[str, Any] | None:
    """The newest message that came with it, as on the board."""
    if not callback.messages:
        return None
    message: Message = callback.messages[-1]
    audio = None if message.is_gone else f"{BASE}/callbacks/{callback.reference}/audio"
    return {"seconds": message.seconds, "audio": audio, "transcript": message.transcript}
