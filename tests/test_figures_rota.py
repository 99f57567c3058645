"""How many were there: agents on shift by day and hour, whether they share a rota or not."""

from datetime import date

import pytest

from callbacks.agent import by_sign_in
from callbacks.figures.days import Days
from callbacks.figures.rota import NOBODY, on_shift
from callbacks.work import Desk
from tests.people import Clock

pytestmark = pytest.mark.usefixtures("cast")
WEEK = Days(date(2026, 11, 23), date(2026, 11, 29))
MONDAY, WEDNESDAY, THURSDAY, SUNDAY = (date(2026, 11, day) for day in (23, 25, 26, 29))


def change(desk: Desk, name: str, **facts: object) -> None:
    """What the desk knows of a person."""
    with desk.work() as work:
        person = by_sign_in(work.session, name)
        assert person is not None
        for fact, known in facts.items():
            setattr(person, fact, known)


def at_ten(desk: Desk, day: date, sign_in: str | None = None) -> int:
    """Agents on shift from ten to eleven; or whether this one was."""
    with desk.reading() as work:
        return on_shift(work, WEEK, sign_in)[day][10]


def test_all_who_work_by_the_offices_hours_are_there(desk: Desk) -> None:
    assert [at_ten(desk, day) for day in (MONDAY, SUNDAY)] == [2, 0]
    assert [at_ten(desk, MONDAY, name) for name in ("ada", "bruno", "sara", "nobody")] == [1, 1, 0, 0]
    with desk.reading() as work:
        assert on_shift(work, WEEK)[SUNDAY] == NOBODY


def test_shifts_and_days_off_are_each_persons_own(desk: Desk) -> None:
    change(desk, "ada", shifts={"mon": [["14:00", "18:00"]], "wed": [["09:00", "13:00"]]})
    change(desk, "bruno", days_off=[WEDNESDAY.isoformat()])
    assert [at_ten(desk, day) for day in (MONDAY, WEDNESDAY, THURSDAY)] == [1, 1, 1]
    assert [at_ten(desk, day, "ada") for day in (MONDAY, WEDNESDAY, THURSDAY)] == [0, 1, 0]


def test_of_those_with_one_rota_each_is_there_from_the_day_they_came_until_the_day_they_left(
    desk: Desk, clock: Clock
) -> None:
    clock.set("2026-11-25 12:00")
    change(desk, "ada", left_at=clock())
    change(desk, "bruno", created_at=clock())
    assert [at_ten(desk, day) for day in (MONDAY, WEDNESDAY, THURSDAY)] == [1, 2, 1]
    assert [at_ten(desk, day, "ada") for day in (MONDAY, WEDNESDAY, THURSDAY)] == [1, 1, 0]
