"""An agent at the phone line: hears the day's callbacks, and says by key whether to be rung."""

from collections.abc import Callable

from callbacks import presence
from callbacks.agent import Agent, Presence
from ivr.hearing import Answer, Hearing
from ivr.steps import Again, On, Repeat, Verdict

KEYS = {"1": Presence.READY, "2": Presence.BUSY, "3": Presence.AWAY}
SAID = 3
"""So many callbacks of the day are told one by one."""


def judge(hearing: Hearing, answer: Answer) -> Verdict:
    """`1` ready, `2` busy, `3` away."""
    agent, wanted = agent_of(hearing), KEYS.get(answer.digits)
    if answer.digits == "*":
        return Repeat()
    if agent is None or wanted is None:
        return Again()
    presence.change(hearing.work, agent, wanted, f"agent:{agent.sign_in}")
    return On()


def agent_of(hearing: Hearing) -> Agent | None:
    """Who proved to be an agent."""
    key = hearing.known("agent")
    return hearing.work.session.get(Agent, key) if key else None


def is_now(wanted: Presence) -> Callable[[Hearing], bool]:
    """Whether the agent is so."""

    def holds(hearing: Hearing) -> bool:
        agent = agent_of(hearing)
        return agent is not None and agent.presence == wanted

    return holds


def name(hearing: Hearing) -> str | None:
    """As colleagues know them."""
    agent = agent_of(hearing)
    return agent.name if agent else None


def count(hearing: Hearing) -> str | None:
    """How many callbacks the day still has for them."""
    agent = agent_of(hearing)
    return str(len(presence.of_the_day(hearing.work, agent))) if agent else None


def first_ones(hearing: Hearing) -> list[dict[str, str]]:
    """Company, topic and time of the next few; a callback rung before is told by when it is rung again."""
    agent, work, words = agent_of(hearing), hearing.work, hearing.words
    told = []
    for callback in presence.of_the_day(work, agent)[:SAID] if agent else ():
        subject = next((each for each in work.policy.topics if each.name == callback.topic), None)
        again, zone = callback.ring_from, work.hours.zone
        when = words.moment(again, work.now, zone) if again else ""
        if callback.first_rang_at is None and callback.opens and callback.closes:
            when = words.window(callback.opens, callback.closes, work.now, zone, work.hours)
        company = callback.subscription.company if callback.subscription else ""
        topic = subject.says[hearing.language] if subject else callback.topic or ""
        told.append({"company": company, "topic": topic, "when": when})
    return told
