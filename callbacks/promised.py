"""What a callback's promise is made of, and what time will make of it."""

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from callbacks.database import Alarmed
from callbacks.kept_calendar import hours_for
from callbacks.moves import OPEN, Move, State
from callbacks.promise import Lateness, Promise
from callbacks.work import Work

_PROMISED = (
    "opens", "closes", "at_risk_from", "first_handling_by", "solve_by_level_1", "solve_by_level_2",
    "calendar",
)  # fmt: skip


class Promised(Alarmed):
    """`opens`, `closes` and their kin are facts: given once, moved only by the caller's own wish.

    `ring_from` is from when we may ring next: the promise's own at first, then what a miss, a wish or an
    agent's "later" makes of it; None while only a person can go on (`for_person` says why). `held_until` is
    when whoever holds the callback loses it; after a talk, when they are asked again how it ended.
    `at_risk_from` comes sooner while nobody can take it before it closes; `little_left_from` then keeps what
    it is else.
    """

    state: Mapped[str] = mapped_column(String(20), default=State.WAITING)
    level: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    wished_for: Mapped[datetime | None]
    opens: Mapped[datetime | None]
    closes: Mapped[datetime | None] = mapped_column(index=True)
    at_risk_from: Mapped[datetime | None]
    little_left_from: Mapped[datetime | None]
    first_handling_by: Mapped[datetime | None]
    solve_by_level_1: Mapped[datetime | None]
    solve_by_level_2: Mapped[datetime | None]
    calendar: Mapped[str | None] = mapped_column(String(64))
    watched_until: Mapped[datetime]
    ring_from: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    for_person: Mapped[str | None] = mapped_column(String(60))
    paused_at: Mapped[datetime | None]
    first_rang_at: Mapped[datetime | None]
    first_reached_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Whether an outcome is still owed."""
        return self.state in OPEN

    @property
    def promise(self) -> Promise | None:
        """What was promised, as it was promised; None for what carries no promise (a message for Sales)."""
        if self.opens is None:
            return None
        facts = {name: getattr(self, name) for name in _PROMISED}
        return Promise(received=self.received_at, wish=self.wished_for, **facts)

    def lateness(self, work: Work) -> Lateness | None:
        """Judged from facts at the work's moment, in the working time of the promise's own calendar.

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
        self.little_left_from = None
        self.ring_from = promise.rings_from(early_calls=work.policy.targets.early_calls)
        self.watched_until = promise.received
        self.rearm()
        return promise

    def nobody_can_take_it(self, now: datetime) -> None:
        """At risk from now on, however much of the window is left."""
        self.little_left_from, self.at_risk_from = self.at_risk_from, now
        self.rearm()

    def somebody_can_take_it(self) -> None:
        """At risk no more before little of the window is left."""
        self.at_risk_from, self.little_left_from = self.little_left_from, None
        self.rearm()

    def waited(self, work: Work) -> timedelta | None:
        """End the wait for the customer: the solve targets move on by its working time, which is returned."""
        hours, since = hours_for(work, self.calendar), self.paused_at
        self.paused_at = None
        waited = hours.between(since, work.now) if since else None
        if waited and self.solve_by_level_1 and self.solve_by_level_2:
            self.solve_by_level_1 = hours.add(self.solve_by_level_1, waited)
            self.solve_by_level_2 = hours.add(self.solve_by_level_2, waited)
        return waited

    def rearm(self) -> None:
        """Set the alarm to the next instant at which time alone changes something."""
        ahead = [at for _move, at in self.marks() if at > self.watched_until] if self.is_open else []
        self.alarm_at, self.claimed_until = min(ahead, default=None), None

    def marks(self) -> list[tuple[Move, datetime]]:
        """What the mere passing of time will make true of this callback, and when, as things stand."""
        promise = self.promise
        if promise is None or not self.is_open:
            return []
        marks = [] if self.first_rang_at else [(Move(state.value), at) for at, state in promise.turns()]
        if self.little_left_from is not None:
            marks = [mark for mark in marks if mark[0] is not Move.AT_RISK]  # it was written with its reason
        if self.state != State.PAUSED:
            marks.append((Move.SOLVE_LATE, promise.solve_by(self.level)))
        if self.held_until is not None and self.state in _LOST:
            move, later = _LOST[State(self.state)]
            marks.append((move, self.held_until + later))
        return marks


ANSWERS = timedelta(minutes=5)
"""How long an agent who is asked again how a talk ended has to say so, before the supervisor is told."""

_LOST = {
    State.ASSIGNED: (Move.RELEASED, timedelta(0)),
    State.WRAP_UP: (Move.WRAP_UP_OVERDUE, ANSWERS),
}
"""What becomes of a callback whose holder lets the time pass, and how much later than `held_until`. An offer
ends with its dial."""
