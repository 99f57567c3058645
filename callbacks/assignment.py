"""Who gets which callback next: one readable policy of order, of who may, and of whom first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Index, Row, Select, and_, bindparam, case, exists, or_, select

from callbacks import free_agent, handling
from callbacks.agent import Agent
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.database import Moment
from callbacks.dial import Dial
from callbacks.free_agent import FreeAgent, free_agents
from callbacks.moves import State
from callbacks.subscription import Plan, Subscription
from callbacks.work import Work

LOOKS_AT = (5, 50, 1000)
"""Callbacks looked at for one assignment: the first that somebody free may take, mostly the very first."""

Ordering = Select[Callback]
"""What may be rung at `now`, the next one first. The simulation tries others than the desk's own."""

Kinds = tuple[tuple[int, tuple[str, ...]], ...]
"""Levels that somebody free has, each with the languages spoken there."""

NEEDED = (
    Callback.id, Callback.level, Callback.language, Callback.topic, Callback.closes, Callback.passed_by,
    Callback.subscription_id,
)  # fmt: skip
"""All that is read of a callback to choose who takes it."""

Request = Row[*tuple[Any, ...]]

WAITING = Callback.state == State.WAITING.value
REACHED = Callback.first_reached_at.is_not(None)
Index(
    "ix_callbacks_to_ring",
    Callback.closes,
    Callback.ring_from,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)
Index(
    "ix_callbacks_reached", Callback.subscription_id, Callback.first_reached_at,
    sqlite_where=REACHED, postgresql_where=REACHED,
)  # fmt: skip
"""So that assignment costs the same however many callbacks were ever closed."""

_WAITS = Callback.state == bindparam("waiting", State.WAITING.value, literal_execute=True)
"""Written out in the question, so that the index of what waits is seen to answer it."""

_ON_A_DIAL = exists().where(Dial.callback_id == Callback.id, Dial.live.is_(True))
"""Whatever a person did with a callback meanwhile: while it is being rung nobody else rings it."""

RINGING_ORDER: Ordering = (
    select(Callback)
    .outerjoin(Subscription, Callback.subscription_id == Subscription.id)
    .where(_WAITS, Callback.ring_from <= bindparam("now", type_=Moment), Callback.number.is_not(None))
    .where(Callback.kind == Kind.CALLBACK, ~_ON_A_DIAL)
    .order_by(Callback.closes, case((Subscription.plan == Plan.PREMIUM, 0), else_=1))
    .order_by(Callback.received_at, Callback.id)
)
"""What may be rung now, least working time left before closes first, then plan, then age.

Within one calendar the earlier `closes` has the less working time left, so the order is the index's own.
A wished time is never rung early, nor a next attempt before its pause: both are `ring_from`.
"""


@dataclass(frozen=True)
class Match:
    """A callback and the agent who is to take it, both kept from other hands."""

    callback: Callback
    agent: Agent


def anything_to_assign(work: Work) -> bool:
    """Whether somebody free may take something due. A look alone: waiting costs the writers nothing."""
    return next(_pairs(work, free_agents(work), RINGING_ORDER), None) is not None


def may_take(agent: Agent | FreeAgent, callback: Callback | Request) -> bool:
    """Level, language and topic."""
    return agent.skills.suffice(callback.level, callback.language, callback.topic)


def before_cut_off(work: Work, ends: datetime, closes: datetime | None) -> bool:
    """Whether a new dial still fits in a shift that ends then, or would be late if it were not made."""
    return ends - work.now >= work.policy.ring.cut_off or (closes is not None and closes <= ends)


def next_match(work: Work, agents: Sequence[FreeAgent], order: Ordering = RINGING_ORDER) -> Match | None:
    """The callback to ring next and who takes it; None where nobody free may take anything due.

    Chosen first and kept from other hands then: two clocks never wait for each other, and what the other has
    taken meanwhile is left to it.
    """
    for request, takers in _pairs(work, agents, order):
        callback = work.session.scalar(_STILL_WAITS, {"key": request.id})
        for taker in takers if callback else ():
            agent = free_agent.held(work, taker)
            if callback and agent:
                return Match(callback, agent)
    return None


def assign_due(work: Work, limit: int = 20, order: Ordering = RINGING_ORDER) -> list[Dial]:
    """Begin a dial for each free agent who may take something due: never more in the air than free agents."""
    begun: list[Dial] = []
    agents = free_agents(work)
    while agents and len(begun) < limit and (match := next_match(work, agents, order)):
        begun.append(handling.offer(work, match.callback, match.agent))
        agents = [agent for agent in agents if agent.id != match.agent.id]
    return begun


def _pairs(
    work: Work, agents: Sequence[FreeAgent], order: Ordering
) -> Iterator[tuple[Request, list[FreeAgent]]]:
    """What is due and somebody free may take, in ringing order, each with its takers, whom first first."""
    if not agents:
        return
    kinds, seen = _kinds(agents), 0
    for limit in LOOKS_AT:
        requests = work.session.execute(_waiting(order, kinds, seen, limit), {"now": work.now}).all()
        for request in requests:
            takers = [a for a in agents if may_take(a, request) and _fits(work, a, request)]
            if takers:
                yield request, _in_preference(work, request, takers)
        seen += len(requests)
        if seen < limit:
            return


def _fits(work: Work, agent: FreeAgent, request: Request) -> bool:
    return before_cut_off(work, agent.until, request.closes)


def _kinds(agents: Sequence[FreeAgent]) -> Kinds:
    spoken: dict[int, frozenset[str]] = {}
    for skills in {agent.skills for agent in agents}:
        spoken[skills.level] = spoken.get(skills.level, frozenset()) | skills.languages
    return tuple((level, tuple(sorted(spoken[level]))) for level in sorted(spoken))


@lru_cache(maxsize=256)
def _waiting(order: Ordering, kinds: Kinds, seen: int, limit: int) -> Select[*tuple[Any, ...]]:
    """Of what may be rung, that of a level and language which somebody free has: nothing else hides it."""
    alike = (and_(Callback.level <= level, Callback.language.in_(spoken)) for level, spoken in kinds)
    return order.with_only_columns(*NEEDED).where(or_(*alike)).offset(seen).limit(limit - seen)


def _in_preference(work: Work, request: Request, takers: list[FreeAgent]) -> list[FreeAgent]:
    """Who had this company last, if free; then the longest idle. Who passed has it if nobody else can."""
    candidates = [agent for agent in takers if agent.id not in request.passed_by] or takers
    if len(candidates) < 2 or request.subscription_id is None:
        return candidates
    had_it = work.session.scalar(_HAD_IT_LAST, {"subscription": request.subscription_id})
    return sorted(candidates, key=lambda agent: agent.id != had_it)


_STILL_WAITS = (
    select(Callback)
    .where(Callback.id == bindparam("key"), _WAITS, ~_ON_A_DIAL)
    .with_for_update(skip_locked=True, of=Callback)
    .execution_options(populate_existing=True)
)
"""Nobody where another hand has it, or has rung it meanwhile."""

_HAD_IT_LAST = (
    select(Callback.agent_id)
    .where(Callback.subscription_id == bindparam("subscription"), REACHED, Callback.agent_id.is_not(None))
    .order_by(Callback.first_reached_at.desc())
    .limit(1)
)
