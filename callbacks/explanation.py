"""Why a moment of a promise is when it is: the working time counted on the way, and what lay between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from callbacks import explanation_words
from callbacks.closed import Closed, closed, ends, written
from callbacks.hours import OfficeHours
from callbacks.promise import Promise, Targets
from callbacks.stretches import ZERO, Stretch

Begins = Literal["received", "wished", "opens"]
_RECEIVED: Begins = "received"
_WISHED: Begins = "wished"
_OPENS: Begins = "opens"


@dataclass(frozen=True)
class Counted:
    """Working time that was counted, in local moments."""

    start: datetime
    end: datetime
    minutes: int  # rounded so that the minutes of an explanation add up

    def as_json(self) -> dict[str, Any]:
        seconds = (self.end.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds()
        return {"counted": True, **ends(self.start, self.end), "minutes": self.minutes, "seconds": seconds}


@dataclass(frozen=True)
class Explanation:
    """The way from the moment that `begins` it to the one explained, without a gap."""

    start: datetime
    due: datetime
    segments: tuple[Counted | Closed, ...]
    begins: Begins = "received"

    @property
    def counted(self) -> timedelta:
        counted = (segment for segment in self.segments if isinstance(segment, Counted))
        return sum((part.end.astimezone(UTC) - part.start.astimezone(UTC) for part in counted), ZERO)

    def as_json(self) -> dict[str, Any]:
        segments = [segment.as_json() for segment in self.segments]
        minutes = sum(segment.minutes for segment in self.segments if isinstance(segment, Counted))
        return {
            self.begins: written(self.start),
            "moment": written(self.due),
            "minutes": minutes,
            "segments": segments,
        }

    def say(self, language: str) -> str:
        """ "received Fri 17:30; 30 min counted Fri 17:30-18:00; Sat, Sun closed; 90 min counted Mon …"."""
        return explanation_words.say(self, language)


@dataclass(frozen=True)
class PromiseExplanation:
    """Every moment of a promise, explained; where a wish moved the window, from the wish on."""

    opens: Explanation
    closes: Explanation
    solve_by_level_1: Explanation
    solve_by_level_2: Explanation

    def as_json(self) -> dict[str, Any]:
        return {name: explanation.as_json() for name, explanation in self._all().items()}

    def say(self, language: str) -> list[str]:
        """One line a moment: "closes Mon 12:30: received Fri 17:30; …"."""
        return [
            explanation_words.line(name, explanation, language) for name, explanation in self._all().items()
        ]

    def say_window(self, language: str) -> str:
        """How the window came about, in one line."""
        if self.closes.begins == "received":
            return self.closes.say(language)
        return f"{self.opens.say(language)}; {self.closes.say(language).partition('; ')[2]}"

    def _all(self) -> dict[str, Explanation]:
        return {
            "opens": self.opens,
            "closes": self.closes,
            "solve_by_level_1": self.solve_by_level_1,
            "solve_by_level_2": self.solve_by_level_2,
        }


def explain(start: datetime, due: datetime, hours: OfficeHours, begins: Begins = "received") -> Explanation:
    """How one comes from the start to the moment that is due, by the office's hours."""
    start, due = start.astimezone(UTC), due.astimezone(UTC)
    segments: list[Counted | Closed] = []
    reached, worked = start, ZERO
    for stretch in _worked(start, due, hours):
        segments += closed(reached, stretch.start, hours)
        total = worked + (stretch.end - stretch.start)
        segments.append(_counted(stretch, _minutes(total) - _minutes(worked), hours))
        reached, worked = stretch.end, total
    segments += closed(reached, due, hours)
    return Explanation(start.astimezone(hours.zone), due.astimezone(hours.zone), tuple(segments), begins)


def explain_promise(promise: Promise, hours: OfficeHours, targets: Targets) -> PromiseExplanation:
    """The promise in terms of the hours and targets that it was given by."""
    soonest = hours.opening(hours.add(promise.received, targets.opens_after))
    moved = promise.wish is not None and promise.opens > soonest
    start, begins = (promise.opens, _OPENS) if moved else (promise.received, _RECEIVED)
    return PromiseExplanation(
        opens=explain(promise.wish or promise.received, promise.opens, hours, _WISHED)
        if moved
        else explain(promise.received, promise.opens, hours),
        closes=explain(start, promise.closes, hours, begins),
        solve_by_level_1=explain(start, promise.solve_by_level_1, hours, begins),
        solve_by_level_2=explain(start, promise.solve_by_level_2, hours, begins),
    )


def _worked(start: datetime, due: datetime, hours: OfficeHours) -> Iterator[Stretch]:
    for stretch in hours.periods(start):
        if stretch.start >= due:
            return
        yield Stretch(stretch.start, min(stretch.end, due))


def _counted(stretch: Stretch, minutes: int, hours: OfficeHours) -> Counted:
    return Counted(stretch.start.astimezone(hours.zone), stretch.end.astimezone(hours.zone), minutes)


def _minutes(amount: timedelta) -> int:
    return round(amount / timedelta(minutes=1))
