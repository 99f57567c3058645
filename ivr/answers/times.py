"""Another time: the next half-days by key, a date by keys or by voice, always read back."""

from collections.abc import Mapping
from datetime import datetime

from callbacks import texting
from callbacks.moves import Move
from callbacks.promise import Promise
from ivr.answers import wishes
from ivr.answers.half_days import half_days
from ivr.hearing import Answer, Hearing
from ivr.steps import Again, Back, Go, On, Repeat, Verdict

REMARKS = ("wish_unclear", "wish_no_date", "wish_too_far", "wish_too_soon", "wish_closed")
ANOTHER_DATE = "9"


def keep(_hearing: Hearing, answer: Answer) -> Verdict:
    """Silence or `1` keeps the window, `3` asks for another."""
    meanings: Mapping[str, Verdict] = {"": On(), "1": On(), "3": Go("other"), "*": Repeat()}
    return meanings.get(answer.digits, Again())


def offer(hearing: Hearing) -> None:
    """What is offered now is what the keys mean, however long the caller thinks."""
    callback = hearing.callback
    now = hearing.work.now
    after = max(callback.opens, now) if callback and callback.opens else now
    offered = half_days(hearing.work.hours, after, 3)
    hearing.remember(half_days=[moment.isoformat() for moment in offered])


def offered(hearing: Hearing) -> list[datetime]:
    """The half-days that were offered, by the moments they begin."""
    return [datetime.fromisoformat(moment) for moment in hearing.known("half_days") or []]


def half_day(hearing: Hearing, answer: Answer) -> Verdict:
    """A key of the half-days offered, or `9` for another date."""
    choices = {str(key): moment for key, moment in enumerate(offered(hearing), start=1)}
    if answer.digits in choices:
        _wish(hearing, choices[answer.digits])
        return Go("chosen")
    meanings: Mapping[str, Verdict] = {ANOTHER_DATE: On(), "*": Repeat()}
    return meanings.get(answer.digits, Again())


def enter(hearing: Hearing, answer: Answer) -> Verdict:
    """A date and time by keys or by voice; what cannot be met as wished is answered with what will be."""
    if "*" in answer.digits:
        return Repeat()
    if not (answer.digits or answer.speech):
        return Again()
    now, zone = hearing.work.now, hearing.work.hours.zone
    wish = (
        wishes.by_keys(answer.digits, now, zone)
        if answer.digits
        else wishes.by_voice(answer.speech, hearing.language, now, hearing.work.hours)
    )
    if wish is None:
        return Again("wish_no_date" if answer.digits else "wish_unclear")
    if wish - now > wishes.FURTHEST:
        return Again("wish_too_far")
    hearing.remember(wish=wish.isoformat())
    return On(_remark(hearing, wish))


def confirm(hearing: Hearing, answer: Answer) -> Verdict:
    """`1` takes the time that was read back, `2` asks for another."""
    if answer.digits == "1":
        wish = wished(hearing)
        if wish:
            _wish(hearing, wish)
        return On()
    meanings: Mapping[str, Verdict] = {"2": Back("other"), "*": Repeat()}
    return meanings.get(answer.digits, Again())


def wished(hearing: Hearing) -> datetime | None:
    """The time that was read back; never one that has passed."""
    wish = hearing.known("wish")
    return max(datetime.fromisoformat(wish), hearing.work.now) if wish else None


def wished_promise(hearing: Hearing) -> Promise | None:
    """What would be promised for the time that was read back."""
    callback, wish = hearing.callback, wished(hearing)
    if callback is None or wish is None:
        return None
    work = hearing.work
    return Promise.given(callback.received_at, work.hours, work.policy.targets, wish)


def _remark(hearing: Hearing, wish: datetime) -> str:
    """Why the window will not begin when the caller asked."""
    promise = wished_promise(hearing)
    if promise is None or promise.opens == wish:
        return ""
    return "wish_closed" if promise.opens == hearing.work.hours.opening(wish) else "wish_too_soon"


def _wish(hearing: Hearing, wish: datetime) -> None:
    """A request that is being rung already keeps its window."""
    callback = hearing.callback
    if callback and callback.may(Move.WISHED) and callback.promise:
        callback.wish(hearing.work, wish)
        texting.remind(hearing.work, callback)
