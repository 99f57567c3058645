"""Searching the callbacks, open and closed: filters answered in SQL, page by page in the order they came."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import BigInteger, ColumnElement, Index, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.database import Moment
from callbacks.dial import IS_ATTEMPT, Dial
from callbacks.journal import Entry
from callbacks.moves import OPEN, Move
from callbacks.promise import LatenessState
from callbacks.queue import NOT_RUNG
from callbacks.subscription import Subscription
from callbacks.work import Work

RUNG_OR_GIVEN_UP = func.coalesce(Callback.first_rang_at, Callback.closed_at)
BROKEN = Callback.closes < RUNG_OR_GIVEN_UP

Index("ix_callbacks_received_at", Callback.received_at)
Index("ix_callbacks_state_received_at", Callback.state, Callback.received_at)
Index("ix_callbacks_agent_id_received_at", Callback.agent_id, Callback.received_at)
Index("ix_callbacks_subscription_id_received_at", Callback.subscription_id, Callback.received_at)
# Broken promises are what everybody asks after, and few among many: an index of them alone.
Index("ix_callbacks_broken", Callback.received_at, sqlite_where=BROKEN, postgresql_where=BROKEN)

LATENESS: dict[LatenessState, Callable[[datetime], ColumnElement[bool]]] = {
    LatenessState.EARLY: lambda now: and_(NOT_RUNG, Callback.opens > now),
    LatenessState.DUE: lambda now: and_(NOT_RUNG, Callback.opens <= now, Callback.at_risk_from > now),
    LatenessState.AT_RISK: lambda now: and_(NOT_RUNG, Callback.at_risk_from <= now, Callback.closes >= now),
    LatenessState.LATE: lambda now: and_(NOT_RUNG, Callback.closes < now),
    LatenessState.KEPT: lambda _now: Callback.first_rang_at <= Callback.closes,
    LatenessState.BROKEN: lambda _now: BROKEN,
}
"""What `Callback.lateness` judges of one, asked of the database about all."""

UNRUNG = LATENESS.keys() - {LatenessState.KEPT, LatenessState.BROKEN}

PASSING = (
    Move.DUE, Move.AT_RISK, Move.AT_RISK_NO_MORE, Move.LATE, Move.SOLVE_LATE, Move.WRAP_UP_OVERDUE,
    Move.MESSAGE_STORED, Move.MESSAGE_LOST, Move.TOLD_CALLER, Move.CONFIRMED, Move.REMINDED, Move.NOTED,
)  # fmt: skip
"""Lines that get in nobody's way: the mere passing of time, where the sound is, what was said, and notes."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
CURSOR = re.compile("[0-9a-f]{22}")


@dataclass(frozen=True)
class Wanted:
    """What is searched for; of several states, or lateness states, any. Nothing given is everything."""

    states: Collection[str] = ()
    lateness: Collection[LatenessState] = ()
    agent: str | None = None
    company: str | None = None
    received_after: datetime | None = None


@dataclass(frozen=True)
class Place:
    """How far a reader has come; what arrives meanwhile comes behind it, so nothing is skipped."""

    received_at: datetime
    id: int

    @classmethod
    def of(cls, callback: Callback) -> Self:
        return cls(callback.received_at, callback.id)

    @classmethod
    def read(cls, cursor: str) -> Self:
        """ValueError where it is none of ours."""
        if not CURSOR.fullmatch(cursor):
            raise ValueError("is no cursor: give what `next` said, unchanged")
        return cls(BEGINNING + int(cursor[:14], 16) * INSTANT, int(cursor[14:], 16))

    def cursor(self) -> str:
        """Meant to be handed back, not to be read."""
        return f"{(self.received_at - BEGINNING) // INSTANT:014x}{self.id:08x}"


@dataclass(frozen=True)
class Page:
    """`next` is where the following page begins; None on the last."""

    callbacks: list[Callback]
    next: Place | None


def search(work: Work, wanted: Wanted, after: Place | None, limit: int) -> Page:
    """Those wanted, in the order received, behind a place where one is given."""
    found = select(Callback).where(*_conditions(wanted, work.now))
    if after is not None:
        place = tuple_(literal(after.received_at, Moment), literal(after.id, BigInteger))
        found = found.where(tuple_(Callback.received_at, Callback.id) > place)
    in_order = found.order_by(Callback.received_at, Callback.id).limit(limit + 1)
    rows = list(work.session.scalars(with_all(in_order)))
    more = len(rows) > limit
    return Page(rows[:limit], Place.of(rows[limit - 1]) if more else None)


def find(work: Work, reference: str) -> Callback | None:
    """The one of this reference, with all that a reader sees."""
    row: Callback | None = work.session.scalar(
        with_all(select(Callback).where(Callback.reference == reference))
    )
    return row


def with_all(wanted: Select[Any]) -> Select[Any]:
    """With what a reader sees of each, in a fixed number of reads."""
    return wanted.options(
        joinedload(Callback.subscription), joinedload(Callback.agent), selectinload(Callback.messages)
    )


def version(work: Work, callback: Callback) -> int:
    """Rises with everything that somebody did to it, and not with what time alone makes true."""
    newest = select(func.max(Entry.seq)).where(Entry.subject == callback.subject, Entry.move.not_in(PASSING))
    return work.session.scalar(newest) or 0


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(Callback.state.in_(wanted.states))
    if wanted.lateness:
        found.append(or_(*(LATENESS[state](now) for state in wanted.lateness)))
    if wanted.agent is not None:
        named = select(Agent.id).where(Agent.sign_in == wanted.agent)
        found.append(_by(Callback.agent_id, wanted) == named.scalar_subquery())
    if wanted.company is not None:
        named = select(Subscription.id).where(Subscription.company == wanted.company)
        found.append(_by(Callback.subscription_id, wanted) == named.scalar_subquery())
    if wanted.received_after is not None:
        found.append(Callback.received_at > wanted.received_after)
    return found


def _by(owner: InstrumentedAttribute[int | None], wanted: Wanted) -> ColumnElement[int | None]:
    """What is open is found among the open, not by walking all that an agent or a company ever had.

    A sum is in no index, so the database must take the one by state.
    """
    is_open = {*wanted.states} <= OPEN if wanted.states else False
    still_owed = {*wanted.lateness} <= UNRUNG if wanted.lateness else False
    return owner + 0 if is_open or still_owed else owner.expression


def dials_of(session: Session, callbacks: Collection[Callback]) -> dict[int, list[Dial]]:
    """Every attempt to ring for each of these, by the callback's id, the first first."""
    rung: dict[int, list[Dial]] = {callback.id: [] for callback in callbacks}
    wanted = select(Dial).where(Dial.callback_id.in_(rung), IS_ATTEMPT).options(joinedload(Dial.agent))
    for dial in session.scalars(wanted.order_by(Dial.id)) if rung else ():
        rung[dial.callback_id].append(dial)
    return rung


def is_on_a_dial(session: Session, agent: Agent) -> bool:
    """Whether this agent's phone is taken by an attempt that is under way."""
    live = select(Dial.id).where(Dial.agent_id == agent.id, Dial.live.is_(True))
    return session.scalar(live.limit(1)) is not None
