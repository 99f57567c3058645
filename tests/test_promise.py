"""What a caller is promised, and when we are late."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.promise import LatenessState, Promise, Targets
from settings import ROOT
from tests.promises import EXAMPLES, TARGETS
from tests.rome import DESK, at

INSTANT = timedelta.resolution
MINUTE = timedelta(minutes=1)
FRIDAY = EXAMPLES["a Friday evening"].promise()  # opens Monday 10:30, closes Monday 12:30
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("moment", ["opens", "closes", "solve_by_level_1", "solve_by_level_2"])
def test_every_worked_example_is_promised_as_the_rules_say(name: str, moment: str) -> None:
    assert getattr(EXAMPLES[name].promise(), moment) == EXAMPLES[name].moment(moment)


def test_the_page_of_the_promise_shows_these_examples_and_no_others() -> None:
    """So that nobody reads there what the desk does not do."""
    lines = (ROOT / "docs" / "promise.md").read_text().splitlines()
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in lines
        if "2026-" in line or "2027-" in line
    ]
    for example, row in zip(EXAMPLES.values(), rows, strict=True):
        shown = [example.received, example.wish, *example[2:6]]
        assert f"{at(shown[0]):%a} {shown[0]}" == row[0].partition(",")[0]
        assert [moment and f"{at(moment):%a %H:%M}" for moment in shown[1:]] == [
            cell.partition(",")[0] for cell in row[1:]
        ]


def test_the_first_handling_is_four_working_hours_from_receiving() -> None:
    assert FRIDAY.first_handling_by == FRIDAY.closes


def test_who_asked_for_a_later_time_is_first_handled_within_that_window() -> None:
    promise = EXAMPLES["a wish for lunch"].promise()
    assert promise.first_handling_by == promise.closes


def test_level_two_has_its_own_target() -> None:
    assert FRIDAY.solve_by(1) == at("2026-11-30 17:30")
    assert FRIDAY.solve_by(2) == at("2026-12-03 17:30")


def test_a_promise_remembers_the_calendar_that_made_it() -> None:
    assert FRIDAY.calendar == DESK.version


def test_a_promise_is_all_in_utc_and_can_be_built_again_from_what_was_stored() -> None:
    stored = {field.name: getattr(FRIDAY, field.name) for field in fields(FRIDAY)}
    assert Promise(**stored) == FRIDAY
    assert FRIDAY.received.tzinfo is UTC


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at("2026-11-27 17:30"), LatenessState.EARLY),
        (FRIDAY.opens - INSTANT, LatenessState.EARLY),
        (FRIDAY.opens, LatenessState.DUE),
        (at("2026-11-30 12:00") - INSTANT, LatenessState.DUE),
        (at("2026-11-30 12:00"), LatenessState.AT_RISK),
        (FRIDAY.closes, LatenessState.AT_RISK),
        (FRIDAY.closes + INSTANT, LatenessState.LATE),
    ],
)
def test_a_promise_becomes_due_at_risk_and_late_at_the_very_moment(
    now: datetime, state: LatenessState
) -> None:
    assert FRIDAY.lateness(now, None, DESK).state is state


def test_who_rings_as_the_window_closes_keeps_the_promise() -> None:
    now = FRIDAY.closes + timedelta(days=1)
    assert FRIDAY.lateness(now, FRIDAY.closes, DESK).state is LatenessState.KEPT
    assert FRIDAY.lateness(now, FRIDAY.closes + INSTANT, DESK).state is LatenessState.BROKEN


def test_who_rings_before_the_window_opens_keeps_the_promise() -> None:
    assert FRIDAY.lateness(FRIDAY.opens, at("2026-11-27 17:45"), DESK).state is LatenessState.KEPT


def test_lateness_is_working_time_with_the_wall_clock_beside_it() -> None:
    late = FRIDAY.lateness(at("2026-11-30 14:15"), None, DESK)
    assert (late.working, late.wall) == (45 * MINUTE, 105 * MINUTE)


def test_a_broken_promise_is_measured_until_we_rang_and_grows_no_more() -> None:
    rang = at("2026-11-30 12:40")
    assert FRIDAY.lateness(rang, rang, DESK) == FRIDAY.lateness(rang + timedelta(days=9), rang, DESK)
    assert FRIDAY.lateness(rang, rang, DESK).working == 10 * MINUTE


def test_before_it_closes_nobody_is_late() -> None:
    assert FRIDAY.lateness(FRIDAY.closes, None, DESK).working == timedelta(0)
    assert FRIDAY.left(FRIDAY.opens, DESK) == 120 * MINUTE


def test_a_window_that_closes_after_lunch_is_at_risk_when_the_morning_leaves_too_little() -> None:
    promise = Promise.given(
        at("2026-11-23 09:15"), DESK, TARGETS
    )  # closes 14:15: fifteen minutes after lunch
    assert promise.at_risk_from == at("2026-11-23 12:45")


def test_a_window_shorter_than_the_warning_is_at_risk_as_it_opens() -> None:
    promise = Promise.given(at("2026-11-23 09:30"), DESK, Targets(window=20 * MINUTE))
    assert promise.at_risk_from == promise.opens
    assert promise.state(promise.opens, None) is LatenessState.AT_RISK


def test_we_may_ring_early_but_never_before_the_time_a_caller_asked_for() -> None:
    wished = EXAMPLES["a wish sooner than we can"].promise()
    assert FRIDAY.rings_from(early_calls=True) == FRIDAY.received
    assert FRIDAY.rings_from(early_calls=False) == FRIDAY.opens
    assert wished.rings_from(early_calls=True) == at("2026-11-23 10:00")


def test_the_alarms_of_a_promise_are_opening_risk_and_the_instant_after_closing() -> None:
    rung = [FRIDAY.received]
    while (alarm := FRIDAY.next_alarm(rung[-1])) is not None:
        rung.append(alarm)
    assert rung[1:] == [FRIDAY.opens, FRIDAY.at_risk_from, FRIDAY.closes + INSTANT]


def test_a_message_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must be aware"):
        Promise.given(datetime(2026, 11, 23, 9, 30), DESK, TARGETS)  # noqa: DTZ001


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.none() | MOMENTS, MOMENTS)
def test_the_alarm_comes_exactly_where_the_state_changes(
    received: datetime, wish: datetime | None, now: datetime
) -> None:
    promise = Promise.given(received, DESK, TARGETS, wish)
    alarm = promise.next_alarm(now)
    if alarm is None:
        assert promise.state(now, None) is LatenessState.LATE
    else:
        assert promise.state(alarm, None) is not promise.state(now, None)
        assert promise.state(alarm - INSTANT, None) is promise.state(now, None)


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.none() | MOMENTS)
def test_a_window_opens_in_office_hours_holds_its_length_and_respects_the_wish(
    received: datetime, wish: datetime | None
) -> None:
    promise = Promise.given(received, DESK, TARGETS, wish)
    assert DESK.is_open(promise.opens)
    assert DESK.between(promise.opens, promise.closes) == TARGETS.window
    assert DESK.between(received, promise.opens) >= TARGETS.opens_after
    assert promise.opens >= (wish or received)
    assert promise.opens <= promise.at_risk_from < promise.closes
