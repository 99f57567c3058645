"""Numbers as people read them: shares, lengths, and how they compare with the days before."""

from datetime import timedelta
from functools import lru_cache

from babel.numbers import format_decimal

from callbacks.figures.tally import Tally
from console.times import Times

MINUTE = timedelta(minutes=1)
NOTHING = "–"


class Numbers:
    """How one page writes numbers."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self.language = times.words.language

    def share(self, share: float | None) -> str:
        """`94.3 %`; never rounded up, so that 100 % means all of them."""
        if share is None:
            return NOTHING
        return f"{_written(int(share * 10) / 10, self.language)}\u202f%"

    def length(self, minutes: int | None) -> str:
        """`45 min`, `1 h 20`."""
        return NOTHING if minutes is None else self.times.length(minutes * MINUTE)

    def count(self, number: float) -> str:
        """With the language's own commas, and one place behind them where it is no whole number."""
        return _written(number, self.language)

    def percentile(self, tally: Tally, name: str, percent: int) -> str:
        """A length of time within which so many of a hundred lie."""
        return self.length(tally.percentile(name, percent))

    def late(self, tally: Tally) -> str:
        """All the working time by which promises were broken."""
        return self.times.length(timedelta(seconds=tally.sums["late_seconds"]))


@lru_cache(maxsize=4096)
def _written(number: float, language: str) -> str:
    """Tables say the same few numbers in row after row: each is written out once."""
    return str(format_decimal(number, "#,##0.#", locale=language))
