"""Holidays, closures and extra openings, as a supervisor writes them."""

from datetime import date, timedelta
from typing import Any

import pytest

from callbacks.calendar import Closure, Opening, office_hours
from callbacks.days_off import DaysOff
from callbacks.hours import NeverOpen, OfficeHours
from callbacks.wall_clock import Period
from tests.rome import DESK, ROME, WEEK, at

HOUR = timedelta(hours=1)
AFTERNOON = (Period.of("14:00", "18:00"),)


@pytest.mark.parametrize(
    ("day", "english"),
    [
        ("2026-12-08", "Immaculate Conception"),
        ("2027-03-29", "Easter Monday"),
        ("2026-10-04", "Saint Francis of Assisi, Patron Saint of Italy"),
        ("2049-12-25", "Christmas Day"),
    ],
)
def test_public_holidays_are_closed_in_any_year_and_have_a_name(day: str, english: str) -> None:
    assert not DESK.periods_on(date.fromisoformat(day))
    assert DESK.holiday_name(date.fromisoformat(day), "en") == english


def test_a_holiday_is_named_in_the_country_s_own_language_where_no_other_is_asked_for() -> None:
    assert DESK.holiday_name(date(2026, 12, 8)) == "Immacolata Concezione"


def test_days_that_people_work_on_are_no_holidays() -> None:
    germany = office_hours(ROME, WEEK, "DE")
    assert germany.periods_on(date(2026, 12, 24))  # Christmas Eve is kept, and worked
    assert office_hours(ROME, WEEK, "US").periods_on(date(2026, 2, 2))  # Groundhog Day


def test_a_subdivision_has_holidays_of_its_own() -> None:
    bolzano = office_hours(ROME, WEEK, "IT", "BZ")
    assert DESK.periods_on(date(2026, 5, 25))
    assert not bolzano.periods_on(date(2026, 5, 25))


def test_an_unknown_country_or_subdivision_is_refused() -> None:
    with pytest.raises(ValueError, match="XX"):
        office_hours(ROME, WEEK, "XX")
    with pytest.raises(ValueError, match="ZZ"):
        office_hours(ROME, WEEK, "IT", "ZZ")


def test_a_summer_closure_includes_its_last_day() -> None:
    hours = office_hours(ROME, WEEK, "IT", closures=[Closure("Summer", date(2027, 8, 9), date(2027, 8, 20))])
    assert hours.opening(at("2027-08-06 18:00")) == at("2027-08-23 09:00")
    assert hours.holiday_name(date(2027, 8, 20)) == "Summer"


def test_a_closure_may_return_every_year_by_a_rule() -> None:
    patron = Closure("Patron saint", rule="FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=24")
    hours = office_hours(ROME, WEEK, "IT", closures=[patron])
    assert not any(hours.periods_on(date(year, 6, 24)) for year in (1999 + n for n in range(2, 60)))


def test_a_rule_counts_from_its_first_date_and_ends_with_its_last() -> None:
    every_other = Closure(
        "Training", date(2026, 11, 6), date(2026, 12, 4), rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    )
    closed = [n for n in range(1, 61) if every_other.covers(date(2026, 10, 31) + timedelta(days=n))]
    assert closed == [6, 20, 34]


def test_a_closure_of_some_hours_leaves_the_rest_of_the_day() -> None:
    eve = Closure("Christmas Eve", rule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", hours=AFTERNOON)
    hours = office_hours(ROME, WEEK, "IT", closures=[eve])
    assert hours.between(at("2026-12-24 00:00"), at("2026-12-25 00:00")) == 4 * HOUR
    assert hours.add(at("2026-12-24 12:00"), 2 * HOUR) == at("2026-12-28 10:00")


def test_an_opening_is_the_last_word_on_its_date() -> None:
    day = date(2026, 12, 24)
    closures = [
        Closure("All week", date(2026, 12, 21), date(2026, 12, 27)),
        Closure("Eve", day, hours=AFTERNOON),
    ]
    openings = [Opening("Fair", day, AFTERNOON), Opening("Launch", date(2026, 12, 25), AFTERNOON)]
    hours = office_hours(ROME, WEEK, "IT", closures=closures, openings=openings)
    assert hours.opening(at("2026-12-22 10:00")) == at("2026-12-24 14:00")
    assert hours.between(at("2026-12-21 00:00"), at("2026-12-28 00:00")) == 8 * HOUR


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("FREQ=OFTEN", "not an RFC 5545 rule"),
        ("nonsense", "not an RFC 5545 rule"),
        ("", "neither a date nor a rule"),
        ("FREQ=HOURLY", "no rule of days"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "from which date"),
        ("FREQ=DAILY;INTERVAL=0", "stands still"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never come"),
    ],
)
def test_a_rule_that_is_no_rule_is_refused(rule: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Closure("Odd", rule=rule)


def test_a_closure_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Closure("Odd", date(2027, 8, 9), date(2027, 8, 1))


def test_a_calendar_that_closes_for_good_is_refused() -> None:
    with pytest.raises(NeverOpen, match="no day on which the office opens"):
        office_hours(ROME, WEEK, "IT", closures=[Closure("Over", date(2027, 1, 1), rule="FREQ=DAILY")])


def test_a_rule_may_end_by_a_moment_in_utc_or_by_a_count() -> None:
    mondays = Closure("Mondays", date(2026, 11, 2), rule="FREQ=WEEKLY;BYDAY=MO;UNTIL=20261130T000000Z")
    twice = Closure("Twice", date(2026, 11, 2), rule="FREQ=WEEKLY;COUNT=2")
    days = [date(2026, 11, 2) + timedelta(weeks=n) for n in range(6)]
    assert [mondays.covers(day) for day in days] == [True] * 5 + [False]
    assert [twice.covers(day) for day in days] == [True] * 2 + [False] * 4


def test_an_office_shut_for_years_opens_again() -> None:
    hours = office_hours(
        ROME, WEEK, "IT", closures=[Closure("Rebuilding", date(2026, 2, 1), date(2033, 8, 31))]
    )
    assert hours.opening(at("2026-06-01 10:00")) == at("2033-09-01 09:00")
    assert hours.add(at("2033-09-01 10:00"), -2 * HOUR) == at("2026-01-30 17:00")


def test_closures_and_country_survive_being_kept_as_a_table() -> None:
    closures = [
        Closure("Summer", date(2027, 8, 9), date(2027, 8, 20)),
        Closure("Eve", rule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", hours=AFTERNOON),
    ]
    openings = [Opening("Launch", date(2026, 11, 28), AFTERNOON)]
    hours = office_hours(ROME, WEEK, "IT", closures=closures, openings=openings)
    again = OfficeHours.from_table(**hours.table())
    assert again.version == hours.version
    assert again.days_off.closures == tuple(closures)
    assert again.opening(at("2026-11-27 19:00")) == at("2026-11-28 14:00")


def test_holidays_with_names_survive_too() -> None:
    table: dict[str, Any] = {"tz": "Europe/Rome", "hours": {"mon": [["09:00", "13:00"]]}}
    named = OfficeHours.from_table(**table, holidays={"2026-11-23": "Fair"})
    hours = OfficeHours.from_table(**named.table())
    assert hours.holiday_name(date(2026, 11, 23)) == "Fair"


def test_days_off_answer_only_for_dates() -> None:
    assert "2026-12-25" not in DaysOff(country="IT")
