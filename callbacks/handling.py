"""Handling a callback: offered, accepted, rung, missed, talked, wrapped up. Only an outcome ends it."""

from datetime import datetime, timedelta

from callbacks import dial as dials
from callbacks import journal
from callbacks.agent import Agent
from callbacks.attempt import by_agent, came_to_nothing, end, facts, goes_on, outcome_known
from callbacks.callback import DESK, Callback
from callbacks.dial import RANG, Dial, Leg, Outcome
from callbacks.errors import Refused
from callbacks.moves import Disposition, Move
from callbacks.work import Work

NOT_NOW = {"1": timedelta(minutes=15), "2": timedelta(hours=1)}
"""What a customer who cannot talk may press; `3` is tomorrow morning."""


SETTLES = timedelta(seconds=5)
"""How long the customer's leg's last word may follow the end of the agent's before the carrier is asked."""


def ring_agent(work: Work, callback: Callback, agent: Agent, by: str = DESK) -> Dial:
    """Begin an attempt: the agent's phone is to ring first. Refused where either is on one."""
    if callback.number is None:
        raise Refused(f"callback {callback.reference} has no number to ring; give it one first")
    if not callback.is_open:
        raise Refused(f"callback {callback.reference} is closed")
    for other in dials.live_with(work.session, callback, agent):
        whose = callback.reference if other.callback_id == callback.id else agent.name
        raise Refused(f"{whose} is on a call already; wait until it is over")
    return offer(work, callback, agent, by)


def offer(work: Work, callback: Callback, agent: Agent, by: str = DESK) -> Dial:
    """Begin an attempt for these two, known to be free and kept from other hands."""
    journal.hold(work, [callback.subject])
    until = work.now + work.policy.ring.offer_lapses
    callback.hold(work, Move.OFFERED, agent, until, by)
    return dials.begin(work, callback, agent)


def accepted(work: Work, dial: Dial) -> bool:
    """The agent pressed 1. True exactly once a dial: then, and only then, may the customer be rung."""
    if dial.leg != Leg.AGENT or dial.live is None or not dial.callback.may(Move.DIALLED):
        return False
    dial.leg, dial.accepted_at, dial.agent.unanswered = Leg.ACCEPTED, work.now, 0
    dial.callback.hold(work, Move.DIALLED, dial.agent, None, by_agent(dial))
    return True


def passed(work: Work, dial: Dial) -> None:
    """The agent pressed 3: the next one gets it, and this one only if nobody else can."""
    dial.agent.unanswered = 0
    came_to_nothing(work, dial, Outcome.PASSED)


def later(work: Work, dial: Dial) -> None:
    """The agent pressed 9: back in the queue, to be rung again when the policy's pause has passed."""
    dial.agent.unanswered = 0
    end(work, dial, Outcome.LATER)
    again = work.hours.opening(work.hours.add(work.now, work.policy.ring.later))
    if dial.callback.may(Move.RELEASED):
        dial.callback.ring_at(work, Move.RELEASED, again, by_agent(dial), **facts(dial))


def customer_rings(work: Work, dial: Dial, call_sid: str, at: datetime | None = None) -> None:
    """The customer's phone rings, or rang `at`, by the carrier's word: a repeat changes nothing."""
    dial.customer_call_sid = dial.customer_call_sid or call_sid or None
    if dial.rang_at is None and dial.accepted_at is not None:
        dial.rang_at = min(at or work.now, work.now)
        if dial.callback.may(Move.RANG):
            dial.callback.rang(work, by_agent(dial), "ringing", at=dial.rang_at)


def customer_answered(work: Work, dial: Dial, call_sid: str) -> None:
    """Somebody, or something, picked up. Whether we talked shows in how long it lasted."""
    customer_rings(work, dial, call_sid)
    if dial.answered_at is None and dial.live:
        dial.answered_at, dial.leg = work.now, Leg.TALKING
        if dial.callback.may(Move.ANSWERED):
            dial.callback.make(work, Move.ANSWERED, by_agent(dial), dial=dial.id)


def not_now(work: Work, dial: Dial, key: str) -> None:
    """The customer answered and cannot talk: a wish, not a miss."""
    customer_rings(work, dial, dial.customer_call_sid or "")
    wanted = work.hours.opening(work.now + NOT_NOW[key] if key in NOT_NOW else _tomorrow(work))
    end(work, dial, Outcome.NOT_NOW)
    if dial.callback.may(Move.NOT_NOW):
        dial.callback.ring_at(work, Move.NOT_NOW, wanted, "caller", **facts(dial))


