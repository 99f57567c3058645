"""Asking the carrier after a dial: whether it ever rang, and how its legs stand when no notice says so."""

from datetime import timedelta
from functools import partial

import structlog

from callbacks import following, placing
from callbacks.dial import Dial, Leg
from callbacks.following import LegAtCarrier
from worker.line import CarrierAway, NotThere
from worker.setup import Means

SKEW = timedelta(seconds=30)
"""How far the carrier's clock may be behind ours."""

log = structlog.get_logger("worker")


def follow(means: Means, dial: Dial) -> None:
    """Ask, and take the carrier's word; where it is away, ask again later."""
    try:
        if dial.leg == Leg.ASKED:
            _look_up(means, dial)
        elif dial.leg == Leg.CALLED_IN:
            _follow_caller(means, dial)
        else:
            _follow(means, dial)
    except CarrierAway as away:
        log.warning("a dial cannot be asked after", dial=dial.id, fault=str(away))
        means.desk.do(partial(following.unanswered, dial_id=dial.id))


def _look_up(means: Means, dial: Dial) -> None:
    """The carrier's list does not show our mark: it is the call to this agent that is no other dial's."""
    since = (dial.asked_at or dial.made_at) - SKEW
    support = means.desk.policy.numbers.support.e164
    placed = means.carrier.placed_to(dial.agent.phone or "", support, since)
    with means.desk.reading() as work:
        found = placing.of_no_dial(work, [leg.call_sid for leg in placed])
    means.desk.do(partial(following.looked_up, dial_id=dial.id, call_sid=found[-1] if found else None))


def _follow(means: Means, dial: Dial) -> None:
    agent = _leg(means, dial.agent_call_sid or "")
    asks_for_customer = dial.leg in (Leg.ACCEPTED, Leg.TALKING)
    legs = means.carrier.dialled_by(dial.agent_call_sid or "") if asks_for_customer else []
    customer = legs[0] if legs else None
    too_long = means.desk.do(partial(following.followed, dial_id=dial.id, agent=agent, customer=customer))
    if too_long and dial.agent_call_sid:
        means.carrier.hang_up(dial.agent_call_sid)


def _follow_caller(means: Means, dial: Dial) -> None:
    """The customer rang in: their call is the parent, the agent's the one it dialled."""
    caller, legs = _leg(means, dial.customer_call_sid or ""), []
    if caller is not None:
        legs = means.carrier.dialled_by(caller.call_sid)
    agent = legs[0] if legs else None
    means.desk.do(partial(following.caller_followed, dial_id=dial.id, caller=caller, agent=agent))


def _leg(means: Means, call_sid: str) -> LegAtCarrier | None:
    try:
        return means.carrier.leg(call_sid)
    except NotThere:
        return None
