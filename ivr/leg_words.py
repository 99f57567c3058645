"""What is said on the two legs of a callback: to the agent and to the customer, each in their language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from callbacks.dial import Dial
from callbacks.promise import LatenessState
from callbacks.wording import Words
from callbacks.work import Work
from ivr.catalogue import Catalogue
from ivr.spoken import Sentence

SENTENCES = frozenset(
    {
        "agent_whisper", "agent_keys", "agent_keys_2", "agent_no_sound", "agent_connecting",
        "agent_elsewhere", "agent_passed", "agent_later", "agent_missed", "agent_not_now", "agent_wrap_up",
        "agent_wrap_up_2", "agent_wrap_up_in", "agent_wrap_up_in_2", "agent_wrapped", "agent_no_outcome",
        "customer_whisper", "customer_later", "leg_trouble", "agent_called_in", "agent_asked_again",
    }
)  # fmt: skip
"""Every sentence of the legs; tests and the check at start hold that each language has them."""


@dataclass(frozen=True)
class Ringing:
    """One dial within one unit of work, spoken of in one language."""

    work: Work
    dial: Dial
    language: str

    @classmethod
    def to_agent(cls, work: Work, dial: Dial) -> "Ringing":
        """In the first language of the agent's that the desk speaks."""
        offered = work.policy.languages.offered
        spoken = [language for language in dial.agent.languages if language in offered]
        return cls(work, dial, (spoken or offered)[0])

    @classmethod
    def to_customer(cls, work: Work, dial: Dial) -> "Ringing":
        """In the language of the call that asked for it."""
        language, offered = dial.callback.language, work.policy.languages.offered
        return cls(work, dial, language if language in offered else offered[0])

    def say(self, *names: str) -> tuple[Sentence, ...]:
        """These sentences, filled in."""
        return tuple(self._sentence(name) for name in names)

    def _sentence(self, name: str) -> Sentence:
        template = Catalogue.of(self.language).sentences[name]
        told = {gap: TELLINGS[gap](self) for gap in template.names}
        return Sentence(self.language, name, template.text.format(**told))


def _standing(ringing: Ringing) -> str:
    """How long is left of the window, or how late we are, in working time."""
    callback, fragments = ringing.dial.callback, Catalogue.of(ringing.language).fragments
    words, promise, lateness = Words.of(ringing.language), callback.promise, callback.lateness(ringing.work)
    if promise is None or lateness is None:
        return ""
    if lateness.state in (LatenessState.LATE, LatenessState.BROKEN):
        return fragments["leg_late"].format(time=words.duration(lateness.working))
    left = max(promise.left(ringing.work.now, ringing.work.hours), timedelta(0))
    return fragments["leg_left"].format(time=words.duration(left))


def _topic(ringing: Ringing) -> str:
    topics = {topic.name: topic.says for topic in ringing.work.policy.topics}
    says = topics.get(ringing.dial.callback.topic or "")
    return says[ringing.language] if says else Catalogue.of(ringing.language).fragments["leg_no_topic"]


def _company(ringing: Ringing) -> str:
    subscription = ringing.dial.callback.subscription
    return subscription.company if subscription else Catalogue.of(ringing.language).fragments["leg_nobody"]


def _again(ringing: Ringing) -> str:
    """When it is rung again; a person decides where that is open."""
    again, hours = ringing.dial.callback.ring_from, ringing.work.hours
    if again is None:
        return Catalogue.of(ringing.language).fragments["leg_person"]
    return Words.of(ringing.language).moment(again, ringing.work.now, hours.zone)


TELLINGS: Mapping[str, Callable[[Ringing], str]] = {
    "leg_company": _company,
    "leg_topic": _topic,
    "leg_reference": lambda ringing: Words.of(ringing.language).reference(ringing.dial.callback.reference),
    "leg_standing": _standing,
    "leg_again": _again,
    "leg_office": lambda ringing: ringing.work.policy.office.name,
}
