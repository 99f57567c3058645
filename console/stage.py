"""How far a ringing has come, understood at a glance: whose phone, connected for how long, what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.dial import Dial, Leg
from callbacks.moves import State
from console.times import Times

SECOND = timedelta(seconds=1)
STEPS = ("phone", "customer", "talking", "outcome")


@dataclass(frozen=True)
class Step:
    """One station: `state` is done, now or ahead."""

    name: str
    state: str
    says: str


@dataclass(frozen=True)
class Stage:
    """`seconds` counts since they were connected; the page counts on by itself."""

    steps: Sequence[Step]
    says: str
    at: str
    seconds: int | None = None


def stage(times: Times, callback: Callback, dial: Dial | None, looks: Agent) -> Stage | None:
    """None where nothing rings and no outcome is owed."""
    at = _at(callback, dial)
    if at is None:
        return None
    agent = dial.agent if dial else callback.agent
    is_mine = agent is not None and agent.id == looks.id
    name = agent.name if agent else ""
    return Stage(
        [_step(times, each, at, name, is_mine=is_mine) for each in STEPS],
        times.words.say(f"stage.{_sentence(dial, at, is_mine=is_mine)}", name=name),
        at,
        _seconds(times, dial),
    )


def _at(callback: Callback, dial: Dial | None) -> str | None:
    if dial is None or dial.asks:
        return "outcome" if callback.state == State.WRAP_UP else None
    if dial.leg in (Leg.TO_ASK, Leg.ASKED, Leg.AGENT, Leg.CALLED_IN):
        return "phone"
    return {Leg.ACCEPTED: "customer", Leg.TALKING: "talking"}.get(Leg(dial.leg), "outcome")


def _sentence(dial: Dial | None, at: str, *, is_mine: bool) -> str:
    if at == "customer":
        return "rings" if dial and dial.rang_at else "ringing"
    if at != "phone" or dial is None:
        return "connected" if at == "talking" else "say_how"
    if dial.leg == Leg.CALLED_IN:
        return "called_in"
    if not is_mine:
        return "their_phone"
    return "take_it" if dial.leg == Leg.AGENT else "your_phone"


def _step(times: Times, name: str, at: str, agent: str, *, is_mine: bool) -> Step:
    place, now = STEPS.index(name), STEPS.index(at)
    state = "now" if place == now else "done" if place < now else "ahead"
    word = ("yours" if is_mine else "theirs") if name == "phone" else name
    return Step(name, state, times.words.say(f"stage.{word}", name=agent))


def _seconds(times: Times, dial: Dial | None) -> int | None:
    if dial is None or dial.leg != Leg.TALKING or dial.answered_at is None:
        return None
    return max(0, (times.work.now - dial.answered_at) // SECOND)
