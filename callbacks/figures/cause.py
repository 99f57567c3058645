"""Why a customer was rung too late, or a request not solved in time: read from the journal.

A promise's cause is the first of these that is so:

1. outside our doing: we heard of it only after its window had closed, were given another number within the
   window, or had no number that may be rung;
2. the carrier: an attempt within the window failed there, or a person was to decide because it kept failing;
3. past the day's limit: a person was to look before it was rung;
4. for a person: the desk could not go on by itself, for another reason;
5. passed on: three times or more an agent passed, let it lapse or put it off before the window closed;
6. no agent: nobody had it before the window closed;
7. with an agent: somebody had it in time and did not ring.

The first two, and the last two, are the statement's own causes. That the customer did not answer is no cause
here: what rang, kept its promise. It is the first cause why a request was not solved in time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callbacks import account
from callbacks.account import Account
from callbacks.dial import Outcome
from callbacks.journal import Entry
from callbacks.moves import Move

PASSES = {Outcome.PASSED, Outcome.LAPSED, Outcome.LATER, Outcome.AGENT_GONE}
OFTEN = 3
"""From so many on a promise is late because it was passed on."""


class Cause(StrEnum):
    """Why it was late."""

    OUTSIDE = "outside"
    CARRIER = "carrier"
    LIMIT = "limit"
    PERSON = "person"
    PASSED = "passed"
    NO_AGENT = "no_agent"
    AGENT = "agent"
    UNANSWERED = "unanswered"
    """Rung in time, and nobody reached before it was to be solved."""
    UNSOLVED = "unsolved"
    """We talked before it was to be solved."""


@dataclass(frozen=True)
class Story:
    """What the lines say of a promise whose window has closed."""

    told: Account
    lines: Sequence[Entry]
    now: datetime

    def before_it_closed(self, move: Move) -> list[Entry]:
        """The lines of one move that were true by then."""
        closes = self.told.judged_by.closes
        return [line for line in self.lines if line.move == move and line.at <= closes]

    def for_person(self) -> str | None:
        """Why a person was to decide, the last time before the window closed."""
        handed = self.before_it_closed(Move.FOR_PERSON)
        return str(handed[-1].facts.get("why")) if handed else None

    def passes(self) -> int:
        """How often agents passed it on."""
        released = self.before_it_closed(Move.RELEASED)
        return sum(line.facts.get("outcome") in PASSES for line in released)

    def had_no_number(self) -> bool:
        """Whether the caller withheld theirs and gave none, or gave one that may not be rung."""
        withheld = any(line.facts.get("no_number") for line in self.before_it_closed(Move.RECEIVED))
        return self.for_person() == "number" or (withheld and not self.before_it_closed(Move.NUMBER_CHANGED))

    def says(self, cause: account.Cause) -> bool:
        """Whether the statement names this cause."""
        return self.told.cause(self.now) is cause


WHY: tuple[tuple[Cause, Callable[[Story], bool]], ...] = (
    (Cause.OUTSIDE, lambda story: story.says(account.Cause.OUTSIDE) or story.had_no_number()),
    (Cause.CARRIER, lambda story: story.says(account.Cause.CARRIER) or story.for_person() == "failed"),
    (Cause.LIMIT, lambda story: story.for_person() == "limit"),
    (Cause.PERSON, lambda story: story.for_person() is not None),
    (Cause.PASSED, lambda story: story.passes() >= OFTEN),
    (Cause.NO_AGENT, lambda story: story.says(account.Cause.NO_AGENT)),
    (Cause.AGENT, lambda _story: True),
)
"""In the order they are looked for."""


def why_late(story: Story) -> Cause:
    """Of a promise that is late or broken."""
    return next(cause for cause, is_so in WHY if is_so(story))


def why_unsolved(story: Story, solve_by: datetime, why: Cause | None) -> Cause:
    """Of a request not solved in time: the promise's own cause where it was not even rung in time."""
    told = story.told
    if told.rang_at is None or told.rang_at > solve_by:
        return why or Cause.AGENT
    return Cause.UNSOLVED if told.reached_at and told.reached_at <= solve_by else Cause.UNANSWERED
