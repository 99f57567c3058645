"""Passing a request on: to a colleague by name, or back into the queue for a later moment."""

from datetime import datetime, timedelta

from sqlalchemy import select

from callbacks import attempt
from callbacks.agent import Agent, Presence, Role
from callbacks.assignment import may_take
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.moves import Move
from callbacks.work import Work

FURTHEST = timedelta(days=60)
"""Whoever asks for a time further off than this is asking for something else."""

READY_FIRST = (Presence.READY, Presence.BUSY, Presence.AWAY)


def colleagues(work: Work, callback: Callback, but: Agent) -> list[Agent]:
    """Who may take it beside this person: those who are ready first."""
    here = select(Agent).where(Agent.left_at.is_(None), Agent.id != but.id, Agent.level >= callback.level)
    fit = [
        agent
        for agent in work.session.scalars(here.order_by(Agent.name))
        if agent.is_any(Role.AGENT, Role.SUPERVISOR) and may_take(agent, callback)
    ]
    return sorted(fit, key=lambda agent: READY_FIRST.index(Presence(agent.presence)))


def pass_on(work: Work, callback: Callback, to: Agent, by: str) -> None:
    """From now on this colleague has it. Whoever had it is done with it, and free to be rung."""
    if not may_take(to, callback):
        raise Refused(f"{to.sign_in} takes no callbacks of this level, language and topic")
    _let_go(work, callback, by)
    callback.assign(work, to, by)


def try_later(work: Work, callback: Callback, moment: datetime, by: str) -> None:
    """Into the queue, not to be rung before this moment. A promise still to be kept is never put off."""
    if not work.now < moment <= work.now + FURTHEST:
        raise Refused(f"{moment.isoformat()} does not lie ahead, or lies further off than 60 days")
    if would_break(work, callback, moment):
        raise Refused(f"callback {callback.reference} was promised before then, and was not rung yet")
    callback.ring_at(work, Move.RELEASED, work.hours.opening(moment), by)
    attempt.outcome_known(work, callback)


def would_break(work: Work, callback: Callback, moment: datetime) -> bool:
    """Whether to ring no sooner than this would break a promise that can still be kept."""
    owed = callback.first_rang_at is None and callback.closes is not None
    return owed and work.hours.opening(moment) > callback.closes >= work.now  # type: ignore[operator]


def _let_go(work: Work, callback: Callback, by: str) -> None:
    if callback.may(Move.RELEASED):
        callback.release(work, by)
    attempt.outcome_known(work, callback)
