"""What was promised to a caller: the window to ring in, the targets that follow, and how late we are."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from callbacks.hours import OfficeHours

ZERO = timedelta(0)


@dataclass(frozen=True)
class Targets:
    """The amounts of working time that policy sets."""

    opens_after: timedelta = timedelta(hours=2)
    window: timedelta = timedelta(hours=2)
    first_handling: timedelta = timedelta(hours=4)
    solve_level_1: timedelta = timedelta(hours=8)
    solve_level_2: timedelta = timedelta(hours=32)
    at_risk: timedelta = timedelta(minutes=30)
    early_calls: bool = True


class LatenessState(StrEnum):
    """How a promise stands: the first four while we have not rung, the last two once we have."""

    EARLY = "early"
    DUE = "due"
    AT_RISK = "at_risk"
    LATE = "late"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True)
class Lateness:
    """How a promise stands, and by how much it was missed: in working time, and on the clock on the wall."""

    state: LatenessState
    working: timedelta = ZERO
    wall: timedelta = ZERO


@dataclass(frozen=True)
class Promise:
    """What a caller was told, as moments in UTC: facts, which no later change of hours or policy rewrites.

    `calendar` is the version of the office hours that made them.
    """

    received: datetime
    wish: datetime | None
    opens: datetime
    closes: datetime
    solve_by_level_1: datetime
    solve_by_level_2: datetime
    first_handling_by: datetime
    at_risk_from: datetime
    calendar: str

    @classmethod
    def given(
        cls, received: datetime, hours: OfficeHours, targets: Targets, wish: datetime | None = None
    ) -> Self:
        """The promise for a message received then; a wish shifts its window to later and never narrows it."""
        soonest = hours.opening(hours.add(received, targets.opens_after))
        opens = max(soonest, hours.opening(wish)) if wish else soonest
        closes = hours.add(opens, targets.window)
        moved = opens > soonest
        start = opens if moved else received
        handled = hours.add(received, targets.first_handling)
        return cls(
            received=received.astimezone(UTC),
            wish=wish and wish.astimezone(UTC),
            opens=opens,
            closes=closes,
            solve_by_level_1=hours.add(start, targets.solve_level_1),
            solve_by_level_2=hours.add(start, targets.solve_level_2),
            # Who asked for a later time cannot be rung sooner: the first handling waits with the window.
            first_handling_by=max(handled, closes) if moved else handled,
            at_risk_from=max(opens, hours.add(closes, -targets.at_risk)),
            calendar=hours.version,
        )

    def solve_by(self, level: int) -> datetime:
        return {1: self.solve_by_level_1, 2: self.solve_by_level_2}[level]

    def rings_from(self, *, early_calls: bool) -> datetime:
        """From when we may ring: before the window opens where policy allows it, never before the wish."""
        if not early_calls:
            return self.opens
        return max(self.received, self.wish) if self.wish else self.received

    def state(self, now: datetime, rang_at: datetime | None) -> LatenessState:
        """How the promise stands, judged by moments alone; a ring at the closing moment is in time."""
        if rang_at:
            return LatenessState.KEPT if rang_at <= self.closes else LatenessState.BROKEN
        passed = [state for moment, state in self.turns() if moment <= now]
        return passed[-1] if passed else LatenessState.EARLY

    def lateness(self, now: datetime, rang_at: datetime | None, hours: OfficeHours) -> Lateness:
        """How the promise stands, measured by the office hours of its own calendar."""
        until = rang_at or now
        state = self.state(now, rang_at)
        if state not in {LatenessState.LATE, LatenessState.BROKEN}:
            return Lateness(state)
        return Lateness(
            state, hours.between(self.closes, until), until.astimezone(UTC) - self.closes.astimezone(UTC)
        )

    def left(self, now: datetime, hours: OfficeHours) -> timedelta:
        """The working time until the window closes; negative once it has."""
        return hours.between(now, self.closes)

    def next_alarm(self, now: datetime) -> datetime | None:
        """The next moment at which time alone changes how the promise stands, while we have not rung."""
        return next((moment for moment, _ in self.turns() if moment > now), None)

    def turns(self) -> tuple[tuple[datetime, LatenessState], ...]:
        """When the promise becomes what. It is late only once its closing moment has passed."""
        return (
            (self.opens, LatenessState.DUE),
            (self.at_risk_from, LatenessState.AT_RISK),
            (self.closes + timedelta.resolution, LatenessState.LATE),
        )
