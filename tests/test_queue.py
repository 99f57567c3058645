"""The queue in ringing order, and the backlog in counts that agree with each promise."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from callbacks import handling, queue
from callbacks.agent import by_sign_in
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.listed import ORDERS, Listed, listed
from callbacks.moves import Disposition
from callbacks.promise import LatenessState
from callbacks.work import Desk, Work
from tests.people import Cast, Clock, rome
from tests.screens import ask


def in_order(desk: Desk) -> list[str]:
    """References to ring, the first one first."""
    with desk.reading() as work:
        return [callback.reference for callback in queue.to_ring(work)]


def held(desk: Desk, callback: Callback, act: str, *words: object) -> None:
    """Make one move of a request, as the desk's other hands would."""
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row is not None
        getattr(row, act)(work, *words)


def test_whoever_has_least_working_time_left_is_rung_first(desk: Desk, cast: Cast, clock: Clock) -> None:
    clock.set("2026-11-23 11:00")
    later = ask(desk, "Bolt")
    clock.set("2026-11-23 10:00")
    sooner = ask(desk, "Acme")
    assert in_order(desk) == [sooner.reference, later.reference]


def test_a_wish_is_not_rung_before_its_time_and_then_takes_its_place(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    clock.set("2026-11-23 09:00")
    wisher = ask(desk, "Acme")
    held(desk, wisher, "wish", rome("2026-11-23 14:00"))  # closes Monday 16:00
    clock.set("2026-11-23 11:30")
    other = ask(desk, "Bolt")  # closes Monday 16:30, opens 14:30
    clock.set("2026-11-23 13:59")
    assert in_order(desk) == [other.reference, wisher.reference]
    clock.set("2026-11-23 14:00")
    assert in_order(desk) == [wisher.reference, other.reference]


def test_what_was_rung_leaves_the_queue_but_stays_open(desk: Desk, cast: Cast) -> None:
    callback = ask(desk)
    held(desk, callback, "rang", "agent:ada", "no_answer")
    with desk.reading() as work:
        assert queue.to_ring(work) == []
        assert [row.reference for row in queue.rung(work)] == [callback.reference]
        assert queue.rings(work.session, queue.rung(work)) == {callback.id: 1}


@pytest.mark.parametrize(
    ("kind", "number", "part"),
    [
        (Kind.CALLBACK, "+390212344587", "to_ring"),
        (Kind.CALLBACK, None, "to_look_at"),
        (Kind.NO_MESSAGE, "+390212344587", "to_look_at"),
        (Kind.TROUBLE, None, "to_look_at"),
        (Kind.SALES, "+390212344587", "for_sales"),
    ],
)
def test_every_open_request_stands_in_exactly_one_part(
    desk: Desk, cast: Cast, kind: Kind, number: str | None, part: str
) -> None:
    callback = ask(desk, kind=kind, number=number)
    with desk.reading() as work:
        parts = {name: getattr(queue, name)(work) for name in ("to_ring", "rung", "to_look_at", "for_sales")}
        assert {name for name, rows in parts.items() if rows} == {part}
        assert [row.reference for row in queue.all_open(work)] == [callback.reference]
        assert getattr(queue.backlog(work.session, work.now), part) == 1


@pytest.mark.parametrize("minute", [0, 119, 120, 121, 209, 210, 211, 239, 240, 241, 300])
def test_the_counts_judge_as_each_promise_does(desk: Desk, cast: Cast, clock: Clock, minute: int) -> None:
    clock.set("2026-11-24 09:00")
    callback = ask(desk)  # opens 11:00, at risk 12:30, closes 14:00 after lunch: 300 minutes by the clock
    at = desk.policy.office_hours.add(clock(), timedelta(minutes=minute))
    clock.now = at
    for moment in (at - timedelta(microseconds=1), at, at + timedelta(microseconds=1)):
        clock.now = moment
        with desk.reading() as work:
            judged = callback.lateness(work)
            assert judged is not None
            counts = queue.backlog(work.session, work.now)
            told = {name: getattr(counts, name) for name in ("early", "due", "at_risk", "late")}
            assert told == {name: int(judged.state == LatenessState(name)) for name in told}


def test_closed_requests_are_in_no_count(desk: Desk, cast: Cast) -> None:
    callback = ask(desk)
    held(desk, callback, "close", Disposition.WITHDRAWN, "agent:ada")
    with desk.reading() as work:
        assert queue.backlog(work.session, work.now) == queue.Backlog()
        assert queue.all_open(work) == []


def test_counting_looks_at_open_requests_alone(desk: Desk, cast: Cast) -> None:
    ask(desk)
    with desk.reading() as work:
        if work.session.get_bind().dialect.name != "sqlite":
            pytest.skip("a planner with statistics may prefer to read a small table whole")
        statement = "EXPLAIN QUERY PLAN SELECT count(*) FROM callbacks WHERE state IN ('waiting', 'assigned')"
        plan = " ".join(str(row) for row in work.session.execute(text(statement)))
        assert "ix_callbacks_state" in plan


def test_what_the_company_asked_before_is_remembered_and_never_another_companys(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    first = ask(desk, "Acme", number="+390255512345")
    clock.forward(timedelta(minutes=1))
    ask(desk, "Bolt")
    clock.forward(timedelta(minutes=1))
    now = ask(desk, "Acme")
    with desk.reading() as work:
        assert [row.reference for row in queue.earlier(work.session, now)] == [first.reference]


def test_of_strangers_only_the_same_number_is_remembered(desk: Desk, cast: Cast, clock: Clock) -> None:
    first = ask(desk, None, number="+390255512345")
    clock.forward(timedelta(minutes=1))
    ask(desk, None, number=None)
    clock.forward(timedelta(minutes=1))
    now = ask(desk, None, number="+390255512345")
    nobody = ask(desk, None, Kind.TROUBLE, number=None)
    with desk.reading() as work:
        assert [row.reference for row in queue.earlier(work.session, now)] == [first.reference]
        assert queue.earlier(work.session, nobody) == []


def test_what_was_rung_stands_by_when_it_is_to_be_solved_and_who_is_waited_for_comes_last(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    paused, first, second, escalated = [asked_after(desk, clock, seconds=6 * n) for n in range(4)]
    for number, callback in enumerate((paused, first, second, escalated)):
        held(desk, callback, "rang", "agent:ada", "no_answer")
        moment = clock() + timedelta(hours=number)
        with desk.work() as work:
            row = work.held(Callback, callback.id)
            assert row is not None
            row.solve_by_level_1, row.solve_by_level_2 = moment, moment - timedelta(minutes=90)
            row.level = 2 if callback is escalated else 1
    held(desk, paused, "pause", "agent:ada")
    with desk.reading() as work:
        listed = [row.reference for row in queue.rung(work)]
        assert listed == [each.reference for each in (first, escalated, second, paused)]
        assert [row.reference for row in queue.rung(work, 2)] == listed[:2]


def asked_after(desk: Desk, clock: Clock, seconds: int, kind: Kind = Kind.CALLBACK) -> Callback:
    """A request of its own."""
    clock.forward(timedelta(seconds=seconds))
    return ask(desk, kind=kind, number=f"+3902123445{seconds:02}")


@pytest.mark.parametrize(
    ("part", "indexes"),
    [
        (queue.rung, {"rung_0", "rung_1"}),
        (queue.to_look_at, {"to_look_at"}),
        (queue.for_sales, {"for_sales"}),
    ],
)
def test_each_part_is_read_by_an_index_of_what_it_shows(
    desk: Desk, cast: Cast, part: Callable[[Work], list[Callback]], indexes: set[str]
) -> None:
    if desk.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole")
    with desk.reading() as work, asked(desk) as statements:
        part(work)
        plan = [step for each in statements for step in work.session.connection().exec_driver_sql(*each)]
    used = {name for step in plan for name in re.findall(r"INDEX ix_callbacks_(\w+)", str(step))}
    assert indexes <= used, plan


@contextmanager
def asked(desk: Desk) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked, as a question for its plan."""
    statements: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("EXPLAIN"):
            statements.append((f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(desk.engine, "before_cursor_execute", listen)
    yield statements
    event.remove(desk.engine, "before_cursor_execute", listen)


def test_the_parts_by_one_question_are_the_parts_one_by_one(desk: Desk, cast: Cast, clock: Clock) -> None:
    for number, kind in enumerate([Kind.CALLBACK] * 6 + [Kind.SALES, Kind.NO_MESSAGE]):
        callback = asked_after(desk, clock, seconds=7 + number, kind=kind)
        if number in (1, 2):
            held(desk, callback, "rang", "agent:ada", "no_answer")
        if number == 2:
            held(desk, callback, "pause", "agent:ada")
        if number == 4:
            held(desk, callback, "wish", rome("2026-11-24 10:00"))
    clock.set("2026-11-23 17:00")
    with desk.reading() as work:
        for limit in (1, 2, 9):
            for name, found in listed(work, dict.fromkeys(ORDERS, limit)).items():
                rows = getattr(queue, name)(work, limit)
                assert [each.key for each in found] == [row.id for row in rows], (name, limit)
                assert [each.version for each in found] == [row.version for row in rows]


def test_nothing_of_a_listed_request_changes_unseen(desk: Desk, cast: Cast) -> None:
    callback = ask(desk)

    def mark() -> Listed:
        with desk.reading() as work:
            return listed(work, {"to_ring": 5})["to_ring"][0]

    seen = [mark()]
    held(desk, callback, "note", "they sounded tired", "agent:ada")
    seen.append(mark())
    held(desk, callback, "change_number", "+390212344588")
    seen.append(mark())
    with desk.work() as work:
        ada = by_sign_in(work.session, "ada")
        row = work.held(Callback, callback.id)
        assert row
        assert ada
        handling.offer(work, row, ada)
    seen.append(mark())
    assert len(set(seen)) == 4
    assert mark() == seen[-1]
