"""What customers answer by text: kept once each, and done to the sender's open request."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum

from callbacks import callback as callbacks
from callbacks import calling_again, journal, texting
from callbacks.callback import CALLER, Callback
from callbacks.moves import Move
from callbacks.phone_number import PhoneNumber, read
from callbacks.text_words import CONFIRMATION
from callbacks.work import Work

LATER = timedelta(hours=1)
"""What "later" means: so long after the window would have opened, or after now."""


class Wanted(StrEnum):
    """What a text of one known word asks for."""

    CANCEL = "cancel"
    LATER = "later"
    NOW = "now"
    STOP = "stop"
    START = "start"


def came(work: Work, message_sid: str, from_: str, text: str, wanted: Wanted | None) -> None:
    """Every text is kept: on the request it is about, else in the desk's journal. Twice is once."""
    once = f"text/{message_sid}"
    if journal.lines(work.session, once):
        return
    about = calling_again.of_number(work.session, from_)
    kept_with = about or callbacks.open_of_number(work.session, from_)
    facts = {"reference": kept_with and kept_with.reference, "wanted": wanted}
    journal.write(work, once, "text_came", CALLER, facts=facts)
    if kept_with:
        kept_with.note(work, text, CALLER)
    else:
        journal.write(work, journal.DESK, "text_came", CALLER, personal={"from": from_, "text": text})
    _no_more_or_again(work, from_, wanted)
    if about:
        _about(work, about, wanted)


def _no_more_or_again(work: Work, from_: str, wanted: Wanted | None) -> None:
    """STOP ends our texts and nothing else: who asked for a call is called."""
    number = read(from_)
    if isinstance(number, PhoneNumber) and wanted is Wanted.STOP:
        texting.opt_out(work, number.e164)
    elif isinstance(number, PhoneNumber) and wanted is Wanted.START:
        texting.opt_in(work, number.e164)


def _about(work: Work, callback: Callback, wanted: Wanted | None) -> None:
    """Who writes is back, so what waited for them goes on; STOP alone says nothing of the request."""
    if wanted not in (Wanted.STOP, Wanted.START):
        calling_again.is_back(work, callback)
    act = ACTS.get(wanted) if wanted else None
    if act:
        act(work, callback)


def _later(work: Work, callback: Callback) -> None:
    """An hour later than it would have been."""
    if callback.may(Move.WISHED) and callback.opens:
        ahead = callback.opens if callback.first_rang_at is None else callback.ring_from
        promise = callback.wish(work, max(ahead or work.now, work.now) + LATER)
        texting.plan(work, callback, CONFIRMATION, promise.opens.isoformat())
        texting.remind(work, callback)


def _now(work: Work, callback: Callback) -> None:
    """As soon as anybody is free, in office hours; a person who was to decide need not any more."""
    if not callback.may(Move.WISHED) or callback.opens is None:
        return
    callback.wish(work, work.now if callback.wished_for else None)
    if callback.ring_from is not None:
        callback.ring_from = work.hours.opening(work.now)


ACTS: Mapping[Wanted, Callable[[Work, Callback], None]] = {
    Wanted.CANCEL: calling_again.withdraw, Wanted.LATER: _later, Wanted.NOW: _now,
}  # fmt: skip
