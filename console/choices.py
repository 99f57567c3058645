"""What stands to choose beside the buttons of a request: paid services, and when to ring again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from callbacks.callback import Callback
from callbacks.work import Work

PAUSE = timedelta(hours=1)
"""Working time after which most people ring again."""


@dataclass(frozen=True)
class Service:
    """A paid service as the reader calls it; `is_likely` where the request's own topic leads to it."""

    name: str
    says: str
    is_likely: bool


def referrals(work: Work, callback: Callback, language: str) -> list[Service]:
    """The policy's paid services."""
    topics = {topic.name: topic.referral.name for topic in work.policy.topics if topic.referral}
    likely = topics.get(callback.topic or "")
    return [
        Service(name, _in(language, each.says), name == likely)
        for name, each in work.policy.referrals.items()
    ]


def called(work: Work, name: str, language: str) -> str:
    """A service by its name in the policy, as the reader calls it; one that is gone by its name."""
    known = work.policy.referrals.get(name)
    return _in(language, known.says) if known else name.replace("_", " ")


def soonest_again(work: Work) -> str:
    """A moment to begin with, on a whole five minutes, as a field for times wants it."""
    again = work.hours.opening(work.hours.add(work.now, PAUSE)).astimezone(work.hours.zone)
    again = again.replace(second=0, microsecond=0) + timedelta(minutes=-again.minute % 5)
    return again.replace(tzinfo=None).isoformat(timespec="minutes")


def _in(language: str, says: Mapping[str, str]) -> str:
    return says.get(language) or next(iter(says.values()))
