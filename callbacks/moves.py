"""A callback's life as one table: each move, from which states it may be made, and where it leads."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a callback stands. Late and at risk are no states: they are computed from facts and a moment."""

    WAITING = "waiting"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    DIALLING = "dialling"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    CLOSED = "closed"


class Disposition(StrEnum):
    """How a callback ended. Nothing but an outcome ends one."""

    SOLVED = "solved"
    ESCALATED = "escalated"
    OUT_OF_SCOPE = "out_of_scope"
    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"
    WITHDRAWN = "withdrawn"
    HANDLED = "handled"
    """For items that are no promise: a message for Sales passed on, a silent caller looked after."""


class Move(StrEnum):
    """The moves, in the words of the journal."""

    RECEIVED = "received"
    MESSAGE_JOINED = "message_joined"
    MESSAGE_STORED = "message_stored"
    MESSAGE_LOST = "message_lost"
    NUMBER_CHANGED = "number_changed"
    WISHED = "wished"
    TOLD_CALLER = "told_caller"
    DUE = "due"
    AT_RISK = "at_risk"
    LATE = "late"
    SOLVE_LATE = "solve_late"
    ASSIGNED = "assigned"
    RELEASED = "released"
    RANG = "rang"
    REACHED = "reached"
    NOTED = "noted"
    CLOSED = "closed"
    REOPENED = "reopened"


ANY = frozenset(State)
OPEN = ANY - {State.CLOSED}
BEFORE_THE_TALK = frozenset({State.WAITING, State.OFFERED, State.ASSIGNED, State.PAUSED})


@dataclass(frozen=True)
class Step:
    """From which states a move may be made, and the state it leads to; None stays."""

    allowed: frozenset[State]
    leads_to: State | None = None


MOVES: dict[Move, Step] = {
    Move.RECEIVED: Step(frozenset({State.WAITING})),
    Move.MESSAGE_JOINED: Step(ANY),
    Move.MESSAGE_STORED: Step(ANY),
    Move.MESSAGE_LOST: Step(ANY),
    Move.NUMBER_CHANGED: Step(OPEN),
    Move.WISHED: Step(BEFORE_THE_TALK),
    Move.TOLD_CALLER: Step(ANY),
    Move.DUE: Step(OPEN),
    Move.AT_RISK: Step(OPEN),
    Move.LATE: Step(OPEN),
    Move.SOLVE_LATE: Step(OPEN),
    Move.ASSIGNED: Step(BEFORE_THE_TALK, State.ASSIGNED),
    Move.RELEASED: Step(frozenset({State.OFFERED, State.ASSIGNED, State.WRAP_UP}), State.WAITING),
    Move.RANG: Step(OPEN),
    Move.REACHED: Step(OPEN, State.WRAP_UP),
    Move.NOTED: Step(ANY),
    Move.CLOSED: Step(OPEN, State.CLOSED),
    Move.REOPENED: Step(frozenset({State.CLOSED}), State.WAITING),
}
