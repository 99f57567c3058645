"""One callback: what was asked, what was promised, how far it has come."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks import journal
from callbacks.agent import Agent
from callbacks.call import Call, Kind
from callbacks.database import Alarmed, Base
from callbacks.errors import Refused
from callbacks.kept_calendar import hours_for
from callbacks.message import Message
from callbacks.moves import MOVES, Disposition, Move, State
from callbacks.promise import Lateness, Promise
from callbacks.subscription import Subscription
from callbacks.work import Work

CALLER, DESK = "caller", "desk"
"""Who makes a move where it is no agent; an agent is written `agent:<sign-in>`."""


INSTANT = timedelta(microseconds=1)
"""The closing moment itself still keeps the promise: late begins right after it."""


class Callback(Alarmed, Base):
    """`opens`, `closes` and their kin are facts: given once, moved only by the caller's own wish."""

    __tablename__ = "callbacks"
    __table_args__ = (UniqueConstraint("call_id", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    channel: Mapped[str] = mapped_column(String(20), default="phone")
    kind: Mapped[str] = mapped_column(String(20), default=Kind.CALLBACK)
    state: Mapped[str] = mapped_column(String(20), default=State.WAITING, index=True)
    level: Mapped[int] = mapped_column(default=1)
    topic: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    caller: Mapped[str] = mapped_column(String(64), default="")
    number: Mapped[str | None] = mapped_column(String(64))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))
    turn: Mapped[int] = mapped_column(default=0)
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscriptions.id"), index=True)
    extension_code_id: Mapped[int | None] = mapped_column(ForeignKey("extension_codes.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))

    received_at: Mapped[datetime]
    wished_for: Mapped[datetime | None]
    opens: Mapped[datetime | None]
    closes: Mapped[datetime | None] = mapped_column(index=True)
    at_risk_from: Mapped[datetime | None]
    first_handling_by: Mapped[datetime | None]
    solve_by_level_1: Mapped[datetime | None]
    solve_by_level_2: Mapped[datetime | None]
    calendar: Mapped[str | None] = mapped_column(String(64))
    watched_until: Mapped[datetime]
    first_rang_at: Mapped[datetime | None]
    first_reached_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    disposition: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column()

    call: Mapped[Call | None] = relationship()
    subscription: Mapped[Subscription | None] = relationship()
    agent: Mapped[Agent | None] = relationship()
    messages: Mapped[list[Message]] = relationship(back_populates="callback", order_by=Message.id)

    __mapper_args__ = {"version_id_col": version}

    @property
    def subject(self) -> str:
        """The name of this callback's chain in the journal."""
        return f"callback/{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether an outcome is still owed."""
        return self.state != State.CLOSED

    @property
    def promise(self) -> Promise | None:
        """What was promised, as it was promised; None for what carries no promise (a message for Sales)."""
        if self.opens is None:
            return None
        facts = {name: getattr(self, name) for name in _PROMISED}
        return Promise(received=self.received_at, wish=self.wished_for, **facts)

    def lateness(self, work: Work) -> Lateness | None:
        """Judged from facts at the work's moment, never stored.

        What was closed without a ring was broken if its window had closed by then; before that, nothing was
        owed yet.
        """
        promise, judged_at = self.promise, self.first_rang_at or self.closed_at
        if promise is None or (self.first_rang_at is None and judged_at and judged_at <= promise.closes):
            return None
        return promise.lateness(work.now, judged_at, hours_for(work, promise.calendar))

    def promised(self, work: Work, received: datetime, wish: datetime | None = None) -> Promise:
        """Give the promise, or move it by the caller's wish; the watch begins anew."""
        promise = Promise.given(received, work.hours, work.policy.targets, wish)
        self.received_at, self.wished_for = promise.received, promise.wish
        for name in _PROMISED:
            setattr(self, name, getattr(promise, name))
        self.watched_until = promise.received
        self.rearm()
        return promise

    def rearm(self) -> None:
        """Set the alarm to the next instant at which time alone changes something."""
        ahead = [at for move, at in self.marks() if at > self.watched_until] if self.is_open else []
        self.alarm_at, self.claimed_until = min(ahead, default=None), None

    def marks(self) -> list[tuple[Move, datetime]]:
        """What the mere passing of time will make true of this callback, and when, as things stand."""
        promise = self.promise
        if promise is None or not self.is_open:
            return []
        ringing = (
            []
            if self.first_rang_at
            else [
                (Move.DUE, promise.opens),
                (Move.AT_RISK, promise.at_risk_from),
                (Move.LATE, promise.closes + INSTANT),
            ]
        )
        return [*ringing, (Move.SOLVE_LATE, promise.solve_by(self.level))]

    # --- moves: each checks the table, changes the facts, writes its line ---

    def make(
        self,
        work: Work,
        move: Move,
        by: str,
        *,
        at: datetime | None = None,
        personal: dict[str, Any] | None = None,
        about: str | None = None,
        **facts: Any,
    ) -> None:
        """Make a move that changes no more than the state; the methods below are those that do."""
        step = MOVES[move]
        if self.state not in step.allowed:
            raise Refused(f"callback {self.reference} is {self.state}, so it cannot be marked {move}")
        self.state = step.leads_to or self.state
        journal.write(work, self.subject, move, by, at=at, facts=facts, personal=personal, about=about)

    def may(self, move: Move) -> bool:
        """Whether the table lets this move be made as things stand."""
        return self.state in MOVES[move].allowed

    def change_number(self, work: Work, number: str, by: str = CALLER) -> None:
        """Ring this E.164 number instead."""
        before, self.number = self.number, number
        self.make(work, Move.NUMBER_CHANGED, by, personal={"from": before, "to": number})

    def wish(self, work: Work, wished: datetime | None, by: str = CALLER) -> Promise:
        """Move the window to a time the caller asked for; None goes back to as soon as possible."""
        promise = self.promised(work, self.received_at, wished)
        self.make(work, Move.WISHED, by, **told(promise))
        return promise

    def told_caller(self, work: Work, words: str) -> None:
        """Keep word for word what the caller is being told."""
        self.make(work, Move.TOLD_CALLER, DESK, words=words)

    def assign(self, work: Work, agent: Agent, by: str) -> None:
        """This agent has it now."""
        if self.state == State.ASSIGNED and self.agent_id not in (None, agent.id):
            raise Refused(f"callback {self.reference} is already with another agent")
        self.agent_id = agent.id
        self.make(work, Move.ASSIGNED, by, agent=agent.sign_in)

    def release(self, work: Work, by: str) -> None:
        """Back into the queue, in its old place: nothing an agent does ends a request."""
        self.agent_id = None
        self.make(work, Move.RELEASED, by)

    def rang(self, work: Work, by: str, result: str) -> None:
        """The customer's phone rang (answered, busy or no answer): this keeps the promise, or shows it broken."""
        self.first_rang_at = self.first_rang_at or work.now
        self.make(work, Move.RANG, by, result=result)
        self.rearm()

    def reached(self, work: Work, by: str) -> None:
        """We talked. A talk without a ring before it rang, too."""
        if self.first_rang_at is None:
            self.rang(work, by, "answered")
        self.first_reached_at = self.first_reached_at or work.now
        self.make(work, Move.REACHED, by)

    def note(self, work: Work, text: str, by: str) -> None:
        """A person's words, kept beside the chain so that they can be erased."""
        self.make(work, Move.NOTED, by, personal={"text": text})

    def reopen(self, work: Work, why: str) -> None:
        """What was ended before everything had arrived is open again."""
        self.disposition, self.closed_at = None, None
        self.make(work, Move.REOPENED, DESK, why=why)
        self.rearm()

    def close(self, work: Work, disposition: Disposition, by: str) -> None:
        """An outcome ends it."""
        self.make(work, Move.CLOSED, by, disposition=disposition.value)
        self.disposition, self.closed_at = disposition, work.now
        self.rearm()


_PROMISED = (
    "opens", "closes", "at_risk_from", "first_handling_by", "solve_by_level_1", "solve_by_level_2", "calendar",
)  # fmt: skip


def told(promise: Promise) -> dict[str, Any]:
    """The promise as a journal line keeps it."""
    return {
        "received": promise.received.isoformat(),
        "wish": promise.wish and promise.wish.isoformat(),
        "opens": promise.opens.isoformat(),
        "closes": promise.closes.isoformat(),
        "solve_by": [promise.solve_by(level).isoformat() for level in (1, 2)],
        "calendar": promise.calendar,
    }


def by_reference(session: Session, reference: str) -> Callback | None:
    """The callback that a caller or agent names by its reference."""
    return session.scalar(select(Callback).where(Callback.reference == reference))


def open_of_number(session: Session, number: str) -> Callback | None:
    """The newest open request that rings this number."""
    open_ones = select(Callback).where(Callback.number == number, Callback.state != State.CLOSED)
    return session.scalar(open_ones.order_by(Callback.id.desc()).limit(1))
