"""What is filled into sentences: each {name} in the prompts, and how it is said to this caller."""

from collections.abc import Callable, Mapping
from datetime import datetime

from callbacks.agent import Presence
from callbacks.phone_number import PhoneNumber, read
from callbacks.promise import Promise
from ivr.answers import again, codes, presence, times, topics
from ivr.catalogue import Catalogue
from ivr.hearing import Hearing

Telling = Callable[[Hearing], str | None]
"""What to say; None where there is nothing, and then the sentence is left out."""


def _topics(hearing: Hearing) -> list[dict[str, str]]:
    topics_offered = hearing.work.policy.topics
    return [{"topic": topic.says[hearing.language], "key": topic.key} for topic in topics_offered]


def _half_days(hearing: Hearing) -> list[dict[str, str]]:
    words, zone, now = hearing.words, hearing.work.hours.zone, hearing.work.now
    offered = enumerate(times.offered(hearing), start=1)
    return [{"half_day": words.half_day(moment, now, zone), "key": str(key)} for key, moment in offered]


def listed(language: str, items: list[dict[str, str]], *forms: str) -> str:
    """Each item by the fragment of its place; the last fragment repeats."""
    fragments = Catalogue.of(language).fragments
    said = [fragments[forms[min(place, len(forms) - 1)]].format(**item) for place, item in enumerate(items)]
    return "; ".join(said) + "."


def _service(hearing: Hearing) -> str | None:
    topic = topics.chosen_topic(hearing)
    return topic.referral.says[hearing.language] if topic and topic.referral else None


def _if_left_now(hearing: Hearing) -> str | None:
    work = hearing.work
    promise = Promise.given(work.now, work.hours, work.policy.targets)
    return _window(hearing, promise.opens, promise.closes)


def _promised(hearing: Hearing) -> str | None:
    callback = hearing.callback
    if callback is None or callback.opens is None or callback.closes is None:
        return None
    return _window(hearing, callback.opens, callback.closes)


def _wished(hearing: Hearing) -> str | None:
    promise = times.wished_promise(hearing)
    return _window(hearing, promise.opens, promise.closes) if promise else None


def _window(hearing: Hearing, opens: datetime, closes: datetime) -> str:
    now, hours, elsewhere = hearing.work.now, hearing.work.hours, _lives_elsewhere(hearing, opens)
    return hearing.words.window(opens, closes, now, hours.zone, hours, named=elsewhere)


def _lives_elsewhere(hearing: Hearing, moment: datetime) -> bool:
    """Whether the number we ring is, or may be, where the clock shows another time than at the office."""
    callback, policy = hearing.callback, hearing.work.policy
    number = read((callback and callback.number) or hearing.known("number") or "")
    if not isinstance(number, PhoneNumber) or number.country == policy.numbers.country:
        return False
    here = moment.astimezone(policy.office.zone).utcoffset()
    return any(moment.astimezone(zone).utcoffset() != here for zone in number.zones())


def _tail(hearing: Hearing) -> str | None:
    callback = hearing.callback
    return hearing.words.number_tail(callback.number) if callback and callback.number else None


def _entered(hearing: Hearing) -> str | None:
    """As the caller would dial it, digit by digit in groups."""
    number = read(hearing.known("entered_number") or "")
    if not isinstance(number, PhoneNumber):
        return None
    written = number.written(hearing.work.policy.numbers.country)
    groups = "".join(sign if sign.isdecimal() else " " for sign in written).split()
    return ", ".join(hearing.words.digits(group) for group in groups)


def _reference(hearing: Hearing) -> str | None:
    return hearing.words.reference(hearing.callback.reference) if hearing.callback else None


def _again_at(hearing: Hearing) -> str | None:
    callback, zone = hearing.callback, hearing.work.hours.zone
    if callback is None or callback.ring_from is None:
        return None
    return hearing.words.moment(callback.ring_from, hearing.work.now, zone)


TELLINGS: Mapping[str, Telling] = {
    "office": lambda hearing: hearing.work.policy.office.name,
    "email": lambda hearing: hearing.work.policy.office.email,
    "topics": lambda hearing: listed(hearing.language, _topics(hearing), "topic_first", "topic_next"),
    "topics_briefly": lambda hearing: listed(hearing.language, _topics(hearing), "topic_brief"),
    "service": _service,
    "if_left_now": _if_left_now,
    "window": _promised,
    "wished_window": _wished,
    "half_days": lambda hearing: listed(
        hearing.language, _half_days(hearing), "half_day_first", "half_day_next"
    ),
    "half_days_briefly": lambda hearing: listed(hearing.language, _half_days(hearing), "half_day_brief"),
    "tail": _tail,
    "entered_number": _entered,
    "reference": _reference,
    "again_at": _again_at,
    "agent": presence.name,
    "day_count": presence.count,
    "day_list": lambda hearing: listed(hearing.language, presence.first_ones(hearing), "day_item"),
    "language_key": lambda hearing: codes.key_of_language(hearing, hearing.language),
}

SAME_FOR_ALL = frozenset({"office", "email", "topics", "topics_briefly", "language_key"})
"""What is said alike in every call, so that a recording may say it."""


def _is_closed(hearing: Hearing) -> bool:
    return not hearing.work.hours.is_open(hearing.work.now)


def _has_no_number(hearing: Hearing) -> bool:
    return hearing.callback is None or hearing.callback.number is None


ONLY_WHERE: Mapping[str, Callable[[Hearing], bool]] = {
    "closed": _is_closed,
    "no_number": _has_no_number,
    "stands": again.awaits_its_ring,
    "stands_late": again.is_late,
    "stands_again": again.is_rung_again,
    "stands_open": again.is_worked_on,
    "day_list": lambda hearing: bool(presence.first_ones(hearing)),
    "is_ready": presence.is_now(Presence.READY),
    "is_busy": presence.is_now(Presence.BUSY),
    "is_away": presence.is_now(Presence.AWAY),
    "stands_no_more": again.is_closed,
    "added": lambda hearing: bool(hearing.known("added")),
    "not_added": lambda hearing: not hearing.known("added"),
}
"""Sentences that are spoken only where it is so."""