def customer_leg_over(
    work: Work, dial: Dial, carrier_says: str, seconds: int | None, *, bridged: bool
) -> None:
    """The carrier's last word on the customer's leg (DialCallStatus). A repeat changes nothing."""
    if dial.leg not in (Leg.ACCEPTED, Leg.TALKING):
        return
    outcome = _understood(work, dial, carrier_says, seconds, bridged=bridged)
    dial.talk_seconds, dial.hung_up_at = seconds, work.now
    if outcome in RANG and dial.rang_at is None:
        customer_rings(work, dial, dial.customer_call_sid or "")
    if outcome is Outcome.TALKED and dial.callback.may(Move.REACHED):
        dial.leg, dial.outcome = Leg.WRAP_UP, outcome
        dial.callback.reached(work, by_agent(dial))
        return
    came_to_nothing(work, dial, outcome)


def agent_leg_over(work: Work, dial: Dial, carrier_says: str, *, nobody_rung: bool = False) -> None:
    """The agent's call is over, or never was: what is still open of the dial ends with it.

    What became of the customer's leg is not guessed: its own last word is waited for, and soon asked for.
    `nobody_rung` where the carrier, asked, knows of no customer's leg.
    """
    if dial.live is None:
        return
    if dial.leg in (Leg.TO_ASK, Leg.ASKED, Leg.AGENT):
        came_to_nothing(work, dial, Outcome.AGENT_GONE if carrier_says == "completed" else Outcome.LAPSED)
    elif dial.leg == Leg.WRAP_UP:
        end(work, dial, dial.outcome)
    elif nobody_rung:
        customer_leg_over(work, dial, "canceled", None, bridged=False)
    elif dial.hung_up_at is None:
        dial.hung_up_at, dial.alarm_at, dial.claimed_until = work.now, work.now + SETTLES, None


def nobody_took_it(work: Work, dial: Dial) -> None:
    """A customer who rang in was not put through: rung again, and the next agent gets it."""
    came_to_nothing(work, dial, Outcome.LAPSED)


def too_short(work: Work, dial: Dial) -> None:
    """A customer who rang in was put through and was gone in a moment: a miss, as where we had rung them."""
    customer_rings(work, dial, dial.customer_call_sid or "")
    came_to_nothing(work, dial, Outcome.SHORT)


def not_placed(work: Work, dial: Dial) -> None:
    """The carrier, asked, does not know of it: it did not ring, and the callback goes back to the queue."""
    if dial.live and dial.leg in (Leg.TO_ASK, Leg.ASKED):
        came_to_nothing(work, dial, Outcome.NOT_PLACED)


def lapsed(work: Work, dial: Dial) -> bool:
    """The offer's time is over and nobody accepted; True where the agent's call is to be ended."""
    if dial.live is None or dial.leg != Leg.AGENT:
        return False
    came_to_nothing(work, dial, Outcome.LAPSED)
    return True


def mailbox(work: Work, dial: Dial, *, left_message: bool) -> None:
    """The agent heard a mailbox: a miss, not a talk, and at most one message is left in all."""
    if dial.live is None:
        return
    attempts = dials.of(work.session, dial.callback)
    meant = attempts[-1] if dial.asks and attempts else dial
    meant.message_left = left_message and not any(other.message_left for other in attempts)
    callback, since = dial.callback, meant.accepted_at
    if since and callback.first_reached_at and callback.first_reached_at >= since:
        callback.first_reached_at = None  # what was taken for a talk was none
    end(work, dial, dial.outcome)
    meant.outcome = Outcome.MAILBOX
    goes_on(work, meant, Outcome.MAILBOX)


def wrap_up(
    work: Work, callback: Callback, disposition: Disposition, by: str, referral: str | None = None
) -> None:
    """The agent says how it ended: closed, moved up a level, or waiting for the customer."""
    if callback.agent is not None:
        callback.agent.off_the_phone_at = work.now
    if disposition is Disposition.ESCALATED:
        callback.escalate(work, by)
    elif disposition is Disposition.WAITING:
        callback.pause(work, by)
    else:
        callback.close(work, disposition, by, **({"referral": referral} if referral else {}))
    outcome_known(work, callback)


def _understood(work: Work, dial: Dial, says: str, seconds: int | None, *, bridged: bool) -> Outcome:
    """What the carrier's word means. Answered and not bridged is no person; a talk of a moment is no talk."""
    if says in ("busy", "no-answer"):
        return Outcome.BUSY if says == "busy" else Outcome.NO_ANSWER
    if says == "failed":
        return Outcome.FAILED
    if not bridged and dial.answered_at:
        return Outcome.MAILBOX
    if says == "canceled" or not bridged:
        return Outcome.NO_ANSWER if dial.rang_at else Outcome.AGENT_GONE
    return Outcome.SHORT if (seconds or 0) < work.policy.ring.short_talk.total_seconds() else Outcome.TALKED


def _tomorrow(work: Work) -> datetime:
    """Midnight of the office's next day."""
    zone = work.hours.zone
    day = work.now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), zone)
