"""What one agent has before them: what is theirs, what their phone rings for, and what they may take next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    Label,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from callbacks import handling, put_through
from callbacks.agent import Agent, Skills
from callbacks.callback import Callback
from callbacks.database import Moment
from callbacks.dial import Dial, Leg
from callbacks.errors import Refused
from callbacks.listed import Listed, marks
from callbacks.moves import ON_A_DIAL, State
from callbacks.queue import CALLABLE
from callbacks.work import Work

SHOWN = 20
"""Nobody looks further down their own list."""

Waiting = tuple[Listed, datetime]
"""With when it may be rung."""

MINE = (State.ASSIGNED, State.DIALLING, State.TALKING, State.WRAP_UP)
OFFERED = (Leg.TO_ASK, Leg.ASKED, Leg.AGENT, Leg.CALLED_IN)
MAY_PASS = OFFERED[:3]
"""With the customer on the line there is nobody to pass it to."""


@dataclass(frozen=True)
class OwnList:
    """`dial` is the attempt that the agent is on; `more` whether there is more in the queue than is shown,
    `begins` when the first of it may be rung, `others` how many wait that this agent may not take, counted
    only where nobody else waits."""

    mine: Sequence[Listed]
    dial: Dial | None
    queue: Sequence[Listed]
    more: bool
    begins: datetime | None
    others: int

    @property
    def offered(self) -> Dial | None:
        """What the agent's phone rings for, or is about to."""
        return self.dial if self.dial and self.dial.leg in OFFERED and not self.dial.asks else None


def own_list(work: Work, agent: Agent) -> OwnList:
    """As things stand now."""
    mine = [each for each, _ in _read(work, _MINE, agent=agent.id)]
    dial = work.session.scalar(select(Dial).where(Dial.agent_id == agent.id, Dial.live.is_(True)))
    waiting = _queue(work, agent)
    shown, begins = (
        [each for each, _ in waiting[:SHOWN]],
        min((moment for _, moment in waiting), default=None),
    )
    return OwnList(mine, dial, shown, len(waiting) > SHOWN, begins, 0 if waiting else _others(work))


def pass_over(work: Work, agent: Agent, dial_id: int) -> None:
    """As by key on the phone, which then falls silent: the next one gets it. Refused once taken, or over."""
    dial = work.held(Dial, dial_id)
    if dial is None or dial.agent_id != agent.id or not dial.live or dial.leg not in MAY_PASS:
        raise Refused(f"dial {dial_id} is not offered to {agent.sign_in} any more")
    call_sid = dial.agent_call_sid
    handling.passed(work, dial)
    if call_sid:
        put_through.is_to_be_ended(work, dial, call_sid)


def _queue(work: Work, agent: Agent) -> list[Waiting]:
    """In ringing order what may be rung now, then what may not yet; one more than is shown."""
    now = list(_read(work, _theirs(agent.skills, may_ring=True), now=work.now))
    if len(now) > SHOWN:
        return now
    later = _read(work, _theirs(agent.skills, may_ring=False), now=work.now)
    return [*now, *later][: SHOWN + 1]


def _others(work: Work) -> int:
    some = select(Callback.id).where(WAITING).limit(100).subquery()
    return work.session.scalar(select(func.count()).select_from(some)) or 0


@lru_cache(maxsize=256)
def _theirs(skills: Skills, *, may_ring: bool) -> Select[*tuple[Any, ...]]:
    """What so skilled an agent may take. Built once: that takes longer than to answer it."""
    now = bindparam("now", type_=Moment)
    when = Callback.ring_from <= now if may_ring else Callback.ring_from > now
    return _marked(WAITING, when, *_fits(skills), limit=SHOWN + 1)


def _fits(skills: Skills) -> list[ColumnElement[bool]]:
    """As `Skills.suffice`, asked of the database."""
    fits = [Callback.level <= skills.level, Callback.language.in_(sorted(skills.languages))]
    if skills.topics:
        fits.append(or_(Callback.topic.is_(None), Callback.topic.in_(sorted(skills.topics))))
    return fits


def _marked(
    *which: ColumnElement[bool], first: Sequence[Label[int]] = (), limit: int | None = None
) -> Select[*tuple[Any, ...]]:
    """How each of these is marked, and when it may be rung; by what comes `first`, then by closing."""
    order = (*first, Callback.closes, Callback.id)
    found = select(*order, Callback.version, Callback.ring_from).where(*which).order_by(*order)
    rows = found.limit(limit).subquery()
    return select(*marks(rows), rows.c.ring_from).order_by(*rows.c[: len(order)])


def _read(work: Work, wanted: Select[*tuple[Any, ...]], **asked: Any) -> Iterator[Waiting]:
    return ((Listed(*marks), ring_from) for *marks, ring_from in work.rows(wanted, asked))


def _written(state: State) -> ColumnElement[str]:
    """Written out in the question, so that the index of just these is seen to answer it."""
    return literal_column(f"'{state.value}'")


WAITING = and_(Callback.state == _written(State.WAITING), CALLABLE, Callback.ring_from.is_not(None))
HELD = Callback.state.in_([_written(state) for state in MINE])
Index("ix_callbacks_held", Callback.agent_id, sqlite_where=HELD, postgresql_where=HELD)
"""So that what an agent has is found however much they ever had."""

_UNDER_WAY = [_written(state) for state in sorted({*ON_A_DIAL, State.WRAP_UP})]
_MINE = _marked(
    Callback.agent_id == bindparam("agent"),
    HELD,
    first=[case((Callback.state.in_(_UNDER_WAY), 0), else_=1).label("first")],
)
"""What is being talked about first, then by when it closes."""
