"""Dialling: the agent's phone first. Asked for once, under a lease; what is unknown is looked up."""

from collections.abc import Sequence
from functools import partial

import structlog
from sqlalchemy.orm import joinedload

from callbacks import asking_again, assignment, placing, put_through
from callbacks.dial import Dial, Leg
from callbacks.placing import Placing
from worker import following
from worker.line import CarrierAway, NotThere
from worker.outgoing import NotTaken
from worker.setup import Means

log = structlog.get_logger("worker")


def assign(means: Means) -> bool:
    """Begin a dial for whoever owes the outcome of a talk, then for each free agent whom something is waiting
    for. True where any was begun."""
    with means.desk.reading() as work:
        to_ask, to_ring = asking_again.anybody_to_ask(work), assignment.anything_to_assign(work)
    asked = to_ask and means.desk.do(asking_again.begin)
    rung = to_ring and means.desk.do(assignment.assign_due)
    return bool(asked or rung)


def next_step(means: Means, ids: Sequence[int]) -> None:
    """Whatever is next for these dials: ask the carrier for it, or how it stands."""
    for dial_id in ids:
        dial = _looked_at(means, dial_id)
        if dial is None:
            continue
        if not dial.live:
            _end_call(means, dial)
        elif dial.leg == Leg.TO_ASK:
            _ask(means, dial_id)
        else:
            following.follow(means, dial)


def _looked_at(means: Means, dial_id: int) -> Dial | None:
    """With its agent, while it can be read."""
    with means.desk.reading() as work:
        dial = work.session.get(Dial, dial_id, options=[joinedload(Dial.agent)])
        due = dial is not None and dial.alarm_at is not None and dial.alarm_at <= work.now
        return dial if due else None


def _end_call(means: Means, dial: Dial) -> None:
    """The customer rang in meanwhile: this call rings an agent, or a customer, for nothing."""
    try:
        if dial.agent_call_sid:
            means.carrier.hang_up(dial.agent_call_sid)
    except CarrierAway as away:
        log.warning("a call cannot be ended", dial=dial.id, fault=str(away))
        return
    except NotThere:
        pass
    means.desk.do(partial(put_through.was_ended, dial_id=dial.id))


def _ask(means: Means, dial_id: int) -> None:
    taken = means.desk.do(partial(placing.take, dial_id=dial_id))
    if taken is None:
        return
    if not taken.may_still_ask(means.desk.clock()):
        log.warning("held up too long to ring; looking it up instead", dial=dial_id)
        return
    try:
        call_sid = _place(means, taken)
    except NotTaken as refusal:
        log.warning("the carrier did not ring", dial=dial_id, fault=str(refusal))
        means.desk.do(partial(placing.refused, dial_id=dial_id, code=refusal.code))
    except (CarrierAway, NotThere) as away:
        log.warning("whether a phone rings is unknown; it is looked up", dial=dial_id, fault=str(away))
        means.desk.do(partial(placing.unknown, dial_id=dial_id))
    else:
        means.desk.do(partial(placing.placed, dial_id=dial_id, call_sid=call_sid))


def _place(means: Means, taken: Placing) -> str:
    address = f"{means.public_url}/ivr/agent/{taken.mark}"
    return means.carrier.place(to=taken.to, from_=taken.from_, address=address, rings_for=taken.rings_for)
