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
    """What came of the talk. Nothing but an outcome ends a callback, and two of these end none."""

    SOLVED = "solved"
    ESCALATED = "escalated"
    """Not an end: level 2 goes on with it."""
    OUT_OF_SCOPE = "out_of_scope"
    WAITING = "waiting_for_customer"
    """Not an end: the solve clocks stop until the customer is back."""
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
    MESSAGE_ADDED = "message_added"
    SAME_AGAIN = "same_again"
    """The caller asked again for what is open already; joined, not doubled."""
    NUMBER_CHANGED = "number_changed"
    WISHED = "wished"
    TOLD_CALLER = "told_caller"
    DUE = "due"
    AT_RISK = "at_risk"
    AT_RISK_NO_MORE = "at_risk_no_more"
    """Somebody can take it again before it closes."""
    LATE = "late"
    SOLVE_LATE = "solve_late"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    RELEASED = "released"
    DIALLED = "dialled"
    RANG = "rang"
    ANSWERED = "answered"
    REACHED = "reached"
    MISSED = "missed"
    NOT_NOW = "not_now"
    FOR_PERSON = "for_person"
    ASKED_AGAIN = "asked_again"
    """The agent's phone rings once more, only to ask how the talk ended."""
    WRAP_UP_OVERDUE = "wrap_up_overdue"
    ESCALATED = "escalated"
    LEVEL_CHANGED = "level_changed"
    """A supervisor's word; unlike escalating it says nothing of how a talk went."""
    PAUSED = "paused"
    RESUMED = "resumed"
    REMINDED = "reminded"
    CONFIRMED = "confirmed"
    NOTED = "noted"
    CLOSED = "closed"
    REOPENED = "reopened"


ANY = frozenset(State)
OPEN = ANY - {State.CLOSED}
BEFORE_THE_TALK = frozenset({State.WAITING, State.OFFERED, State.ASSIGNED, State.PAUSED})
ON_A_DIAL = frozenset({State.OFFERED, State.DIALLING, State.TALKING})
HELD = frozenset({State.OFFERED, State.ASSIGNED, State.DIALLING, State.TALKING, State.WRAP_UP})


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
    Move.MESSAGE_ADDED: Step(OPEN),
    Move.SAME_AGAIN: Step(OPEN),
    Move.NUMBER_CHANGED: Step(OPEN),
    Move.WISHED: Step(BEFORE_THE_TALK),
    Move.TOLD_CALLER: Step(ANY),
    Move.CONFIRMED: Step(ANY),
    Move.REMINDED: Step(OPEN),
    Move.DUE: Step(OPEN),
    Move.AT_RISK: Step(OPEN),
    Move.AT_RISK_NO_MORE: Step(OPEN),
    Move.LATE: Step(OPEN),
    Move.SOLVE_LATE: Step(OPEN),
    Move.OFFERED: Step(BEFORE_THE_TALK, State.OFFERED),
    Move.ASSIGNED: Step(BEFORE_THE_TALK, State.ASSIGNED),
    Move.RELEASED: Step(HELD, State.WAITING),
    Move.DIALLED: Step(frozenset({State.OFFERED}), State.DIALLING),
    Move.RANG: Step(OPEN),
    Move.ANSWERED: Step(frozenset({State.DIALLING}), State.TALKING),
    Move.REACHED: Step(OPEN, State.WRAP_UP),
    Move.MISSED: Step(HELD, State.WAITING),
    Move.NOT_NOW: Step(HELD, State.WAITING),
    Move.FOR_PERSON: Step(OPEN),
    Move.ASKED_AGAIN: Step(frozenset({State.WRAP_UP})),
    Move.WRAP_UP_OVERDUE: Step(frozenset({State.WRAP_UP})),
    Move.ESCALATED: Step(OPEN, State.WAITING),
    Move.LEVEL_CHANGED: Step(OPEN),
    Move.PAUSED: Step(OPEN, State.PAUSED),
    Move.RESUMED: Step(frozenset({State.PAUSED}), State.WAITING),
    Move.NOTED: Step(ANY),
    Move.CLOSED: Step(OPEN, State.CLOSED),
    Move.REOPENED: Step(frozenset({State.CLOSED}), State.WAITING),
}
