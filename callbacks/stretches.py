"""A calendar spread out: sorted UTC stretches of working time with running totals, ready to be bisected."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

ZERO = timedelta(0)
YEAR = timedelta(days=366)
_NOWHERE = datetime.max.replace(tzinfo=UTC)


class Stretch(NamedTuple):
    """Working time without a break, in UTC: the start counts, the end does not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Stretches:
    """The working time of some years. `totals[i]` is the time before `starts[i]`; one more ends the list.

    A moment asked about must lie from `first` to `last`, both openings: then its neighbours are known.
    """

    years: range
    starts: list[datetime]
    ends: list[datetime]
    totals: list[timedelta]
    first: datetime
    last: datetime

    @classmethod
    def of(cls, years: range, spans: Iterable[tuple[datetime, datetime]]) -> "Stretches":
        """From sorted spans that do not overlap."""
        starts: list[datetime] = []
        ends: list[datetime] = []
        for start, end in spans:
            starts.append(start)
            ends.append(end)
        lengths = (end - start for start, end in zip(starts, ends, strict=True))
        totals = list(accumulate(lengths, initial=ZERO))
        first, last = (starts[0], starts[-1]) if starts else (_NOWHERE, _NOWHERE)
        return cls(years, starts, ends, totals, first, last)

    def worked(self, moment: datetime) -> timedelta:
        """The working time from the first known opening until the moment."""
        i = bisect_right(self.starts, moment) - 1
        if moment >= self.ends[i]:
            return self.totals[i + 1]
        return self.totals[i] + (moment - self.starts[i])

    def earliest(self, worked: timedelta) -> datetime:
        """The earliest moment at which so much is worked: a sum that ends with a shift stays there."""
        i = bisect_left(self.totals, worked) - 1
        return self.starts[i] + (worked - self.totals[i])

    def latest(self, worked: timedelta) -> datetime:
        """The latest moment until which so much has been worked: the start of the shift that follows."""
        i = bisect_right(self.totals, worked) - 1
        return self.starts[i] + (worked - self.totals[i])

    def from_(self, moment: datetime) -> Iterator[Stretch]:
        """The stretches after a moment in order, the first cut at it."""
        i = bisect_right(self.ends, moment)
        if i < len(self.starts):
            yield Stretch(max(self.starts[i], moment), self.ends[i])
        for j in range(i + 1, len(self.starts)):
            yield Stretch(self.starts[j], self.ends[j])

    def until(self, moment: datetime) -> Iterator[Stretch]:
        """The stretches before a moment, the nearest first and cut at it."""
        i = bisect_left(self.starts, moment) - 1
        if i >= 0:
            yield Stretch(self.starts[i], min(self.ends[i], moment))
        for j in range(i - 1, -1, -1):
            yield Stretch(self.starts[j], self.ends[j])


def apart(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Sorted spans, each beginning where those before it have ended. Spans that only touch stay two."""
    reached: datetime | None = None
    for start, end in sorted(spans):
        if reached is not None and start < reached:
            start = reached  # noqa: PLW2901 - the same span, cut
        if start < end:
            yield start, end
            reached = end


def without(
    spans: Iterable[tuple[datetime, datetime]], holes: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """What is left of sorted spans when sorted holes are cut out."""
    next_hole = 0
    for span in spans:
        start, end = span
        while next_hole < len(holes) and holes[next_hole][1] <= start:
            next_hole += 1
        i = next_hole
        while i < len(holes) and holes[i][0] < end:
            if start < holes[i][0]:
                yield start, holes[i][0]
            start = max(start, holes[i][1])
            i += 1
        if start < end:
            yield start, end


def joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours that touch as one, in either order; what is longer than a year comes in pieces."""
    held: Stretch | None = None
    for stretch in stretches:
        if held and held.end == stretch.start and held.end - held.start < YEAR:
            held = Stretch(held.start, stretch.end)
        elif held and stretch.end == held.start and held.end - held.start < YEAR:
            held = Stretch(stretch.start, held.end)
        else:
            if held:
                yield held
            held = stretch
    if held:
        yield held
