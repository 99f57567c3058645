"""Who gets which callback next: one readable policy of order, of who may, and of whom first."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased, joinedload

from callbacks import handling, journal
from callbacks.agent import Agent
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.database import Moment
from callbacks.dial import Dial
from callbacks.free_agent import IS_FREE, Duty, FreeAgent, free_agents, rested
from callbacks.moves import State
from callbacks.subscription import Plan, Subscription
from callbacks.work import Work

LOOKS_AT = (5, 50, 1000)
"""Callbacks looked at for one assignment: the first that somebody free may take, mostly the very first."""

Ordering = Select[Callback]
"""What may be rung at `now`, the next one first. The simulation tries others than the desk's own."""

Kinds = tuple[tuple[int, tuple[str, ...]], ...]
"""Levels that somebody free has, each with the languages spoken there."""

Request = Row[*tuple[Any, ...]]

WAITING = Callback.state == State.WAITING.value
REACHED = Callback.first_reached_at.is_not(None)
Index(
    "ix_callbacks_to_ring",
    Callback.closes,
    Callback.ring_from,
    Callback.level,
    Callback.language,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)
Index(
    "ix_callbacks_reached", Callback.subscription_id, Callback.first_reached_at,
    sqlite_where=REACHED, postgresql_where=REACHED,
)  # fmt: skip
"""So that assignment costs the same however many callbacks were ever closed, and little where many wait for a
language that nobody free speaks."""


def _written(value: str | int) -> ColumnElement[Any]:
    """Written out in the question: so it shows that the index of what waits answers it, and for how few."""
    return literal_column(repr(value))


_WAITS = Callback.state == _written(State.WAITING.value)

_ON_A_DIAL = exists().where(Dial.callback_id == Callback.id, Dial.live.is_(True))
"""Whatever a person did with a callback meanwhile: while it is being rung nobody else rings it."""

_before = aliased(Callback)
_HAD_IT_LAST = (
    select(_before.agent_id)
    .where(_before.subscription_id == Callback.subscription_id)
    .where(_before.first_reached_at.is_not(None), _before.agent_id.is_not(None))
    .order_by(_before.first_reached_at.desc())
    .limit(1)
    .scalar_subquery()
)

NEEDED = (
    Callback.id, Callback.level, Callback.language, Callback.topic, Callback.closes, Callback.passed_by,
    _HAD_IT_LAST.label("had_it_last"),
)  # fmt: skip
"""All that is read of a callback to choose who takes it."""

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
    taker: FreeAgent
    """The agent as they were read."""


def anything_to_assign(work: Work) -> bool:
    """Whether somebody free may take something due. A look alone: waiting costs the writers nothing."""
    return next(_pairs(work, free_agents(work), RINGING_ORDER), None) is not None


def may_take(agent: Agent | Duty, callback: Callback | Request) -> bool:
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
        for taker in takers:
            if match := _both_kept(work, request, taker):
                return match
            if work.session.scalar(_STILL_WAITS, _names(request)) is None:
                break
    return None


def assign_due(work: Work, limit: int = 20, order: Ordering = RINGING_ORDER) -> list[Dial]:
    """Begin a dial for each free agent who may take something due: never more in the air than free agents."""
    begun: list[Dial] = []
    agents = free_agents(work)
    while len(begun) < limit and (match := next_match(work, agents, order)):
        begun.append(handling.offer(work, match.callback, match.agent))
        agents.remove(match.taker)
    return begun


def _pairs(
    work: Work, agents: Sequence[FreeAgent], order: Ordering
) -> Iterator[tuple[Request, list[FreeAgent]]]:
    """What is due and somebody free may take, in ringing order, each with its takers, whom first first."""
    duties = {agent.duty for agent in agents}
    if not duties:
        return
    kinds, seen = _kinds(duties), 0
    for limit in LOOKS_AT:
        requests = work.rows(_waiting(order, kinds, seen, limit), {"now": work.now})
        for request in requests:
            able = {duty for duty in duties if _may_take_now(work, duty, request)}
            if able:
                yield request, _in_preference(request, [agent for agent in agents if agent.duty in able])
        seen += len(requests)
        if seen < limit:
            return


def _may_take_now(work: Work, duty: Duty, request: Request) -> bool:
    return may_take(duty, request) and before_cut_off(work, duty.until, request.closes)


def _kinds(duties: Collection[Duty]) -> Kinds:
    spoken: dict[int, frozenset[str]] = {}
    for duty in duties:
        level = duty.skills.level
        spoken[level] = spoken.get(level, frozenset()) | duty.skills.languages
    return tuple((level, tuple(sorted(spoken[level]))) for level in sorted(spoken))


@lru_cache(maxsize=256)
def _waiting(order: Ordering, kinds: Kinds, seen: int, limit: int) -> Select[*tuple[Any, ...]]:
    """Of what may be rung, that of a level and language which somebody free has: nothing else hides it."""
    alike = (
        and_(Callback.level <= level, or_(*(Callback.language == each for each in spoken)))
        for level, spoken in kinds
    )
    wanted = order.with_only_columns(*NEEDED).where(or_(*alike))
    return wanted.offset(_written(seen)).limit(_written(limit - seen))


def _in_preference(request: Request, takers: list[FreeAgent]) -> list[FreeAgent]:
    """Who had this company last, if free; then the longest idle. Who passed has it if nobody else can."""
    passed, had_it_last = request.passed_by, request.had_it_last
    candidates = [agent for agent in takers if agent.id not in passed] or takers
    return sorted(candidates, key=lambda agent: agent.id != had_it_last)


def _both_kept(work: Work, request: Request, taker: FreeAgent) -> Match | None:
    """The two kept from other hands, and the callback's chain with them; None where another has either."""
    asked = _names(request) | {"taker": taker.id, "rested": rested(work)}
    row = work.session.execute(_STILL_BOTH, asked).unique().one_or_none()
    if row is None:
        return None
    journal.has_in_hand(work, row.Callback.subject, row.seq, row.digest)
    return Match(row.Callback, row.Agent, taker)


def _names(request: Request) -> dict[str, Any]:
    return {"key": request.id, "subject": f"callback/{request.id}"}


_ITSELF = (Callback.id == bindparam("key"), _WAITS, ~_ON_A_DIAL, journal.InHand(bindparam("subject")))
_STILL_WAITS = select(Callback.id).where(*_ITSELF).with_for_update(skip_locked=True)
_STILL_BOTH = (
    select(Callback, Agent, journal.Entry.seq, journal.Entry.digest)
    .select_from(Callback)
    .join(Agent, Agent.id == bindparam("taker"))
    .outerjoin(journal.Entry, journal.is_head(bindparam("subject")))
    .where(*_ITSELF, *IS_FREE)
    .options(joinedload(Agent.notice_ways))
    .with_for_update(skip_locked=True, of=(Callback, Agent))
    .execution_options(populate_existing=True)
)
"""Nobody where another hand has it, or has rung it meanwhile."""
