"""A talk without an outcome: the agent's phone rings once more, only to ask how it ended."""

from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select

from callbacks import dial as dials
from callbacks import journal
from callbacks.agent import Agent, Presence
from callbacks.callback import DESK, Callback
from callbacks.database import Moment
from callbacks.dial import Dial, Leg, Outcome
from callbacks.moves import Move, State
from callbacks.promised import ANSWERS
from callbacks.work import Work

AT_ONCE = 20
"""So many are begun in one unit of work."""


def anybody_to_ask(work: Work) -> bool:
    """Whether an outcome is owed that can be asked for now. A look alone."""
    found = _OWED.with_only_columns(Callback.id).limit(1)
    return work.session.scalar(found, _now(work)) is not None


def begin(work: Work) -> list[Dial]:
    """Begin to ring each agent who owes an outcome and is on no other call; each talk is asked about once."""
    found = work.session.scalars(_KEPT.limit(AT_ONCE), _now(work)).all()
    first = {callback.agent_id: callback for callback in reversed(found)}
    return [_begin(work, callback) for callback in first.values()]


def answered(dial: Dial) -> bool:
    """The agent picked up. False where somebody has said meanwhile how it ended."""
    if dial.callback.state != State.WRAP_UP:
        return False
    dial.leg = Leg.WRAP_UP
    return True


def _begin(work: Work, callback: Callback) -> Dial:
    assert callback.agent is not None  # noqa: S101 - only what somebody holds is asked about
    journal.hold(work, [callback.subject])
    callback.make(work, Move.ASKED_AGAIN, DESK, agent=callback.agent.sign_in)
    dial = dials.begin(work, callback, callback.agent)
    dial.outcome = Outcome.ASKED_AGAIN
    return dial


def _now(work: Work) -> dict[str, datetime]:
    """Later than that the supervisor has been told, and no phone rings at night for yesterday's talk."""
    return {"now": work.now, "soonest": work.now - ANSWERS}


_OWED = (
    select(Callback)
    .join(Agent, Callback.agent_id == Agent.id)
    .where(Callback.state == bindparam("wrap_up", State.WRAP_UP.value, literal_execute=True))
    .where(Callback.held_until <= bindparam("now", type_=Moment))
    .where(Callback.held_until > bindparam("soonest", type_=Moment))
    .where(Agent.phone.is_not(None), Agent.left_at.is_(None), Agent.presence != Presence.AWAY)
    .where(
        ~exists().where(or_(Dial.callback_id == Callback.id, Dial.agent_id == Agent.id), Dial.live.is_(True))
    )
    .where(
        ~exists().where(
            Dial.callback_id == Callback.id,
            Dial.outcome == Outcome.ASKED_AGAIN,
            Dial.made_at >= Callback.held_until,
        )
    )
    .order_by(Callback.held_until, Callback.id)
)
"""Whoever is on another call is asked when it is over; whoever is away is not."""

_KEPT = _OWED.with_for_update(skip_locked=True, of=(Callback, Agent)).execution_options(
    populate_existing=True
)
"""What another hand has is left to it."""
