"""What texts say, in the customer's language; None where what one would say is true no more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from callbacks.callback import Callback
from callbacks.wording import Words
from callbacks.work import Work

CONFIRMATION, REMINDER, WE_TRIED, CLOSURE = "confirmation", "reminder", "we_tried", "closure"

TO_THE_MINUTE = "%Y%m%d%H%M"

STALE = timedelta(hours=12)
"""A confirmation that could not be sent for so long says nothing that is still wanted."""


def body(work: Work, callback: Callback, kind: str, occasion: str) -> str | None:
    """The whole text."""
    if not callback.is_open or callback.opens is None or not _HOLDS[kind](work, callback, occasion):
        return None
    words = Words.of(callback.language)
    said: str = words.catalogue["text"][kind]
    return said.format(
        office=work.policy.office.name,
        window=_window(work, callback, words, occasion if kind == CLOSURE else ""),
        tail=(callback.number or "")[-4:],
        reference=callback.reference,
        support=work.policy.numbers.support.written(),
    )


def expected(opens: datetime, closes: datetime) -> str:
    """The occasion of a text that tells when we expect to ring, now that the office is closed meanwhile."""
    return "-".join(moment.astimezone(UTC).strftime(TO_THE_MINUTE) for moment in (opens, closes))


def _expected(occasion: str) -> list[datetime]:
    return [datetime.strptime(text, TO_THE_MINUTE).replace(tzinfo=UTC) for text in occasion.split("-")]


def _window(work: Work, callback: Callback, words: Words, occasion: str = "") -> str:
    opens, closes = _expected(occasion) if occasion else (callback.opens, callback.closes)
    if opens is None or closes is None:
        return ""
    return words.window_short(opens, closes, work.now, work.hours.zone, work.hours)


def _promise_stands(work: Work, callback: Callback, _occasion: str) -> bool:
    unrung = callback.first_rang_at is None
    return (
        unrung
        and callback.closes is not None
        and work.now < min(callback.closes, callback.received_at + STALE)
    )


def _wish_stands(work: Work, callback: Callback, occasion: str) -> bool:
    opens = callback.opens
    same = opens is not None and opens.isoformat() == occasion and work.now < opens
    return same and callback.wished_for is not None and callback.first_rang_at is None


def _person_decides(_work: Work, callback: Callback, occasion: str) -> bool:
    return callback.for_person == "missed" and str(callback.misses) == occasion


def _closed_meanwhile(work: Work, callback: Callback, occasion: str) -> bool:
    return callback.first_rang_at is None and work.now < _expected(occasion)[1]


_HOLDS: dict[str, Callable[[Work, Callback, str], bool]] = {
    CONFIRMATION: _promise_stands,
    REMINDER: _wish_stands,
    WE_TRIED: _person_decides,
    CLOSURE: _closed_meanwhile,
}
