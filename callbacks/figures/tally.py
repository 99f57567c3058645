"""A tally: what rows of counted promises add up to, and what can be taken away again."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from callbacks.figures.counted import Counted, Stand, Target

SUMS: dict[str, Callable[[Any], Any]] = {
    "promised": lambda row: row.callback_id != 0,
    "kept": lambda row: row.stand == Stand.KEPT,
    "late": lambda row: row.stand == Stand.LATE,
    "broken": lambda row: row.stand == Stand.BROKEN,
    "open": lambda row: row.stand == Stand.OPEN,
    "ended": lambda row: row.stand == Stand.ENDED,
    "late_seconds": lambda row: row.late_seconds,
    "handled_met": lambda row: row.handled == Target.MET,
    "handled_missed": lambda row: row.handled == Target.MISSED,
    "solve_1_met": lambda row: row.solve_1 == Target.MET,
    "solve_1_missed": lambda row: row.solve_1 == Target.MISSED,
    "solve_2_met": lambda row: row.solve_2 == Target.MET,
    "solve_2_missed": lambda row: row.solve_2 == Target.MISSED,
    "rings": lambda row: row.rings,
    "misses": lambda row: row.misses,
    "reached": lambda row: row.reached >= 0 if row.reached is not None else False,
}
"""What each row adds to which sum."""

AMOUNTS = ("late_seconds", "rings", "misses")
"""Sums of a row's own numbers; all others count rows."""

LENGTHS = ("rang", "rang_wall", "reached", "reached_wall")
"""Of these, in whole minutes, it is kept how many rows had which."""

SPREADS = ("hour", *LENGTHS)

HALF, MOST = 50, 90


@dataclass
class Tally:
    """`sums` by the names of SUMS; `spread` by "hour" and the names of LENGTHS: how many rows had which."""

    sums: Counter[str] = field(default_factory=Counter)
    spread: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, row: Counted, times: int = 1) -> None:
        """One row more; one less where `times` is -1."""
        for name, of in SUMS.items():
            self.sums[name] += times * int(of(row))
        self.spread["hour"][row.hour] += times
        for name in LENGTHS:
            if (minutes := getattr(row, name)) is not None:
                self.spread[name][minutes] += times

    def merge(self, other: "Tally") -> None:
        """What another tally has."""
        self.sums.update(other.sums)
        for name, counts in other.spread.items():
            self.spread[name].update(counts)

    def __add__(self, other: "Tally") -> "Tally":
        both = Tally()
        for each in (self, other):
            both.merge(each)
        return both

    def kept_as_json(self) -> dict[str, dict[str, int]]:
        """The spread for the database; what is nothing is left out."""
        return {
            name: {str(key): count for key, count in sorted(self.spread[name].items()) if count}
            for name in SPREADS
        }

    def percentile(self, name: str, percent: int) -> int | None:
        """The fewest minutes within which so many of a hundred lie; None where there is nothing."""
        counts = self.spread[name]
        needed, seen = -(-percent * sum(counts.values()) // 100), 0
        for minutes in sorted(counts):
            seen += counts[minutes]
            if counts[minutes] and seen >= needed:
                return minutes
        return None

    @property
    def moves_lengths(self) -> bool:
        """Whether it adds to any hour or length: what was taken away and added again does not."""
        return any(any(counts.values()) for counts in self.spread.values())

    @property
    def judged(self) -> int:
        """Promises of which it is known whether they were kept."""
        return self.sums["kept"] + self.not_kept

    @property
    def not_kept(self) -> int:
        """Broken, or late at this moment."""
        return self.sums["late"] + self.sums["broken"]

    @property
    def solved(self) -> float | None:
        """Of a hundred solve targets at either level, how many were met."""
        met, missed = (
            sum(self.sums[f"solve_{level}_{how}"] for level in (1, 2)) for how in ("met", "missed")
        )
        return 100 * met / (met + missed) if met + missed else None

    def share(self, met: str = "kept", missed: str = "not_kept") -> float | None:
        """Of a hundred, how many were met; None where nothing was judged."""
        good, bad = self.sums[met], self.not_kept if missed == "not_kept" else self.sums[missed]
        return 100 * good / (good + bad) if good + bad else None


def tally(rows: Iterable[Counted]) -> Tally:
    """All of these."""
    made = Tally()
    for row in rows:
        made.add(row)
    return made
