"""A week of shifts as a picture: a bar for each stretch, on a day of twenty-four hours."""

from collections.abc import Mapping, Sequence
from typing import Any

from callbacks.hours import OfficeHours
from callbacks.wall_clock import WEEKDAYS, Period

DAY = 24 * 60 * 60
Bars = list[tuple[str, list[tuple[float, float]]]]


def week(shifts: Mapping[str, Sequence[Sequence[str]]], office: OfficeHours) -> Bars:
    """Each day with its stretches, begin and length in hours; the office's own where there are no shifts."""
    bars: dict[int, list[tuple[float, float]]] = {day: [] for day in range(7)}
    for day, periods in _periods(shifts, office).items():
        for period in periods:
            _draw(bars, day, period)
    return [(name, sorted(bars[day])) for day, name in enumerate(WEEKDAYS)]


def _periods(shifts: Mapping[str, Any], office: OfficeHours) -> Mapping[int, Sequence[Period]]:
    if not shifts:
        return office.week
    return {WEEKDAYS.index(day): [Period.of(*pair) for pair in shifts[day]] for day in shifts}


def _draw(bars: dict[int, list[tuple[float, float]]], day: int, period: Period) -> None:
    """What runs past midnight is drawn on the day it falls on."""
    tonight = min(period.closes, DAY)
    bars[day].append((period.opens / 3600, (tonight - period.opens) / 3600))
    if period.closes > DAY:
        bars[(day + 1) % 7].append((0.0, (period.closes - DAY) / 3600))
