"""The order in which callbacks are rung: fewer promises broken than by age, whichever end one begins at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby

import pytest

from script.arrivals import Arrival, made, recorded
from script.ring_orders import ORDERINGS
from script.simulation import Result, simulate
from tests.people import rome

OURS, FIRST_COME, NEWEST = ORDERINGS


def asks(at: datetime, wish: datetime | None = None, *attempts: str) -> Arrival:
    """One request; its caller picks up, and talks for a quarter of an hour."""
    return Arrival(at, "Acme", "en", "delivery", 1, wish, 900, attempts or ("completed",))


def busy_monday() -> list[Arrival]:
    """Five who asked for noon, a rush that one agent is not through with by then, and latecomers."""
    early, opening, noon = rome("2026-11-23 08:30"), rome("2026-11-23 09:02"), rome("2026-11-23 12:00")
    wishes = [asks(early + timedelta(minutes=n), noon) for n in range(5)]
    rush = [asks(opening + timedelta(minutes=n)) for n in range(14)]
    latecomers = [asks(rome("2026-11-23 11:20") + timedelta(minutes=10 * n)) for n in range(4)]
    return wishes + rush + latecomers


@pytest.fixture(scope="module")
def rung() -> dict[str, Result]:
    """The same Monday in each order."""
    return {name: simulate(busy_monday(), 1, order) for name, order in ORDERINGS.items()}


def test_least_time_left_breaks_fewer_promises_than_first_come_and_than_newest_first(
    rung: dict[str, Result],
) -> None:
    late = {name: result.late for name, result in rung.items()}
    assert late[OURS] < late[FIRST_COME], late
    assert late[OURS] < late[NEWEST], late


def test_whatever_the_order_everybody_is_rung_and_no_more_at_once_than_there_are_agents(
    rung: dict[str, Result],
) -> None:
    for result in rung.values():
        assert (result.promised, result.unrung, result.most_at_once) == (23, 0, 1)


def test_a_caller_nobody_reaches_is_rung_again_and_then_left_to_a_person() -> None:
    nobody = asks(rome("2026-11-23 09:10"), None, "no-answer", "busy", "no-answer")
    result = simulate([nobody, asks(rome("2026-11-23 09:11"))], 1, ORDERINGS[OURS])
    assert (result.promised, result.late, result.unrung) == (2, 0, 0)


def test_the_week_that_is_kept_is_the_week_that_its_seed_makes() -> None:
    assert recorded() == made()


@pytest.mark.parametrize(
    ("what", "least"),
    [(lambda one: one.wish is not None, 300), (lambda one: one.attempts[0] != "completed", 200)],
    ids=["asked for a time", "did not pick up"],
)
def test_the_week_has_what_weeks_have(what: Callable[[Arrival], bool], least: int) -> None:
    assert sum(map(what, recorded())) > least


def test_mondays_are_busy_and_weekends_quiet() -> None:
    by_day = {day: len(list(some)) for day, some in groupby(recorded(), lambda one: one.received.weekday())}
    assert max(by_day, key=by_day.__getitem__) in (0, 2), by_day
    assert by_day[5] + by_day[6] < 40
