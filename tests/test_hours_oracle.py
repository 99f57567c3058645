"""Working time agrees, over random weeks, zones and changes of clocks, with counting minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.hours import OfficeHours
from callbacks.wall_clock import WEEKDAYS
from tests.minute_oracle import MinuteOracle

# A zone and a day on which its clocks change: forward, back, at midnight, by half an hour, over a whole day.
CHANGES = [
    ("Europe/Rome", date(2026, 3, 29)),
    ("Europe/Rome", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("America/Santiago", date(2026, 9, 6)),
    ("UTC", date(2026, 2, 28)),
]
# Whole hours outside 00:30-03:30: a period that begins or ends in the change itself is left to the vectors.
HOURS = ["00:00", "04:00", "06:30", "09:00", "10:15", "12:00", "13:00", "14:00", "17:45", "20:00", "22:00"]


@st.composite
def day_hours(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Periods of one day in order; the last may end at 24:00 or in the next morning."""
    times = sorted(draw(st.sets(st.sampled_from(HOURS), max_size=6)))
    pairs = list(zip(times[::2], times[1::2], strict=False))
    if len(times) % 2:
        pairs.append((times[-1], draw(st.sampled_from(["24:00", "04:00"]))))
    return [pair for pair in pairs if pair[0] != pair[1]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    tz, change = draw(st.sampled_from(CHANGES))
    near = [(change + timedelta(days=n)).isoformat() for n in range(-4, 5)]
    hours = draw(st.dictionaries(st.sampled_from(WEEKDAYS), day_hours().filter(bool), min_size=1))
    table = {
        "tz": tz,
        "hours": hours,
        "holidays": draw(st.lists(st.sampled_from(near), max_size=3, unique=True)),
        "overrides": draw(st.dictionaries(st.sampled_from(near), day_hours(), max_size=2)),
    }
    minutes = draw(st.integers(-4 * 1440, 4 * 1440))
    return table, datetime.combine(change, datetime.min.time(), UTC) + timedelta(minutes=minutes)


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(0, 5 * 1440))
def test_between_counts_exactly_the_open_minutes(
    drawn: tuple[dict[str, Any], datetime], minutes: int
) -> None:
    table, start = drawn
    hours, end = OfficeHours.from_table(**table), start + timedelta(minutes=minutes)
    counted = MinuteOracle(**table).between(start, end)
    assert hours.between(start, end) == counted
    assert hours.between(end, start) == -counted


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(-900, 900))
def test_add_comes_to_the_minute_that_counting_comes_to(
    drawn: tuple[dict[str, Any], datetime], minutes: int
) -> None:
    table, start = drawn
    amount = timedelta(minutes=minutes)
    assert OfficeHours.from_table(**table).add(start, amount) == MinuteOracle(**table).add(start, amount)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_the_office_opens_at_the_first_open_minute(drawn: tuple[dict[str, Any], datetime]) -> None:
    table, start = drawn
    hours, oracle = OfficeHours.from_table(**table), MinuteOracle(**table)
    assert hours.is_open(start) == oracle.is_open(start)
    assert hours.opening(start) == oracle.opening(start)


@settings(max_examples=100, deadline=None)
@given(tables(), st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_what_was_added_is_what_lies_between(
    drawn: tuple[dict[str, Any], datetime], amount: timedelta
) -> None:
    table, start = drawn
    hours = OfficeHours.from_table(**table)
    assert hours.between(start, hours.add(start, amount)) == amount


@settings(max_examples=60, deadline=None)
@given(tables())
def test_periods_run_in_order_never_touch_and_read_the_same_backwards(
    drawn: tuple[dict[str, Any], datetime],
) -> None:
    table, start = drawn
    hours = OfficeHours.from_table(**table)
    end = start + timedelta(days=20)
    onwards = [p for p, _ in zip(hours.periods(start), range(12), strict=False) if p.start < end]
    assert all(before.end < after.start for before, after in pairwise(onwards))
    total = sum((min(p.end, end) - p.start for p in onwards), timedelta(0))
    if len(onwards) < 12:
        assert total == hours.between(start, end)
    back = [p for p, _ in zip(hours.periods(onwards[-1].end, "before"), onwards, strict=False)]
    assert [p.end for p in reversed(back)] == [p.end for p in onwards]
