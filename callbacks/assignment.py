"""Who gets which callback next: one readable policy of order, of who may, and of whom first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, exists, or_, select
from sqlalchemy.orm import load_only

from callbacks import handling
from callbacks.agent import Agent, Presence
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.moves import State
from callbacks.subscription import Plan, Subscription
from callbacks.work import Work

LOOKS_AT = (5, 50)
"""Callbacks looked at for one assignment: the first that somebody free may take, mostly the very first."""

Ordering = Callable[[datetime], Select[Callback]]
"""What may be rung at a moment, the next one first. The simulation tries others than the desk's own."""

NEEDED = (
    Agent.sign_in,
    Agent.level,
    Agent.languages,
    Agent.topics,
    Agent.phone,
    Agent.shifts,
    Agent.days_off,
)
"""All that assignment reads of an agent: there may be hundreds, several times a second."""


@dataclass(frozen=True)
class Match:
    """A callback and the agent who is to take it."""

    callback: Callback
    agent: Agent


def ringing_order(now: datetime) -> Select[Callback]:
    """What may be rung now, least working time left before closes first, then plan, then age.

    Within one calendar the earlier `closes` has the less working time left, so the order is the index's own.
    A wished time is never rung early, nor a next attempt before its pause: both are `ring_from`.
    """
    premium_first = case((Subscription.plan == Plan.PREMIUM, 0), else_=1)
    return (
        select(Callback)
        .outerjoin(Subscription, Callback.subscription_id == Subscription.id)
        .where(Callback.state == State.WAITING, Callback.ring_from <= now, Callback.number.is_not(None))
        .where(Callback.kind == Kind.CALLBACK, ~_on_a_dial())
        .order_by(Callback.closes, premium_first, Callback.received_at, Callback.id)
    )


def free_agents(work: Work) -> list[Agent]:
    """Ready, on shift, with a phone, not on a dial; the longest idle first."""
    free = _free().with_for_update(skip_locked=True, of=Agent)
    return [agent for agent in work.session.scalars(free) if agent.on_shift(work.hours, work.now)]


def anything_to_assign(work: Work) -> bool:
    """Whether somebody is free and something may be rung. A look alone: waiting costs the writers nothing."""
    if not any(agent.on_shift(work.hours, work.now) for agent in work.session.scalars(_free())):
        return False
    due = ringing_order(work.now).with_only_columns(Callback.id).order_by(None).limit(1)
    return work.session.scalar(due) is not None


def may_take(agent: Agent, callback: Callback) -> bool:
    """Level, language and topic; a level 2 agent can take level 1 too."""
    knows = not agent.topics or callback.topic is None or callback.topic in agent.topics
    return agent.level >= callback.level and callback.language in agent.languages and knows


def before_cut_off(work: Work, ends: datetime, callback: Callback) -> bool:
    """Whether a new dial still fits in a shift that ends then, or would be late if it were not made."""
    if ends - work.now >= work.policy.ring.cut_off:
        return True
    return callback.closes is not None and callback.closes <= ends


def next_match(work: Work, agents: list[Agent], order: Ordering = ringing_order) -> Match | None:
    """The callback to ring next and who takes it; None where nobody free may take anything due."""
    if not agents:
        return None
    waiting = order(work.now).where(
        Callback.level <= max(agent.level for agent in agents),
        Callback.language.in_({language for agent in agents for language in agent.languages}),
    )
    ends = _shift_ends(work, agents)
    for limit in LOOKS_AT:
        locked = waiting.limit(limit).with_for_update(skip_locked=True, of=Callback)
        for callback in work.session.scalars(locked):
            takers = [
                a for a in agents if may_take(a, callback) and before_cut_off(work, ends[a.id], callback)
            ]
            agent = _preferred(work, callback, takers)
            if agent is not None:
                return Match(callback, agent)
    return None


def assign_due(work: Work, limit: int = 20, order: Ordering = ringing_order) -> list[Dial]:
    """Begin a dial for each free agent who may take something due: never more in the air than free agents."""
    begun: list[Dial] = []
    agents = free_agents(work)
    while agents and len(begun) < limit and (match := next_match(work, agents, order)):
        begun.append(handling.ring_agent(work, match.callback, match.agent))
        agents = [agent for agent in agents if agent is not match.agent]
    return begun


def _shift_ends(work: Work, agents: list[Agent]) -> dict[int, datetime]:
    """When each one's shift ends, by their ids; a rota is asked once, however many work in it."""
    rotas = {str(agent.shifts): agent for agent in agents}
    ends = {rota: agent.shift_ends(work.hours, work.now) for rota, agent in rotas.items()}
    return {agent.id: ends[str(agent.shifts)] for agent in agents}


def _free() -> Select[Agent]:
    on_a_dial = select(Dial.agent_id).where(Dial.live.is_(True))
    return (
        select(Agent)
        .where(Agent.presence == Presence.READY, Agent.phone.is_not(None), Agent.left_at.is_(None))
        .where(Agent.id.not_in(on_a_dial))
        .order_by(Agent.idle_since.asc().nulls_first(), Agent.id)
        .options(load_only(*NEEDED))
    )


def _on_a_dial() -> ColumnElement[bool]:
    """Whatever a person did with a callback meanwhile: while it is being rung nobody else rings it."""
    return exists().where(Dial.callback_id == Callback.id, Dial.live.is_(True))


def _preferred(work: Work, callback: Callback, takers: list[Agent]) -> Agent | None:
    """Who had this company last, if free; else the longest idle. Who passed has it if nobody else can."""
    fresh = [agent for agent in takers if agent.id not in callback.passed_by]
    candidates = fresh or takers
    if len(candidates) < 2 or callback.subscription_id is None:
        return candidates[0] if candidates else None
    last = (
        select(Callback.agent_id)
        .where(Callback.subscription_id == callback.subscription_id, Callback.first_reached_at.is_not(None))
        .where(or_(Callback.agent_id.in_([agent.id for agent in candidates])))
        .order_by(Callback.first_reached_at.desc())
    )
    had_it = work.session.scalar(last.limit(1))
    return next((agent for agent in candidates if agent.id == had_it), candidates[0])
