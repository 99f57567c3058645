"""How many promises were kept and broken on some days: the two numbers of the wall."""

from datetime import date, timedelta

import pytest

from callbacks.callback import Callback
from callbacks.figures.days import Days, period
from callbacks.figures.kept import kept, of_each
from callbacks.moves import Disposition
from callbacks.work import Desk
from tests.api import ask
from tests.people import Clock
from tests.test_statement import do

pytestmark = pytest.mark.usefixtures("cast")


def counted(desk: Desk, name: str = "today") -> tuple[int, int]:
    """Kept and broken."""
    with desk.reading() as work:
        return kept(work, period(work, name))


def test_kept_broken_late_and_what_was_never_owed(desk: Desk, clock: Clock) -> None:
    in_time, too_late, _never, withdrawn = (ask(desk, sid=f"CA{n}") for n in range(4))
    do(desk, withdrawn, lambda work, it: it.close(work, Disposition.WITHDRAWN, "caller"))
    clock.set("2026-11-23 17:10")
    do(desk, in_time, lambda work, it: it.rang(work, "agent:ada", "busy"))
    assert counted(desk) == (1, 0)
    clock.forward(timedelta(microseconds=1))
    assert counted(desk) == (1, 2)
    do(desk, too_late, lambda work, it: it.rang(work, "agent:ada", "busy"))
    assert counted(desk) == (1, 2)


def test_a_day_is_the_offices_day_and_a_week_begins_on_monday(desk: Desk, clock: Clock) -> None:
    for number, at in enumerate(("2026-11-22 23:59", "2026-11-23 00:00", "2026-11-29 23:59")):
        clock.set(at)
        asked: Callback = ask(desk, sid=f"CA{number}")
        do(desk, asked, lambda work, it: it.rang(work, "agent:ada", "busy"))
    assert (counted(desk), counted(desk, "week"), counted(desk, "month")) == ((1, 0), (2, 0), (3, 0))
    clock.set("2026-11-30 00:00")
    assert (counted(desk), counted(desk, "week"), counted(desk, "quarter")) == ((0, 0), (0, 0), (3, 0))


def test_the_days_before_are_as_many() -> None:
    week = Days(date(2026, 11, 23), date(2026, 11, 29))
    assert week.before() == Days(date(2026, 11, 16), date(2026, 11, 22))
    assert [day.day for day in week] == [23, 24, 25, 26, 27, 28, 29]


def test_several_periods_are_each_as_one_alone(desk: Desk, clock: Clock) -> None:
    for number, at in enumerate(("2026-11-16 09:30", "2026-11-23 09:30", "2026-11-24 09:30")):
        clock.set(at)
        asked: Callback = ask(desk, sid=f"CA{number}")
        do(desk, asked, lambda work, it: it.rang(work, "agent:ada", "busy"))
    names = ("today", "week", "month", "quarter")
    with desk.reading() as work:
        together = of_each(work, [period(work, name) for name in names])
    assert together == [counted(desk, name) for name in names] == [(1, 0), (2, 0), (3, 0), (3, 0)]
