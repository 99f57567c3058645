"""A customer rings in while the desk rings for them: that ringing ends, and they are put through."""

from sqlalchemy import select

from callbacks import attempt, calling_again, handling
from callbacks import call as calls
from callbacks import dial as dials
from callbacks.call import Call
from callbacks.callback import CALLER, DESK
from callbacks.dial import FOLLOWS, Dial, Leg, Outcome
from callbacks.moves import Move
from callbacks.work import Work

UNDER_WAY = (Leg.TO_ASK, Leg.ASKED, Leg.AGENT, Leg.ACCEPTED)
"""From here the customer has not been spoken with."""


def under_way(work: Work, call: Call) -> Dial | None:
    """The dial that rings for this caller's open request at this moment."""
    callback = calling_again.of_caller(work, call)
    dial = dials.live_of(work.session, callback) if callback else None
    rings = dial is not None and dial.leg in UNDER_WAY and not dial.asks
    return dial if dial and rings and dial.agent.phone else None


def take_over(work: Work, call: Call, dial: Dial) -> Dial:
    """Ringing ends, and the same agent is rung from the caller's own call: no phone is busy with ours."""
    callback, agent = dial.callback, dial.agent
    leg_sid = dial.agent_call_sid
    attempt.end(work, dial, Outcome.CALLED_IN)
    if leg_sid:
        is_to_be_ended(work, dial, leg_sid)
    work.session.flush()
    callback.release(work, CALLER, dial=dial.id, outcome=dial.outcome, agent=agent.sign_in)
    callback.hold(work, Move.OFFERED, agent, None, DESK)
    callback.hold(work, Move.DIALLED, agent, None, DESK)
    taken = dials.begin(work, callback, agent)
    taken.leg, taken.customer_call_sid = Leg.CALLED_IN, call.call_sid
    taken.look_again(work.now + FOLLOWS)
    return taken


def of_call(work: Work, call: Call) -> Dial | None:
    """The dial that puts this call through."""
    chosen = select(Dial).where(Dial.customer_call_sid == call.call_sid, Dial.leg == Leg.CALLED_IN)
    return work.session.scalar(chosen.order_by(Dial.id.desc()).limit(1))


def rang_in(work: Work, dial: Dial) -> bool:
    """Whether the talk that this dial asks about came of the customer's own call: no mailbox rings in."""
    attempts = dials.of(work.session, dial.callback) if dial.asks else []
    sid = attempts[-1].customer_call_sid if attempts else None
    return sid is not None and calls.find(work.session, sid) is not None


def accepted(work: Work, dial: Dial) -> bool:
    """The agent pressed 1: a mailbox never does."""
    if dial.leg != Leg.CALLED_IN or not dial.live:
        return False
    dial.accepted_at = dial.accepted_at or work.now
    dial.agent.unanswered = 0
    return True


def over(work: Work, dial: Dial, *, talked: bool, seconds: int | None = None) -> bool:
    """They were connected, or nobody took it; then the desk rings them again, with the next agent first.

    A talk of a moment is no talk here either. True where they talked: the agent's phone was hung up with the
    caller's, so it rings once more, at once, to ask how it ended.
    """
    if not dial.live or dial.leg != Leg.CALLED_IN:
        return dial.outcome == Outcome.TALKED
    if not talked or dial.accepted_at is None:
        handling.nobody_took_it(work, dial)
        return False
    dial.talk_seconds = _talked(work, dial, seconds or 0)
    if dial.talk_seconds < work.policy.ring.short_talk.total_seconds():
        handling.too_short(work, dial)
        return False
    attempt.end(work, dial, Outcome.TALKED)
    if dial.callback.may(Move.REACHED):
        dial.callback.reached(work, f"agent:{dial.agent.sign_in}", asked_from=work.now)
    return True


def _talked(work: Work, dial: Dial, seconds: int) -> int:
    """The carrier counts from when the agent picked up; what was heard before the key is no talk."""
    accepted = dial.accepted_at or work.now
    return min(seconds, int((work.now - accepted).total_seconds()))


def is_to_be_ended(work: Work, dial: Dial, call_sid: str) -> None:
    """This call rings for nothing now: the clock has it ended at the carrier."""
    if dial.outcome in (Outcome.CALLED_IN, Outcome.PASSED, Outcome.ASKED_AGAIN):
        dial.agent_call_sid, dial.alarm_at, dial.claimed_until = call_sid, work.now, None


def was_ended(work: Work, dial_id: int) -> None:
    """Nothing more is due."""
    dial = work.held(Dial, dial_id)
    if dial is not None and not dial.live:
        dial.alarm_at = dial.claimed_until = None
