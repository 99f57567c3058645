"""One promise as its journal tells it: what was told, when it rang, and why it was late."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from callbacks.dial import Outcome
from callbacks.hours import OfficeHours
from callbacks.journal import Entry
from callbacks.moves import Disposition, Move

ZERO = timedelta(0)
DID_NOT_RING = {Outcome.FAILED, Outcome.NOT_PLACED}


class Verdict(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"
    """Not rung yet, and its window has not closed."""
    ENDED = "ended"
    """Over before its window closed, without a ring: nothing was owed any more."""


class Cause(StrEnum):
    """Why a customer was rung later than first told."""

    WISH = "customer's wish"
    OUTSIDE = "outside"
    """The desk heard of it only after the window had closed, or was given another number within it."""
    CARRIER = "carrier"
    """An attempt within the window failed at the carrier."""
    NO_AGENT = "no agent"
    """Nobody had it before the window closed."""
    AGENT = "agent"
    """Somebody had it in time and did not ring."""


@dataclass(frozen=True)
class Window:
    """As told to the caller."""

    opens: datetime
    closes: datetime


@dataclass
class Account:
    """What the lines say, read in order. `windows` are those told, the first first."""

    windows: list[Window] = field(default_factory=list)
    received: datetime | None = None
    wished_for: datetime | None = None
    calendar: str | None = None
    level: int = 1
    solve_by: list[datetime] = field(default_factory=list)
    rang_at: datetime | None = None
    rang_in: Window | None = None
    times_rung: int = 0
    dialled_at: datetime | None = None
    reached_at: datetime | None = None
    closed_at: datetime | None = None
    disposition: Disposition | None = None
    heard_at: datetime | None = None
    held_at: list[datetime] = field(default_factory=list)
    failed_at: list[datetime] = field(default_factory=list)
    number_at: list[datetime] = field(default_factory=list)

    @property
    def judged_by(self) -> Window:
        """The window in force when it rang; a wish that came after mends nothing."""
        return self.rang_in or self.windows[-1]

    def verdict(self, now: datetime) -> Verdict:
        if self.rang_at is not None:
            return Verdict.KEPT if self.rang_at <= self.judged_by.closes else Verdict.BROKEN
        if (self.closed_at or now) > self.judged_by.closes:
            return Verdict.BROKEN
        return Verdict.ENDED if self.closed_at else Verdict.OPEN

    def late(self, now: datetime, hours: OfficeHours) -> timedelta:
        """The working time from the window's closing to the ring, while it was broken."""
        if self.verdict(now) is not Verdict.BROKEN:
            return ZERO
        return hours.between(self.judged_by.closes, self.rang_at or self.closed_at or now)

    def cause(self, now: datetime) -> Cause | None:
        """Why it rang later than first told; None where it did not."""
        window = self.judged_by
        if self.verdict(now) is not Verdict.BROKEN:
            waited = (self.rang_at or now) > self.windows[0].closes
            return Cause.WISH if waited and self.wished_for else None
        return next(cause for cause, is_so in WHY if is_so(self, window))

    def solved_in_time(self) -> bool | None:
        """Whether it was solved by its level's target; None where it was not solved."""
        if self.disposition is not Disposition.SOLVED or self.closed_at is None:
            return None
        return self.closed_at <= self.solve_by[self.level - 1]


WHY: tuple[tuple[Cause, Callable[[Account, Window], bool]], ...] = (
    (Cause.OUTSIDE, lambda told, window: told.heard_at is not None and told.heard_at > window.closes),
    (Cause.CARRIER, lambda told, window: any(at <= window.closes for at in told.failed_at)),
    (Cause.OUTSIDE, lambda told, window: any(window.opens <= at <= window.closes for at in told.number_at)),
    (Cause.NO_AGENT, lambda told, window: not any(at <= window.closes for at in told.held_at)),
    (Cause.AGENT, lambda _told, _window: True),
)
"""Causes in the order they are looked for; the first that is so."""


def account(lines: Sequence[Entry], hours: Callable[[str | None], OfficeHours]) -> Account:
    """Read a callback's journal. `hours` gives the working time of a calendar by its version."""
    told = Account()
    for line in lines:
        _promised(told, line)
        _moved(told, line)
        if line.move == Move.RESUMED and line.facts.get("waited_seconds"):
            waited, calendar = timedelta(seconds=line.facts["waited_seconds"]), hours(told.calendar)
            told.solve_by = [calendar.add(moment, waited) for moment in told.solve_by]
    return told


def _promised(told: Account, line: Entry) -> None:
    """Lines that carry the promise: it was made, joined by its message, or moved by a wish."""
    facts = line.facts
    told.heard_at = told.heard_at or line.written_at
    if not facts.get("solve_by"):
        return
    window = Window(_at(facts["opens"]), _at(facts["closes"]))
    if line.move == Move.MESSAGE_JOINED and told.received != _at(facts["received"]):
        told.windows.clear()  # an item for want of a message: its window was told to nobody
    if window not in told.windows[-1:]:
        told.windows.append(window)
    told.received, told.calendar = _at(facts["received"]), facts["calendar"]
    told.wished_for = _at(facts["wish"]) if facts["wish"] else None
    told.solve_by = [_at(moment) for moment in facts["solve_by"]]


def _moved(told: Account, line: Entry) -> None:
    told.times_rung += line.move == Move.RANG
    if line.move == Move.RANG and told.rang_at is None:
        told.rang_at, told.rang_in = line.at, told.windows[-1] if told.windows else None
    elif line.move == Move.REACHED:
        told.reached_at = told.reached_at or line.at
    elif line.move == Move.CLOSED:
        told.closed_at, told.disposition = line.at, Disposition(line.facts["disposition"])
    elif line.move == Move.REOPENED:
        told.closed_at = told.disposition = None
    elif line.move in (Move.ASSIGNED, Move.OFFERED):
        told.held_at.append(line.at)
    elif line.move == Move.NUMBER_CHANGED:
        told.number_at.append(line.at)
    elif line.move == Move.DIALLED:
        told.dialled_at = line.at
    elif line.facts.get("outcome") == Outcome.MAILBOX and told.dialled_at and told.reached_at:
        # What was taken for a talk was none.
        told.reached_at = None if told.reached_at >= told.dialled_at else told.reached_at
    told.level = 2 if line.move == Move.ESCALATED else line.facts.get("level", told.level)
    if line.facts.get("outcome") in DID_NOT_RING:
        told.failed_at.append(line.at)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
