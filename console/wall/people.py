"""The crew as the wall shows it: one line each, who is on a call first, who is off shift last."""

from dataclasses import dataclass
from datetime import timedelta

from callbacks.agent import Presence
from callbacks.crew import Crew, Facts, Member
from callbacks.dial import Leg
from console.times import Times

SECOND = timedelta(seconds=1)
ORDER = ("call", "ready", "busy", "away", "off")


@dataclass(frozen=True)
class Person:
    """`stands` is one of `ORDER`; `words` say what they do, `since` how long."""

    name: str
    stands: str
    words: str
    since: str = ""
    reference: str = ""


def people(times: Times, crew: Crew) -> list[Person]:
    """All of them, in the order of what they do."""
    shown = [_person(times, member) for member in crew.members]
    return sorted(shown, key=lambda each: (ORDER.index(each.stands), each.name.casefold()))


def counts(shown: list[Person]) -> dict[str, int]:
    """How many do what."""
    return {name: sum(each.stands == name for each in shown) for name in ORDER}


def _person(times: Times, member: Member) -> Person:
    say, agent = times.words.say, member.agent
    if member.dial:
        return _on_a_call(times, member, member.dial)
    if not member.is_there:
        back = member.begins
        words = say("wall.off_until", moment=times.soon(back)) if back else say("wall.off")
        return Person(agent.name, "off", words)
    since = times.work.now - agent.presence_since if agent.presence_since else None
    length = times.length(since) if since else ""
    if agent.presence == Presence.READY and agent.phone is None:
        return Person(agent.name, "ready", say("wall.no_phone"), length)
    return Person(agent.name, str(agent.presence), say(f"presence.{agent.presence}").lower(), length)


def _on_a_call(times: Times, member: Member, dial: Facts) -> Person:
    """With whom, how far, how long."""
    who = dial.company or times.words.say("request.nobody")
    leg = "rings" if dial.leg == Leg.ACCEPTED and dial.rang_at else dial.leg
    began = dial.answered_at or dial.made_at
    seconds = max(0, (times.work.now - began) // SECOND)
    words = times.words.say(f"wall.leg_{leg}", who=who)
    return Person(member.agent.name, "call", words, times.seconds(seconds), dial.reference)
