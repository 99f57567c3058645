"""A whole sentence to look at or listen to where nobody calls: each gap filled as it may be in a call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from callbacks.policy import Policy
from callbacks.promise import Promise
from callbacks.wording import Words
from ivr.catalogue import Catalogue
from ivr.tellings import listed

RECEIVED = datetime(2026, 11, 23, 12, 10)  # noqa: DTZ001 - a Monday by the office's own clock, whatever that is
COMPANY, PERSON = "Acme", "Ada"
REFERENCE, NUMBER, TAIL = "482913", "02 1234 5678", "5678"


@dataclass(frozen=True)
class Example:
    """One caller of one language on one Monday, under this policy."""

    policy: Policy
    language: str

    @property
    def words(self) -> Words:
        return Words.of(self.language)

    @property
    def now(self) -> datetime:
        return RECEIVED.replace(tzinfo=self.policy.office.zone)

    def window(self, later: timedelta = timedelta(0)) -> str:
        """What would be promised now, or to somebody who wishes to be called that much later."""
        hours, wish = self.policy.office_hours, self.now + later if later else None
        promise = Promise.given(self.now, hours, self.policy.targets, wish)
        return self.words.window(promise.opens, promise.closes, self.now, hours.zone, hours)

    def moment(self, hour: int) -> str:
        return self.words.moment(self.now.replace(hour=hour, minute=0), self.now, self.policy.office.zone)

    def listed(self, items: list[dict[str, str]], *forms: str) -> str:
        return listed(self.language, items, *forms)

    @property
    def topics(self) -> list[dict[str, str]]:
        return [{"topic": each.says[self.language], "key": each.key} for each in self.policy.topics]

    @property
    def half_days(self) -> list[dict[str, str]]:
        tomorrow = self.now.replace(hour=9, minute=0) + timedelta(days=1)
        moments = tomorrow, tomorrow + timedelta(hours=5)
        said = [self.words.half_day(each, self.now, self.policy.office.zone) for each in moments]
        return [{"half_day": each, "key": str(key)} for key, each in enumerate(said, start=1)]

    @property
    def service(self) -> str:
        """A paid service of this desk's; where it has none, one that there might be."""
        paid = [each.says[self.language] for each in self.policy.referrals.values()]
        return next(iter(paid), self.topics[0]["topic"])

    @property
    def standing(self) -> str:
        left = Catalogue.of(self.language).fragments["leg_left"]
        return left.format(time=self.words.duration(timedelta(minutes=90)))


def _day_list(example: Example) -> str:
    told = {"company": COMPANY, "topic": example.topics[0]["topic"], "when": example.moment(16)}
    return example.listed([told], "day_item")


EXAMPLES: Mapping[str, Callable[[Example], str]] = {
    "office": lambda example: example.policy.office.name,
    "email": lambda example: example.policy.office.email,
    "topics": lambda example: example.listed(example.topics, "topic_first", "topic_next"),
    "topics_briefly": lambda example: example.listed(example.topics, "topic_brief"),
    "language_key": lambda example: str(example.policy.languages.offered.index(example.language) + 1),
    "service": lambda example: example.service,
    "if_left_now": lambda example: example.window(),
    "window": lambda example: example.window(),
    "wished_window": lambda example: example.window(timedelta(days=1, hours=3, minutes=50)),
    "half_days": lambda example: example.listed(example.half_days, "half_day_first", "half_day_next"),
    "half_days_briefly": lambda example: example.listed(example.half_days, "half_day_brief"),
    "tail": lambda example: example.words.digits(TAIL),
    "entered_number": lambda example: ", ".join(example.words.digits(each) for each in NUMBER.split()),
    "reference": lambda example: example.words.reference(REFERENCE),
    "again_at": lambda example: example.moment(16),
    "agent": lambda _example: PERSON,
    "day_count": lambda _example: "1",
    "day_list": _day_list,
    "leg_company": lambda _example: COMPANY,
    "leg_topic": lambda example: example.topics[0]["topic"],
    "leg_reference": lambda example: example.words.reference(REFERENCE),
    "leg_standing": lambda example: example.standing,
    "leg_again": lambda example: example.moment(16),
    "leg_office": lambda example: example.policy.office.name,
}
"""Every gap of every sentence; a test holds that none is forgotten."""
