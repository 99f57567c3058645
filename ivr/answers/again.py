"""Calling again: what stands of this caller's, and what they may do to it by key."""

from collections.abc import Mapping

from callbacks import calling_again
from callbacks.callback import Callback
from callbacks.promise import LatenessState
from ivr.hearing import Answer, Hearing
from ivr.steps import Again, Go, On, Repeat, Verdict

KEYS: Mapping[str, Verdict] = {
    "1": Go("add"), "2": Go("time"), "3": Go("number"), "4": Go("cancel"), "*": Repeat(),
}  # fmt: skip


def nothing_stands(hearing: Hearing) -> bool:
    """Whether this caller has no open request; nobody else's counts."""
    return calling_again.of_caller(hearing.work, hearing.call) is None


def tell(hearing: Hearing) -> None:
    """From here on the call is about what stands, and leaves nothing new by hanging up."""
    callback = calling_again.of_caller(hearing.work, hearing.call)
    if callback is not None:
        hearing.found[callback.id] = callback
        hearing.remember(callback=callback.id, stands=callback.id)
        calling_again.called_again(hearing.work, callback)


def judge(hearing: Hearing, answer: Answer) -> Verdict:
    """`1` adds to the message, `2` another time, `3` another number, `4` cancels, `5` is a new request."""
    if answer.digits == "5":
        hearing.remember(callback=None)
        return On()
    return KEYS.get(answer.digits, Again())


def adds(hearing: Hearing) -> None:
    """The recording of this turn belongs to what stands, whichever notice brings it."""
    hearing.remember(adds={str(hearing.call.turn): hearing.known("stands")})


def added(hearing: Hearing, answer: Answer) -> Verdict:
    """Kept with the request; where that was closed meanwhile, the message is a request of its own."""
    if answer.recording is None:
        return On()
    callback = hearing.takes(answer.recording)
    hearing.remember(callback=callback.id, added=True)
    return On()


def cancel(hearing: Hearing, answer: Answer) -> Verdict:
    """`1` cancels, `2` keeps it."""
    if answer.digits == "1" and hearing.callback:
        calling_again.withdraw(hearing.work, hearing.callback)
        return On()
    meanings: Mapping[str, Verdict] = {"2": Go("keep"), "*": Repeat()}
    return meanings.get(answer.digits, Again())


def is_about_what_stands(hearing: Hearing) -> bool:
    """Whether what the caller changes was there before this call."""
    return hearing.callback is not None and hearing.callback.id == hearing.known("stands")


def awaits_its_ring(hearing: Hearing) -> bool:
    """Whether the promise is still to be kept, and can be."""
    callback = _with_number(hearing)
    lateness = callback.lateness(hearing.work) if callback else None
    return callback is not None and callback.first_rang_at is None and not _is_late(lateness)


def is_late(hearing: Hearing) -> bool:
    """Whether the window has closed and we have not rung."""
    callback = _with_number(hearing)
    if callback is None or callback.first_rang_at is not None:
        return False
    return _is_late(callback.lateness(hearing.work))


def is_rung_again(hearing: Hearing) -> bool:
    """Whether we have rung, and will again at a time that is settled."""
    callback = _with_number(hearing)
    if callback is None or callback.first_rang_at is None or callback.ring_from is None:
        return False
    return callback.ring_from > hearing.work.now


def is_worked_on(hearing: Hearing) -> bool:
    """Whether it is open, and nothing tells when we ring."""
    callback = hearing.callback
    told = awaits_its_ring(hearing) or is_late(hearing) or is_rung_again(hearing)
    return callback is not None and callback.is_open and not told


def is_closed(hearing: Hearing) -> bool:
    """Whether it was dealt with meanwhile."""
    return hearing.callback is not None and not hearing.callback.is_open


def _with_number(hearing: Hearing) -> Callback | None:
    callback = hearing.callback
    return callback if callback and callback.is_open and callback.number else None


def _is_late(lateness: object) -> bool:
    return getattr(lateness, "state", None) == LatenessState.LATE
