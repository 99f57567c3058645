"""One callback: what was asked, who has it, how far it has come, how it ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks import journal, own_notice
from callbacks.agent import Agent
from callbacks.call import Call, Kind
from callbacks.database import Base
from callbacks.errors import Refused
from callbacks.journal import Entry
from callbacks.message import Message
from callbacks.moves import MOVES, Disposition, Move, State
from callbacks.promise import Promise
from callbacks.promised import Promised
from callbacks.subscription import Subscription
from callbacks.work import Work

CALLER, DESK = "caller", "desk"
"""Who makes a move where it is no agent; an agent is written `agent:<sign-in>`."""

LIMIT = "limit"
"""Why a person is to look first at one request too many a day; a caller's wish does not change that."""

SUBJECT = "callback/"  # and the id: the name of its chain in the journal


class Callback(Promised, Base):
    """Facts only; late, at risk and kept are judged from them (`lateness`).

    `passed_by` are the ids of agents who would not take it: they get it again only if nobody else can.
    """

    __tablename__ = "callbacks"
    __table_args__ = (UniqueConstraint("call_id", "turn"), Index(None, "state", "closes"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    channel: Mapped[str] = mapped_column(String(20), default="phone")
    kind: Mapped[str] = mapped_column(String(20), default=Kind.CALLBACK)
    topic: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    caller: Mapped[str] = mapped_column(String(64), default="")
    number: Mapped[str | None] = mapped_column(String(64), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))
    turn: Mapped[int] = mapped_column(default=0)
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscriptions.id"))
    extension_code_id: Mapped[int | None] = mapped_column(ForeignKey("extension_codes.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    misses: Mapped[int] = mapped_column(default=0)
    passed_by: Mapped[list[int]] = mapped_column(JSON, default=list)
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
        return f"{SUBJECT}{self.id}"

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
    ) -> Entry:
        """Make a move that changes no more than the state; the methods below are those that do."""
        step = MOVES[move]
        if self.state not in step.allowed:
            raise Refused(f"callback {self.reference} is {self.state}, so it cannot be marked {move}")
        if self.state == State.PAUSED and step.leads_to not in (None, State.PAUSED, State.WAITING):
            self.resume(work, by)  # whoever goes on with it ends the waiting
        self.state = step.leads_to or self.state
        return journal.write(work, self.subject, move, by, at=at, facts=facts, personal=personal, about=about)

    def may(self, move: Move) -> bool:
        """Whether the table lets this move be made as things stand."""
        return self.state in MOVES[move].allowed

    # --- what the caller refines ---

    def change_number(self, work: Work, number: str, by: str = CALLER) -> None:
        """Ring this E.164 number instead."""
        before, self.number = self.number, number
        self.make(work, Move.NUMBER_CHANGED, by, personal={"from": before, "to": number})

    def wish(self, work: Work, wished: datetime | None, by: str = CALLER) -> Promise:
        """Move the window to a time the caller asked for; None goes back to as soon as possible.

        Once we have rung, the promise is kept or broken for good, and a wish says only when to ring next.
        """
        kept = self.promise if self.first_rang_at else None
        promise = kept or self.promised(work, self.received_at, wished)
        if kept:
            self.ring_from = work.hours.opening(max(wished or work.now, work.now))
        if self.for_person == LIMIT:
            self.ring_from = None
        else:
            self.for_person = None
        self.make(work, Move.WISHED, by, **told(promise))
        return promise

    def told_caller(self, work: Work, words: str) -> None:
        """Keep word for word what the caller is being told."""
        self.make(work, Move.TOLD_CALLER, DESK, words=words)

    def note(self, work: Work, text: str, by: str) -> None:
        """A person's words, kept beside the chain so that they can be erased."""
        self.make(work, Move.NOTED, by, personal={"text": text})

    # --- who has it, until when ---

    def hold(self, work: Work, move: Move, agent: Agent, until: datetime | None, by: str) -> None:
        """Offered or assigned to this agent, who loses it at `until`."""
        entry = self.make(work, move, by, agent=agent.sign_in, until=until and until.isoformat())
        self.agent, self.agent_id, self.held_until = agent, agent.id, until
        self.rearm()
        own_notice.held(work, self, agent, entry)

    def assign(self, work: Work, agent: Agent, by: str) -> None:
        """This agent has it now, and loses it after sitting on it for the policy's time, in working time."""
        if self.state == State.ASSIGNED and self.agent_id not in (None, agent.id):
            raise Refused(f"callback {self.reference} is already with another agent")
        sat = work.hours.add(work.now, work.policy.ring.sits)
        ends = agent.shift_ends(work.hours, work.now)
        self.hold(work, Move.ASSIGNED, agent, min(sat, ends) if ends > work.now else sat, by)

    def release(self, work: Work, by: str, *, at: datetime | None = None, **facts: Any) -> None:
        """Back into the queue, in its old place: nothing an agent does or fails to do ends a request."""
        self._let_go(work, Move.RELEASED, by, at=at, **facts)

    def _let_go(self, work: Work, move: Move, by: str, **facts: Any) -> None:
        self.make(work, move, by, **facts)
        self.agent, self.agent_id, self.held_until = None, None, None
        self.rearm()

    # --- ringing ---

    def rang(self, work: Work, by: str, result: str, *, at: datetime | None = None) -> None:
        """The customer's phone rang, now or `at`, whatever came of it: a promise is kept, or shown broken."""
        self.first_rang_at = self.first_rang_at or at or work.now
        self.make(work, Move.RANG, by, at=at, result=result)
        self.rearm()

    def reached(self, work: Work, by: str, *, asked_from: datetime | None = None) -> None:
        """We talked; what was not seen ringing rang, too. After the wrap-up time it is asked how it ended."""
        if self.first_rang_at is None:
            self.rang(work, by, "answered")
        self.first_reached_at = self.first_reached_at or work.now
        self.make(work, Move.REACHED, by)
        self.for_person, self.held_until = None, asked_from or work.now + work.policy.ring.wrap_up
        self.rearm()

    def missed(self, work: Work, by: str, **facts: Any) -> None:
        """Nobody was reached: rung again after a pause in working time; after the last, a person decides."""
        self.misses += 1
        pauses = work.policy.ring.pauses
        again = work.hours.opening(work.hours.add(work.now, pauses[min(self.misses, len(pauses)) - 1]))
        last = self.misses >= work.policy.ring.attempts
        self.ring_from = None if last else again
        self._let_go(
            work, Move.MISSED, by, misses=self.misses, again=None if last else again.isoformat(), **facts
        )
        if last:
            self.hand_to_person(work, "missed")

    def hand_to_person(self, work: Work, why: str) -> None:
        """The desk does not go on by itself; somebody is told."""
        self.for_person, self.ring_from = why, None
        self.make(work, Move.FOR_PERSON, DESK, why=why)

    def ring_at(self, work: Work, move: Move, moment: datetime, by: str, **facts: Any) -> None:
        """Into the queue again, to be rung from this moment on."""
        self.ring_from, self.for_person = moment, None
        self._let_go(work, move, by, ring_from=moment.isoformat(), **facts)

    # --- outcomes ---

    def escalate(self, work: Work, by: str) -> None:
        """To level 2 with level 2's target, from now; what was measured at level 1 stays in the journal."""
        if self.level == 2:
            raise Refused(f"callback {self.reference} is at level 2 already; choose another disposition")
        if self.state == State.PAUSED:
            self.resume(work, by)
        late = self.solve_by_level_1 is not None and work.now > self.solve_by_level_1
        self.level, self.ring_from, self.passed_by = 2, work.now, []
        self._let_go(work, Move.ESCALATED, by, level_1_late=late)

    def pause(self, work: Work, by: str) -> None:
        """Waiting for the customer: the solve clocks stop, the promise never does."""
        since = self.paused_at if self.state == State.PAUSED else None
        self.paused_at, self.ring_from = since or work.now, None
        self._let_go(work, Move.PAUSED, by)

    def resume(self, work: Work, by: str) -> None:
        """The customer is back: the solve targets move on by the working time that was paused."""
        waited = self.waited(work)
        seconds = None if waited is None else int(waited.total_seconds())
        self.ring_at(work, Move.RESUMED, work.now, by, waited_seconds=seconds)

    def close(self, work: Work, disposition: Disposition, by: str, **facts: Any) -> None:
        """An outcome ends it."""
        if disposition in (Disposition.ESCALATED, Disposition.WAITING):
            raise Refused(f"{disposition} does not end a callback; escalate it or pause it instead")
        self.make(work, Move.CLOSED, by, disposition=disposition.value, **facts)
        self.disposition, self.closed_at, self.held_until = disposition, work.now, None
        self.rearm()

    def reopen(self, work: Work, why: str) -> None:
        """What was ended before everything had arrived is open again."""
        self.disposition, self.closed_at = None, None
        self.make(work, Move.REOPENED, DESK, why=why)
        self.rearm()


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
