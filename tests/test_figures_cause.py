"""Why a promise was late, and why a request was not solved in time: one cause each, the first that is so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from callbacks import handling, retention
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.figures import keeping
from callbacks.figures.cause import Cause
from callbacks.moves import Disposition
from callbacks.work import Desk, Work
from tests.api import ask
from tests.people import Clock, rome
from tests.screens import ask as ask_from
from tests.test_figures import kept_sums, only
from tests.test_statement import ada, do

pytestmark = pytest.mark.usefixtures("cast")
Act = Callable[[Work, Callback], object]


def rings_too_late(desk: Desk, clock: Clock, callback: Callback) -> None:
    """The window closes at 17:10."""
    clock.set("2026-11-23 17:40")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "busy"))


def passes(times: int, end: Callable[[Work, Dial], object]) -> Act:
    """So many agents in a row let it go."""

    def act(work: Work, it: Callback) -> None:
        for _ in range(times):
            end(work, handling.ring_agent(work, it, ada(work), "desk"))

    return act


def fails(work: Work, it: Callback) -> None:
    dial = handling.ring_agent(work, it, ada(work), "desk")
    dial.take(work.now)
    handling.not_placed(work, dial)


@pytest.mark.parametrize(
    ("happened", "cause"),
    [
        (lambda work, it: None, Cause.NO_AGENT),
        (lambda work, it: it.assign(work, ada(work), "desk"), Cause.AGENT),
        (passes(2, handling.passed), Cause.AGENT),
        (passes(3, handling.passed), Cause.PASSED),
        (passes(3, handling.nobody_took_it), Cause.PASSED),
        (fails, Cause.CARRIER),
        (lambda work, it: it.hand_to_person(work, "failed"), Cause.CARRIER),
        (lambda work, it: it.hand_to_person(work, "number"), Cause.OUTSIDE),
        (lambda work, it: it.hand_to_person(work, "limit"), Cause.LIMIT),
        (lambda work, it: it.hand_to_person(work, "something else"), Cause.PERSON),
    ],
)
def test_each_cause_is_read_from_the_journal(desk: Desk, clock: Clock, happened: Act, cause: Cause) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 16:00")
    do(desk, callback, happened)
    assert only(desk).cause is None
    clock.set("2026-11-23 17:20")
    assert (only(desk).stand, only(desk).cause) == ("late", cause)
    rings_too_late(desk, clock, callback)
    row = only(desk)
    assert (row.stand, row.cause, row.late_seconds) == ("broken", cause, 30 * 60)


def test_what_happens_after_the_window_closed_is_no_cause(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 17:11")
    do(desk, callback, passes(3, handling.passed))
    do(desk, callback, fails)
    do(desk, callback, lambda work, it: it.hand_to_person(work, "limit"))
    rings_too_late(desk, clock, callback)
    assert only(desk).cause == Cause.NO_AGENT


def test_whose_number_is_withheld_cannot_be_rung_in_time(desk: Desk, clock: Clock) -> None:
    callback = ask_from(desk, number=None)
    clock.set("2026-11-23 17:40")
    assert only(desk).cause == Cause.OUTSIDE
    do(desk, callback, lambda work, it: it.change_number(work, "+390212344587"))
    assert only(desk).cause == Cause.OUTSIDE


def test_what_was_counted_stays_so_when_names_and_numbers_are_erased(desk: Desk, clock: Clock) -> None:
    rung, never = ask(desk), ask(desk, sid="CA9")
    clock.set("2026-11-23 18:00")
    do(desk, rung, lambda work, it: it.rang(work, "agent:ada", "busy"))
    for each in (rung, never):
        do(desk, each, lambda work, it: it.close(work, Disposition.UNREACHABLE, "agent:ada"))
    before = kept_sums(desk)
    clock.set("2028-01-03 10:00")
    with desk.work() as work:
        retention.erase_personal(work)
    assert kept_sums(desk) == before
    with desk.work() as work:
        held = work.held(Callback, never.id)
        assert held is not None
        assert held.number is None
        keeping.begin_again(work)
    assert kept_sums(desk) == before


def test_a_number_given_in_time_is_nobodys_excuse(desk: Desk, clock: Clock) -> None:
    callback = ask_from(desk, number=None)
    do(desk, callback, lambda work, it: it.change_number(work, "+390212344587"))
    rings_too_late(desk, clock, callback)
    assert only(desk).cause == Cause.NO_AGENT


def test_who_was_rung_in_time_and_did_not_answer_is_late_to_be_solved_for_that(
    desk: Desk, clock: Clock
) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 16:00")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "no_answer"))
    clock.set("2026-11-24 12:10")
    assert only(desk).solve is None
    clock.set("2026-11-24 12:11")
    row = only(desk)
    assert (row.stand, row.cause, row.solve, row.solve_cause) == ("kept", None, "missed", Cause.UNANSWERED)
    do(desk, callback, lambda work, it: it.reached(work, "agent:ada"))
    do(desk, callback, lambda work, it: it.close(work, Disposition.SOLVED, "agent:ada"))
    assert (only(desk).solve, only(desk).solve_cause) == ("missed", Cause.UNANSWERED)


def test_who_was_talked_to_in_time_was_simply_not_solved(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 16:00")
    do(desk, callback, lambda work, it: it.reached(work, "agent:ada"))
    clock.set("2026-11-25 10:00")
    assert only(desk).solve_cause == Cause.UNSOLVED


def test_who_was_never_rung_is_not_solved_for_the_promises_own_cause(desk: Desk, clock: Clock) -> None:
    ask(desk)
    clock.set("2026-11-25 10:00")
    assert only(desk).solve_cause == Cause.NO_AGENT


def test_while_the_customer_is_waited_for_no_solve_target_is_missed(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    do(desk, callback, lambda work, it: it.reached(work, "agent:ada"))
    do(desk, callback, lambda work, it: it.pause(work, "agent:ada"))
    clock.set("2026-11-30 10:00")
    assert only(desk).solve is None
    do(desk, callback, lambda work, it: it.resume(work, "agent:ada"))
    assert only(desk).solve is None
    clock.set("2026-12-02 10:00")
    assert only(desk).solve == "missed"


def test_what_was_handed_on_too_late_stays_on_record_at_level_1(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-24 12:11")
    do(desk, callback, lambda work, it: it.escalate(work, "agent:ada"))
    row = only(desk)
    assert (row.level, row.solve_1, row.solve_2) == (2, "missed", None)
    do(desk, callback, lambda work, it: it.close(work, Disposition.SOLVED, "agent:ada"))
    assert (only(desk).solve_1, only(desk).solve_2) == ("missed", "met")


def test_lengths_run_from_when_we_might_ring_in_both_times(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    do(desk, callback, lambda work, it: it.wish(work, rome("2026-11-24 13:30")))
    clock.set("2026-11-24 14:10")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "busy"))
    clock.set("2026-11-24 15:00")
    do(desk, callback, lambda work, it: it.reached(work, "agent:ada"))
    row = only(desk)
    assert (row.rang, row.rang_wall, row.reached, row.reached_wall) == (10, 40, 60, 90)
    assert (row.rings, row.agent, row.hour) == (1, "ada", 12)


def test_a_ring_learned_of_later_counts_from_when_it_rang(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 18:00")
    assert only(desk).stand == "late"
    in_time = rome("2026-11-23 17:10")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "busy", at=in_time))
    assert (only(desk).stand, only(desk).cause) == ("kept", None)


def test_in_another_zone_the_day_and_hour_are_that_offices(desk: Desk, clock: Clock) -> None:
    clock.set("2026-11-23 23:30")
    ask(desk)
    row = only(desk)
    assert (row.day.isoformat(), row.hour) == ("2026-11-23", 23)
    assert replace(desk).policy.office_hours.zone.key == "Europe/Rome"


def test_who_left_is_still_who_rang(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    do(desk, callback, lambda work, it: it.assign(work, ada(work), "agent:ada"))
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "busy"))
    do(desk, callback, lambda work, it: it.release(work, "agent:ada"))
    with desk.work() as work:
        bruno = by_sign_in(work.session, "bruno")
        assert bruno is not None
        held = work.held(Callback, callback.id)
        assert held is not None
        held.assign(work, bruno, "desk")
    assert only(desk).agent == "ada"
