"""How an attempt to ring ends, and what follows from that for the callback and for the agent."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from callbacks import dial as dials
from callbacks import presence, texting
from callbacks.agent import Agent, Presence
from callbacks.callback import DESK, Callback
from callbacks.dial import MISSES, Dial, Leg, Outcome
from callbacks.moves import Move
from callbacks.work import Work

PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
"""Before what the carrier could not ring, or everybody has passed, is rung again: doubled each time."""

UNANSWERED = frozenset({Outcome.LAPSED, Outcome.AGENT_GONE})
"""The agent's phone rang out, or something picked up that pressed no key: nobody was there, or a mailbox."""

UNWILLING = UNANSWERED | {Outcome.PASSED}
"""Outcomes after which the next agent gets it."""


def came_to_nothing(work: Work, dial: Dial, outcome: Outcome) -> None:
    """The attempt came to nothing: what follows is the callback's next turn in the queue."""
    if dial.live is None:
        return
    if dial.asks:
        end(work, dial, dial.outcome)
        return
    end(work, dial, outcome)
    if outcome in UNANSWERED and dial.accepted_at is None:
        _let_it_ring(work, dial.agent)
    goes_on(work, dial, outcome)


def goes_on(work: Work, dial: Dial, outcome: Outcome) -> None:
    """What an attempt that has ended so makes of its callback."""
    callback = dial.callback
    if not callback.may(Move.RELEASED):
        return
    if outcome in MISSES:
        callback.missed(work, by_agent(dial), **facts(dial))
        if callback.for_person is not None:
            texting.we_tried(work, callback)
        return
    again = _again(work, dial, outcome)
    callback.release(work, DESK, again=again and again.isoformat(), **facts(dial))
    if again is not None:
        callback.ring_from = again
    elif outcome is Outcome.FAILED:
        callback.hand_to_person(work, "failed")


def _let_it_ring(work: Work, agent: Agent) -> None:
    """Once more nobody was at the phone, which holds up each callback in turn: in the end they are away."""
    agent.unanswered += 1
    if agent.unanswered >= work.policy.ring.unanswered:
        agent.unanswered = 0
        if agent.presence == Presence.READY:
            presence.set_away(work, agent, "unanswered")


def _again(work: Work, dial: Dial, outcome: Outcome) -> datetime | None:
    """When to go on: at once with the next agent, else after a pause; None where it failed too often."""
    callback = dial.callback
    if outcome in UNWILLING and dial.agent_id not in callback.passed_by:
        callback.passed_by = [*callback.passed_by, dial.agent_id]
        return work.now
    alike = select(func.count(Dial.id)).where(Dial.callback_id == callback.id, Dial.outcome == outcome)
    before = work.session.scalar(alike) or 1
    if outcome is Outcome.FAILED and before >= work.policy.ring.attempts:
        return None
    pause: timedelta = PAUSE * 2 ** min(before - 1, 10)
    return work.now + min(pause, LONGEST_PAUSE)


def end(work: Work, dial: Dial, outcome: str | None) -> None:
    """Free the agent and the callback for another attempt."""
    dial.outcome, dial.live, dial.leg = outcome, None, Leg.ENDED
    dial.ended_at = dial.ended_at or work.now
    dial.alarm_at = dial.claimed_until = dial.lease_until = None
    dial.agent.idle_since = work.now
    if dial.accepted_at is not None:
        dial.agent.off_the_phone_at = work.now


def outcome_known(work: Work, callback: Callback) -> None:
    """A talk whose outcome was owed is over with this; a phone that rings to ask for it falls silent."""
    dial = dials.live_of(work.session, callback)
    if dial is None or not dial.owes_outcome:
        return
    rings = dial.leg != Leg.WRAP_UP and dial.agent_call_sid is not None
    end(work, dial, dial.outcome)
    if rings:
        dial.alarm_at = work.now


def facts(dial: Dial) -> dict[str, Any]:
    """What the journal keeps of an attempt."""
    return {"dial": dial.id, "outcome": dial.outcome, "agent": dial.agent.sign_in}


def by_agent(dial: Dial) -> str:
    return f"agent:{dial.agent.sign_in}"
