"""What one agent has before them: what is theirs, what their phone rings for, and what they may take next."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from callbacks import handling, put_through
from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.dial import Dial, Leg
from callbacks.errors import Refused
from callbacks.journal import Entry
from callbacks.moves import ON_A_DIAL, State
from callbacks.queue import CALLABLE
from callbacks.work import Work

SHOWN = 20
"""Nobody looks further down their own list."""

MINE = (State.ASSIGNED, State.DIALLING, State.TALKING, State.WRAP_UP)
OFFERED = (Leg.TO_ASK, Leg.ASKED, Leg.AGENT, Leg.CALLED_IN)
MAY_PASS = OFFERED[:3]
"""With the customer on the line there is nobody to pass it to."""


@dataclass(frozen=True)
class OwnList:
    """`dial` is the attempt that the agent is on; `more` whether there is more in the queue than is shown,
    `others` how many wait that this agent may not take, counted only where nobody else waits."""

    mine: Sequence[Callback]
    dial: Dial | None
    queue: Sequence[Callback]
    more: bool
    others: int

    @property
    def offered(self) -> Dial | None:
        """What the agent's phone rings for, or is about to."""
        return self.dial if self.dial and self.dial.leg in OFFERED and not self.dial.asks else None


def own_list(work: Work, agent: Agent) -> OwnList:
    """As things stand now."""
    waiting = _queue(work, agent)
    others = 0 if waiting else _others(work)
    return OwnList(_mine(work, agent), dial_of(work, agent), waiting[:SHOWN], len(waiting) > SHOWN, others)


def dial_of(work: Work, agent: Agent) -> Dial | None:
    """The attempt that this agent is on."""
    live = select(Dial).where(Dial.agent_id == agent.id, Dial.live.is_(True))
    return work.session.scalar(live.options(joinedload(Dial.callback).joinedload(Callback.subscription)))


def pass_over(work: Work, agent: Agent, dial_id: int) -> None:
    """As by key on the phone, which then falls silent: the next one gets it. Refused once taken, or over."""
    dial = work.held(Dial, dial_id)
    if dial is None or dial.agent_id != agent.id or not dial.live or dial.leg not in MAY_PASS:
        raise Refused(f"dial {dial_id} is not offered to {agent.sign_in} any more")
    call_sid = dial.agent_call_sid
    handling.passed(work, dial)
    if call_sid:
        put_through.is_to_be_ended(work, dial, call_sid)


def seen(session: Session, callbacks: Sequence[Callback]) -> dict[int, int]:
    """The last line of each one's journal, by id: what their reader has seen."""
    subjects = {callback.subject: callback.id for callback in callbacks}
    last = (
        select(Entry.subject, func.max(Entry.seq)).where(Entry.subject.in_(subjects)).group_by(Entry.subject)
    )
    return {subjects[subject]: seq for subject, seq in session.execute(last)} if subjects else {}


def _mine(work: Work, agent: Agent) -> list[Callback]:
    """What is being talked about first, then by when it closes."""
    under_way = case((Callback.state.in_(sorted({*ON_A_DIAL, State.WRAP_UP})), 0), else_=1)
    held = select(Callback).where(Callback.agent_id == agent.id, Callback.state.in_(MINE))
    return _read(work, held.order_by(under_way, Callback.closes, Callback.id))


def _queue(work: Work, agent: Agent) -> list[Callback]:
    """In ringing order what may be rung now, then what may not yet; one more than is shown."""
    theirs = select(Callback).where(WAITING, *_may_take(agent)).order_by(Callback.closes, Callback.id)
    now = _read(work, theirs.where(Callback.ring_from <= work.now).limit(SHOWN + 1))
    room = SHOWN + 1 - len(now)
    return [*now, *_read(work, theirs.where(Callback.ring_from > work.now).limit(room))] if room else now


def _others(work: Work) -> int:
    some = select(Callback.id).where(WAITING).limit(100).subquery()
    return work.session.scalar(select(func.count()).select_from(some)) or 0


def _may_take(agent: Agent) -> list[ColumnElement[bool]]:
    """As `Skills.suffice`, asked of the database."""
    skills = agent.skills
    fits = [Callback.level <= skills.level, Callback.language.in_(sorted(skills.languages))]
    if skills.topics:
        fits.append(or_(Callback.topic.is_(None), Callback.topic.in_(sorted(skills.topics))))
    return fits


def _read(work: Work, wanted: Select[Callback]) -> list[Callback]:
    return list(work.session.scalars(wanted.options(joinedload(Callback.subscription))))


WAITING = and_(Callback.state == State.WAITING.value, CALLABLE, Callback.ring_from.is_not(None))
