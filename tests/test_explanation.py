"""Every moment of a promise can say how it came about."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.calendar import Closure, Opening, office_hours
from callbacks.explanation import Counted, explain, explain_promise
from callbacks.wall_clock import Period
from tests.promises import EXAMPLES, TARGETS
from tests.rome import DESK, ROME, WEEK, at

CLOSURES = [
    Closure("Summer closure", date(2027, 8, 9), date(2027, 8, 20)),
    Closure(
        "Christmas Eve", rule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", hours=(Period.of("14:00", "18:00"),)
    ),
]
BUSY = office_hours(
    ROME, WEEK, "IT", closures=CLOSURES, openings=[Opening("Fair", date(2026, 11, 28), WEEK[0][:1])]
)


def test_a_friday_evening_is_explained_in_the_words_of_the_rules() -> None:
    promise = EXAMPLES["a Friday evening"].promise()
    assert explain(promise.received, promise.opens, DESK).say("en") == (
        "received Fri 17:30; 30 min counted Fri 17:30-18:00; Sat, Sun closed; 90 min counted Mon 09:00-10:30"
    )
    assert explain(promise.received, promise.opens, DESK).say("it") == (
        "ricevuta ven 17:30; 30 min contati ven 17:30-18:00; sab, dom chiuso; 90 min contati lun 09:00-10:30"
    )


@pytest.mark.parametrize(
    ("start", "due", "said"),
    [
        ("2026-11-23 12:30", "2026-11-23 14:30", "Mon 13:00-14:00 closed"),
        ("2026-12-07 17:00", "2026-12-09 10:00", "Tue closed (Immaculate Conception)"),
        (
            "2026-12-23 17:00",
            "2026-12-28 10:00",
            "Thu 14:00-18:00 closed (Christmas Eve); Fri closed (Christmas",
        ),
        ("2027-08-06 17:00", "2027-08-23 10:00", "Mon 9 Aug-Fri 20 Aug closed (Summer closure)"),
        (
            "2026-11-27 17:00",
            "2026-11-28 10:00",
            "60 min counted Fri 17:00-18:00; 60 min counted Sat 09:00-10:00",
        ),
        ("2026-11-28 15:00", "2026-11-30 09:00", "received Sat 15:00; Sat, Sun closed; opens Mon 09:00"),
    ],
)
def test_what_lay_closed_is_named_by_its_reason(start: str, due: str, said: str) -> None:
    hours = BUSY if "2026-11-28 15" not in start else DESK
    assert said in explain(at(start), at(due), hours).say("en")


def test_a_holiday_has_its_italian_name_in_italian() -> None:
    said = explain(at("2026-12-07 17:00"), at("2026-12-09 10:00"), DESK).say("it")
    assert "mar chiuso (Immacolata Concezione)" in said


def test_a_wish_is_part_of_the_explanation() -> None:
    explained = explain_promise(EXAMPLES["a wish for lunch"].promise(), DESK, TARGETS)
    assert explained.say_window("en") == (
        "asked for Wed 13:30; Wed 13:30-14:00 closed; opens Wed 14:00; 120 min counted Wed 14:00-16:00"
    )
    assert explained.say("en")[2].startswith("solve by Thu 13:00 at level 1: opens Wed 14:00; 240 min")


def test_a_wish_that_changed_nothing_is_left_out() -> None:
    explained = explain_promise(EXAMPLES["a wish sooner than we can"].promise(), DESK, TARGETS)
    assert explained.say_window("en").startswith("received Mon 09:30; 210 min counted")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_worked_example_explains_all_its_moments_in_json_too(name: str) -> None:
    explained = explain_promise(EXAMPLES[name].promise(), DESK, TARGETS)
    rows = json.loads(json.dumps(explained.as_json()))
    moved = "received" not in rows["closes"]
    assert rows["closes"]["minutes"] == (120 if moved else 240)
    assert (rows["solve_by_level_1"]["minutes"], rows["solve_by_level_2"]["minutes"]) == (480, 1920)


def test_a_closed_stretch_in_json_says_why() -> None:
    segments = explain(at("2026-12-07 17:00"), at("2026-12-09 10:00"), DESK).as_json()["segments"]
    assert [segment.get("reason") for segment in segments] == [None, "night", "holiday", "night", None]
    assert segments[2]["name"] == "Immacolata Concezione"


@settings(max_examples=80, deadline=None)
@given(
    st.datetimes(datetime(2026, 6, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(minutes=1), timedelta(hours=60)),
)
def test_an_explanation_leaves_no_gap_and_adds_up_to_the_amount(start: datetime, amount: timedelta) -> None:
    due = BUSY.add(start, amount)
    explained = explain(start, due, BUSY)
    starts = [segment.start.astimezone(UTC) for segment in explained.segments]
    ends = [start, *(segment.end.astimezone(UTC) for segment in explained.segments)]
    assert starts == ends[:-1]
    assert ends[-1] == due
    assert explained.counted == amount
    minutes = sum(segment.minutes for segment in explained.segments if isinstance(segment, Counted))
    assert minutes == round(amount / timedelta(minutes=1))
    assert not any(isinstance(a, Counted) and isinstance(b, Counted) for a, b in pairwise(explained.segments))
