"""One attempt to ring: the lease that keeps it single, its two legs, and what came of it."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.database import Alarmed, Base
from callbacks.work import Work

ASKS = timedelta(seconds=30)
"""The lease of whoever asks the carrier: the request itself takes at most a third of it, or is not made."""

SETTLES = timedelta(seconds=90)
"""After this long a call that the carrier does not know was never placed."""

FOLLOWS = timedelta(seconds=60)
"""How often the carrier is asked after a dial whose notices do not come."""


class Leg(StrEnum):
    """How far a dial has come. The customer's phone is rung between ACCEPTED and RANG, and never again."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    AGENT = "agent"
    ACCEPTED = "accepted"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    CALLED_IN = "called_in"
    """The customer has rung in, and the agent's phone is rung from their call."""
    ENDED = "ended"


class Outcome(StrEnum):
    """What came of it, understood and not guessed. Only those of `RANG` rang at the customer."""

    TALKED = "talked"
    SHORT = "short"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MAILBOX = "mailbox"
    NOT_NOW = "not_now"
    FAILED = "failed"
    LAPSED = "lapsed"
    PASSED = "passed"
    LATER = "later"
    NOT_PLACED = "not_placed"
    AGENT_GONE = "agent_gone"
    CALLED_IN = "called_in"
    """The customer rang in meanwhile; another dial, from their call, took its place."""
    ASKED_AGAIN = "asked_again"
    """Known from the start: it rings no customer, but the agent who has not said how a talk ended."""


RANG = frozenset(
    {Outcome.TALKED, Outcome.SHORT, Outcome.BUSY, Outcome.NO_ANSWER, Outcome.MAILBOX, Outcome.NOT_NOW}
)
MISSES = frozenset({Outcome.SHORT, Outcome.BUSY, Outcome.NO_ANSWER, Outcome.MAILBOX})


class Dial(Alarmed, Base):
    """`live` is true until it ended and then NULL, so that the database itself holds at most one live dial a
    callback and one an agent. `mark` is our own sign in every address the carrier asks for this dial.
    `fence` grows with every hand that takes the dial; a hand with an older number may not ask the carrier.
    """

    __tablename__ = "dials"
    __table_args__ = (UniqueConstraint("callback_id", "live"), UniqueConstraint("agent_id", "live"))

    id: Mapped[int] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    live: Mapped[bool | None] = mapped_column(default=True, index=True)
    mark: Mapped[str] = mapped_column(String(32), unique=True)
    number: Mapped[str] = mapped_column(String(64))
    leg: Mapped[str] = mapped_column(String(20), default=Leg.TO_ASK)
    fence: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    agent_call_sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    customer_call_sid: Mapped[str | None] = mapped_column(String(64))
    accepted_at: Mapped[datetime | None]
    rang_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    hung_up_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    talk_seconds: Mapped[int | None]
    message_left: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column()

    callback: Mapped[Callback] = relationship()
    agent: Mapped[Agent] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def asks(self) -> bool:
        """Whether it only asks an agent how a talk ended. It is no attempt to ring anybody else."""
        return self.outcome == Outcome.ASKED_AGAIN

    @property
    def owes_outcome(self) -> bool:
        """Whether the talk is over, and how it ended is all that is still to be heard."""
        return self.leg == Leg.WRAP_UP or self.asks

    def take(self, now: datetime) -> int | None:
        """Take the right to ask the carrier for this dial; returns the fencing number, None if taken before.

        Committed before the request goes out, so that whoever finds it taken and unanswered looks it up.
        """
        if self.leg != Leg.TO_ASK:
            return None
        self.leg, self.asked_at, self.lease_until = Leg.ASKED, now, now + ASKS
        self.fence += 1
        self.alarm_at, self.claimed_until = now + SETTLES, None
        return self.fence

    def placed(self, call_sid: str) -> None:
        """The carrier knows it by this CallSid; whoever hears of it first says so."""
        self.agent_call_sid = self.agent_call_sid or call_sid
        if self.leg == Leg.ASKED and self.live:
            self.leg = Leg.AGENT

    def look_again(self, moment: datetime) -> None:
        """Ask the carrier after it then, where nothing was heard by that time."""
        if self.live:
            self.alarm_at, self.claimed_until = moment, None


IS_ATTEMPT = or_(Dial.outcome.is_(None), Dial.outcome != Outcome.ASKED_AGAIN)
"""Whether a dial was to ring the customer, and did not only ask an agent."""


def begin(work: Work, callback: Callback, agent: Agent) -> Dial:
    """A new attempt for this callback by this agent; a second live one is an IntegrityError."""
    dial = Dial(
        callback=callback, agent=agent, mark=secrets.token_hex(12), number=callback.number or "",
        leg=Leg.TO_ASK, live=True, fence=0, turn=0, tries=0, made_at=work.now, alarm_at=work.now,
    )  # fmt: skip
    work.session.add(dial)
    work.session.flush()
    return dial


def by_mark(session: Session, mark: str) -> Dial | None:
    """The dial whose address the carrier asked for."""
    return session.scalar(select(Dial).where(Dial.mark == mark))


def of(session: Session, callback: Callback) -> list[Dial]:
    """Every attempt to ring for this callback, the first first."""
    chosen = select(Dial).where(Dial.callback_id == callback.id, IS_ATTEMPT).order_by(Dial.id)
    return list(session.scalars(chosen))


def live_with(session: Session, callback: Callback, agent: Agent) -> list[Dial]:
    """The attempts under way that either of the two is on."""
    either = or_(Dial.callback_id == callback.id, Dial.agent_id == agent.id)
    return list(session.scalars(select(Dial).where(either, Dial.live.is_(True))))


def live_of(session: Session, callback: Callback) -> Dial | None:
    """The attempt that is under way."""
    return session.scalar(select(Dial).where(Dial.callback_id == callback.id, Dial.live.is_(True)))
