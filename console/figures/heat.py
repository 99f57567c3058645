"""When people call: arrivals by hour and weekday, as a table whose cells grow warmer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale

from callbacks.figures.rota import Hours
from callbacks.figures.tally import Tally

WARMEST = 5
"""Shades beside none at all."""


@dataclass(frozen=True)
class Cell:
    """How many arrived in this hour of this weekday, how warm that is (0 to 5), and how many agents were
    there on the average."""

    arrived: int
    warmth: int
    agents: float


@dataclass(frozen=True)
class Heat:
    """`hours` are those at which anything happened or anybody was there; `rows` a weekday each."""

    hours: Sequence[int]
    rows: Sequence[tuple[str, Sequence[Cell]]]

    @classmethod
    def of(cls, days: Mapping[date, Tally], there: Mapping[date, Hours], language: str) -> "Heat":
        """Of these days, in the weekdays' own order."""
        arrived: Counter[tuple[int, int]] = Counter()
        agents: Counter[tuple[int, int]] = Counter()
        how_often = Counter(day.weekday() for day in days)
        for day, tally in days.items():
            for hour, count in tally.spread["hour"].items():
                arrived[day.weekday(), hour] += count
            for hour, count in enumerate(there.get(day, ())):
                agents[day.weekday(), hour] += count
        used = {hour for counts in (arrived, agents) for (_, hour), count in counts.items() if count}
        hours = range(min(used), max(used) + 1) if used else range(0)
        most = max(arrived.values(), default=0)
        names = Locale.parse(language).days["stand-alone"]["abbreviated"]
        return cls(
            hours,
            [
                (names[weekday], [
                    Cell(count := arrived[weekday, hour], _warmth(count, most),
                         agents[weekday, hour] / how_often[weekday])
                    for hour in hours
                ])
                for weekday in sorted(how_often)
            ],
        )  # fmt: skip


def _warmth(count: int, most: int) -> int:
    """None at nothing; the warmest shade for the most."""
    return -(-count * WARMEST // most) if count else 0
