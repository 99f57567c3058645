"""The topic: what the call is about, and what support does not cover."""

from callbacks.policy import Topic
from ivr.hearing import Answer, Hearing
from ivr.steps import Again, Back, Go, On, Repeat, Verdict


def judge(hearing: Hearing, answer: Answer) -> Verdict:
    """One key of the policy's topics; some of them are paid services."""
    if answer.digits == "*":
        return Repeat()
    chosen = next((topic for topic in hearing.work.policy.topics if topic.key == answer.digits), None)
    if chosen is None:
        return Again()
    _settle_on(hearing, chosen)
    return Go("referral") if chosen.referral else On()


def settle(hearing: Hearing) -> None:
    """A caller who chose none is asked for the message all the same: the first topic of support stands."""
    if chosen_topic(hearing) is None:
        topics = hearing.work.policy.topics
        _settle_on(hearing, next((topic for topic in topics if not topic.referral), topics[0]))


def referral(hearing: Hearing, answer: Answer) -> Verdict:
    """Paid services: `1` leaves a request for Sales, `2` goes back to the topics."""
    if answer.digits == "1":
        return Go("request")
    if answer.digits == "2":
        hearing.remember(topic=None, level=None)
        return Back("topics")
    return Repeat() if answer.digits == "*" else Again()


def chosen_topic(hearing: Hearing) -> Topic | None:
    """The topic chosen, as the policy has it."""
    name = hearing.known("topic")
    return next((topic for topic in hearing.work.policy.topics if topic.name == name), None)


def _settle_on(hearing: Hearing, topic: Topic) -> None:
    hearing.remember(topic=topic.name, level=topic.level)
