"""On Monday morning the supervisor hears once what last week's promises came to, and why some were late."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from callbacks.callback import Callback
from callbacks.figures import report
from callbacks.journal import DESK
from callbacks.round import Round, begin
from callbacks.work import Desk, Work
from tests.api import ask
from tests.people import Cast, Clock, fill, rome
from tests.test_figures import catch_up
from tests.test_statement import do
from tests.timed import TimedDesk
from worker import rounds


def two_weeks(desk: Desk, clock: Clock) -> list[Callback]:
    """The week before: one kept. Last week: one kept, one half an hour late, one never rung."""
    made = []
    for number, (asked, rang) in enumerate(
        (
            ("2026-11-12 12:10", "2026-11-12 15:30"),
            ("2026-11-18 12:10", "2026-11-18 15:30"),
            ("2026-11-19 12:10", "2026-11-19 17:40"),
            ("2026-11-20 17:30", None),
        )
    ):
        clock.set(asked)
        made.append(ask(desk, sid=f"CA{number}"))
        if rang:
            clock.set(rang)
            do(desk, made[-1], lambda work, it: it.rang(work, "agent:ada", "busy"))
    return made


def test_the_report_counts_last_week_and_compares(desk: Desk, clock: Clock, cast: Cast) -> None:
    asked = two_weeks(desk, clock)
    clock.set("2026-11-23 12:40")
    catch_up(desk)
    with desk.reading() as work:
        facts = report.report(work, report.monday_of(rome("2026-11-18 00:00").date())).facts
    assert facts == {
        "week": "2026-11-16", "promised": 3, "kept": 1, "broken": 2, "open": 0, "percent": 33.3,
        "percent_before": 100.0, "more": 0, "causes": {"no_agent": 2},
        "late": [[asked[3].reference, 10, "no_agent", True], [asked[2].reference, 30, "no_agent", False]],
    }  # fmt: skip


def open_rounds(timed: TimedDesk) -> Callable[[], None]:
    """A desk whose rounds have begun; gives what walks the weekly one now."""
    timed.desk.do(lambda work: begin(work, rounds.EVERY))

    def key(work: Work) -> int:
        return next(found.id for found in work.session.query(Round) if found.name == report.MOVE)

    def walk() -> None:
        with timed.desk.work() as work:
            held = work.held(Round, key(work))
            assert held is not None
            held.alarm_at = work.now
        rounds.walk(timed.means, [timed.desk.do(key)])

    return walk


def test_it_is_told_once_at_mondays_opening_however_many_clocks_there_are(timed: TimedDesk) -> None:
    fill(timed.desk)
    timed.clock.set("2026-11-10 09:00")
    walk = open_rounds(timed)
    walk()
    two_weeks(timed.desk, timed.clock)
    for moment in (
        "2026-11-23 08:59",
        "2026-11-23 09:00",
        "2026-11-23 09:00",
        "2026-11-23 12:00",
        "2026-11-24 09:00",
    ):
        timed.clock.set(moment)
        walk()
    (entry,) = [each for each in timed.entries(report.MOVE) if each.facts["week"] == "2026-11-16"]
    assert (entry.subject, entry.at) == (DESK, rome("2026-11-23 09:00"))
    assert timed.desk.do(lambda work: report.write(work, rome("2026-11-23 00:00").date())) is None
    assert len([e for e in timed.entries(report.MOVE) if e.facts["week"] == "2026-11-16"]) == 1
    clock = timed.clock_with()
    timed.clock.set("2026-11-24 09:01")
    clock.look()
    assert clock.errands.settle(60)
    (notice,) = [
        heard for heard in timed.sara.heard if heard.about == report.MOVE and "Nov 16" in heard.lines[0]
    ]
    assert notice.title == "Last week's promises"
    assert notice.lines[1] == "promises kept: 1 of 2, 50 %; the week before: 100 %"
    assert notice.lines[3] == "1 still open, within their windows"


@pytest.mark.parametrize(
    ("looked", "now", "is_due"),
    [
        ("2026-11-20 18:00", "2026-11-23 09:00", True),
        ("2026-11-20 18:00", "2026-11-23 08:59", False),
        ("2026-11-23 09:00", "2026-11-23 09:05", False),
        ("2026-11-01 09:00", "2026-11-26 11:00", True),
        ("2026-12-04 18:00", "2026-12-07 09:00", True),
        ("2027-03-26 18:00", "2027-03-29 09:00", False),  # Easter Monday
        ("2027-03-26 18:00", "2027-03-30 09:00", True),
    ],
)
def test_it_is_due_when_the_week_opens(desk: Desk, clock: Clock, looked: str, now: str, is_due: bool) -> None:
    clock.set(now)
    with desk.reading() as work:
        assert bool(report.due(work, rome(looked))) is is_due
        assert report.next_due(work.hours, work.now) > work.now


def test_a_week_without_promises_is_not_told_of(desk: Desk, clock: Clock) -> None:
    clock.set("2026-11-23 09:00")
    with desk.work() as work:
        assert report.write(work, rome("2026-11-23 00:00").date()) is None


def test_the_command_previews_it_and_recounts(desk: Desk, clock: Clock, screens: Flask) -> None:
    asked = two_weeks(desk, clock)
    clock.set("2026-11-23 12:40")
    run = screens.test_cli_runner().invoke
    page = run(args=["report", "weekly"]).output
    assert "promises kept: 1 of 3, 33.3 %; the week before: 100 %" in page
    assert f"{asked[2].reference}: late by 30 min, no agent had it" in page
    assert "la settimana prima: 100 %" in run(args=["report", "weekly", "--language", "it"]).output
    assert json.loads(run(args=["report", "weekly", "--week", "2026-11-18", "--json"]).output)["kept"] == 1
    assert run(args=["report", "weekly", "--week", "soon"]).exit_code == 2
    assert run(args=["figures", "recount"]).output == "4 promises counted from their journals.\n"
