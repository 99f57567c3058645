"""What people rely on about the office's hours."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from callbacks.hours import NeverOpen, OfficeHours, OutOfReach
from callbacks.wall_clock import Period
from tests.rome import DESK, WEEK, at

HOUR = timedelta(hours=1)
NIGHTS = OfficeHours(ZoneInfo("Europe/Rome"), dict.fromkeys(range(7), (Period.of("22:00", "06:00"),)))
ALWAYS = OfficeHours(ZoneInfo("Europe/Rome"), dict.fromkeys(range(7), (Period.of("00:00", "24:00"),)))


def test_an_hour_asked_on_friday_at_five_ends_with_the_shift() -> None:
    assert DESK.add(at("2026-11-27 17:00"), HOUR) == at("2026-11-27 18:00")


def test_an_hour_taken_back_from_monday_at_ten_begins_with_the_shift() -> None:
    assert DESK.add(at("2026-11-30 10:00"), -HOUR) == at("2026-11-30 09:00")


def test_nothing_added_leaves_a_moment_where_it_is_even_at_lunch() -> None:
    assert DESK.add(at("2026-11-27 13:30"), timedelta(0)) == at("2026-11-27 13:30")


def test_friday_at_six_opens_on_monday() -> None:
    assert not DESK.is_open(at("2026-11-27 18:00"))
    assert DESK.opening(at("2026-11-27 18:00")) == at("2026-11-30 09:00")


def test_the_office_is_open_at_nine_sharp_and_closes_at_one() -> None:
    assert DESK.is_open(at("2026-11-27 09:00"))
    assert DESK.closing(at("2026-11-27 09:00")) == at("2026-11-27 13:00")
    assert DESK.closing(at("2026-11-27 13:00")) == at("2026-11-27 18:00")


def test_answers_come_in_utc_whatever_zone_was_asked_in() -> None:
    answer = DESK.add(at("2026-07-01 09:00").astimezone(ZoneInfo("Asia/Tokyo")), HOUR)
    assert answer == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert answer.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    bare = datetime(2026, 11, 27, 9)  # noqa: DTZ001
    for ask in (DESK.opening, DESK.is_open, lambda moment: DESK.add(moment, HOUR)):
        with pytest.raises(ValueError, match="must be aware"):
            ask(bare)


def test_a_week_that_is_never_open_is_refused() -> None:
    with pytest.raises(NeverOpen, match="at least one"):
        OfficeHours(ZoneInfo("Europe/Rome"), {0: ()})


def test_a_moment_beyond_the_calendar_is_refused_and_not_searched_for() -> None:
    with pytest.raises(OutOfReach, match="1970 to 2100"):
        DESK.opening(datetime(9999, 12, 31, tzinfo=UTC))
    with pytest.raises(OutOfReach):
        DESK.add(at("2026-11-27 09:00"), timedelta.max)


def test_years_apart_are_counted_whichever_is_asked_first() -> None:
    hours = OfficeHours(ZoneInfo("Europe/Rome"), WEEK)
    assert hours.opening(at("2026-11-28 11:00")) == at("2026-11-30 09:00")
    assert hours.between(at("1991-01-07 09:00"), at("2027-01-04 09:00")) == 40 * HOUR * 1878


def test_a_night_shift_is_one_period_and_works_on_into_a_holiday() -> None:
    holiday = [date(2026, 12, 25)]
    nights = OfficeHours(NIGHTS.zone, NIGHTS.week, holiday)
    first, second = islice(nights.periods(at("2026-12-24 20:00")), 2)
    assert (first.start, first.end) == (at("2026-12-24 22:00"), at("2026-12-25 06:00"))
    assert second.start == at("2026-12-26 22:00")


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-28", 8)])
def test_a_night_on_which_the_clocks_change_is_as_long_as_it_lasts(night: str, hours: int) -> None:
    start = at(f"{night} 21:00")
    assert NIGHTS.between(start, start + 12 * HOUR) == hours * HOUR


def test_the_hour_that_comes_twice_is_open_both_times_in_any_zone() -> None:
    for fold in (0, 1):
        assert NIGHTS.is_open(at("2026-10-25 02:30").replace(fold=fold))


def test_periods_that_meet_at_midnight_are_one() -> None:
    table = {"mon": [["18:00", "24:00"]], "tue": [["00:00", "06:00"]]}
    hours = OfficeHours.from_table(tz="Europe/Rome", hours=table)
    assert hours.closing(at("2026-11-23 19:00")) == at("2026-11-24 06:00")


def test_an_office_that_never_closes_still_answers() -> None:
    assert ALWAYS.add(at("2026-11-27 09:00"), 100 * HOUR) == at("2026-12-01 13:00")
    assert next(ALWAYS.periods(at("2026-11-27 09:00"))).start == at("2026-11-27 09:00")


def test_periods_before_a_moment_come_nearest_first_and_cut() -> None:
    last, before = islice(DESK.periods(at("2026-11-30 09:30"), "before"), 2)
    assert (last.start, last.end) == (at("2026-11-30 09:00"), at("2026-11-30 09:30"))
    assert (before.start, before.end) == (at("2026-11-27 14:00"), at("2026-11-27 18:00"))


def test_a_shift_that_overlaps_the_next_one_is_not_counted_twice() -> None:
    table = {"mon": [["09:00", "13:00"], ["12:00", "14:00"]]}
    hours = OfficeHours.from_table(tz="UTC", hours=table)
    assert hours.between(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)) == 5 * HOUR


def test_many_rows_get_the_answers_that_each_would_get() -> None:
    moments = [at("2026-11-27 17:30") + n * HOUR for n in range(200)]
    assert DESK.add_many(moments, HOUR) == [DESK.add(moment, HOUR) for moment in moments]
    pairs = list(pairwise(moments))
    assert DESK.between_many(pairs) == [DESK.between(start, end) for start, end in pairs]


def test_many_threads_widening_one_calendar_get_the_answers_of_one() -> None:
    switch = sys.getswitchinterval()
    moments = [datetime(year, 6, 1, tzinfo=UTC) for year in range(1995, 2045)]
    expected = [OfficeHours(DESK.zone, WEEK).opening(moment) for moment in moments]
    hours = OfficeHours(DESK.zone, WEEK)
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(hours.opening, moments)) == expected
    finally:
        sys.setswitchinterval(switch)


def test_a_calendar_kept_as_a_table_is_the_same_calendar() -> None:
    again = OfficeHours.from_table(**DESK.table())
    assert again.version == DESK.version
    assert again.table() == DESK.table()
    assert again.add(at("2026-12-07 16:45"), 2 * HOUR) == at("2026-12-09 09:45")


def test_a_calendar_of_other_hours_has_another_version() -> None:
    shorter = {**WEEK, 4: (Period.of("09:00", "13:00"),)}
    assert OfficeHours(DESK.zone, shorter).version != OfficeHours(DESK.zone, WEEK).version


@pytest.mark.parametrize(
    "text", ["9:00-13:00", "09:00", "09:00-25:00", "24:00-06:00", "09:00-24:30", "٠٩:٠٠-13:00"]
)
def test_a_period_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"period|time from"):
        Period.read(text)


def test_a_weekday_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="lun"):
        OfficeHours.from_table(tz="Europe/Rome", hours={"lun": [["09:00", "13:00"]]})
