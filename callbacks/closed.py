"""Why nothing is worked for a while: a night, a lunch, a day of the week, a holiday, a closure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Any, Literal

from callbacks.days_off import DayOff
from callbacks.hours import OfficeHours
from callbacks.stretches import ZERO
from callbacks.wall_clock import instant, instants

Reason = Literal["night", "break", "weekday", "holiday", "closure", "hours"]


@dataclass(frozen=True)
class Closed:
    """A stretch that was not counted, in local moments, and why.

    A `weekday` is one on which we never open; `hours` are a closure of part of a day.
    """

    start: datetime
    end: datetime
    reason: Reason
    day_off: DayOff | None = None

    def as_json(self) -> dict[str, Any]:
        name = {"name": self.day_off.name} if self.day_off and self.day_off.name else {}
        return {"counted": False, **ends(self.start, self.end), "reason": self.reason, **name}


def closed(start: datetime, end: datetime, hours: OfficeHours) -> list[Closed]:
    """A stretch without work, cut at midnights, with neighbours of one reason together."""
    found: list[Closed] = []
    broken = start < end and _within_a_day(start, end, hours)
    for first, last in _cut(start, end, hours):
        piece = _why(first, last, hours, "break" if broken else "night")
        if found and (found[-1].reason, found[-1].day_off) == (piece.reason, piece.day_off):
            found[-1] = replace(found[-1], end=last)
        else:
            found.append(piece)
    return found


def _within_a_day(start: datetime, end: datetime, hours: OfficeHours) -> bool:
    """Whether work stands on both sides of a stretch on its own local day, as at lunch."""
    day = start.astimezone(hours.zone).date()
    morning = instant(hours.zone, day, 0)
    return end.astimezone(hours.zone).date() == day and hours.between(morning, start) > ZERO


def _cut(start: datetime, end: datetime, hours: OfficeHours) -> Iterator[tuple[datetime, datetime]]:
    """The stretch in local moments, cut at the midnights and at the closures of hours within it."""
    zone = hours.zone
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    cuts = {start, end}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        cuts.add(instant(zone, day, 0))
        for closure in hours.closures_on(day):
            cuts.update(chain.from_iterable(instants(zone, day, closure.hours)))
    for begins, ends in pairwise(sorted(cut for cut in cuts if start <= cut <= end)):
        yield begins.astimezone(zone), ends.astimezone(zone)


def _why(start: datetime, end: datetime, hours: OfficeHours, otherwise: Reason) -> Closed:
    """Why nothing is worked in a stretch of one day: the day, a closure of hours, or simply the week."""
    day = start.date()
    off = hours.day_off(day)
    if off:
        return Closed(start, end, off.kind, off)
    if not hours.periods_on(day):
        return Closed(start, end, "weekday")
    for closure in hours.closures_on(day):
        if any(first < end and last > start for first, last in instants(hours.zone, day, closure.hours)):
            return Closed(start, end, "hours", DayOff("closure", closure.name))
    return Closed(start, end, otherwise)


def ends(start: datetime, end: datetime) -> dict[str, str]:
    return {"from": written(start), "until": written(end)}


def written(moment: datetime) -> str:
    """A moment for JSON, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
