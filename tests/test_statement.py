"""A company reads what it was promised in a month, when it rang, and why late; journal and rows agree."""

import csv
import io
import json
import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from callbacks import handling
from callbacks.account import Cause, Verdict
from callbacks.agent import Agent, by_sign_in
from callbacks.call import Kind
from callbacks.callback import Callback, by_reference
from callbacks.dial import Outcome
from callbacks.errors import DeskError, NotFound
from callbacks.moves import Disposition, Move
from callbacks.statement import Line, Statement, recount, statement
from callbacks.subscription import by_company
from callbacks.work import Desk, Work
from tests.api import ask
from tests.people import Clock, rome

pytestmark = pytest.mark.usefixtures("cast")
NOVEMBER = date(2026, 11, 1)


def do(desk: Desk, callback: Callback, act: Callable[[Work, Callback], object]) -> None:
    """Something happens to this callback now."""
    with desk.work() as work:
        held = by_reference(work.session, callback.reference)
        assert held is not None
        act(work, held)


def ada(work: Work) -> Agent:
    """Who has it."""
    found = by_sign_in(work.session, "ada")
    assert found is not None
    return found


def november(desk: Desk, company: str = "Acme") -> Statement:
    """The month's statement, which must agree with a recount from the rows."""
    with desk.reading() as work:
        made = statement(work, company, NOVEMBER)
        assert made.totals == recount(work, company, NOVEMBER)
    return made


def only(desk: Desk) -> Line:
    """The one line of the month."""
    (line,) = november(desk).lines
    return line


def test_a_promise_kept_and_solved_is_told_from_beginning_to_end(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 15:30")
    do(desk, callback, lambda work, it: it.assign(work, ada(work), "agent:ada"))
    do(desk, callback, lambda work, it: it.reached(work, "agent:ada"))
    clock.set("2026-11-23 15:50")
    do(desk, callback, lambda work, it: it.close(work, Disposition.SOLVED, "agent:ada"))
    line = only(desk)
    assert (line.reference, line.received) == (callback.reference, rome("2026-11-23 12:10"))
    assert (line.first.opens, line.first.closes) == (rome("2026-11-23 15:10"), rome("2026-11-23 17:10"))
    assert line.window == line.first
    assert (line.rang_at, line.reached_at) == (rome("2026-11-23 15:30"), rome("2026-11-23 15:30"))
    assert (line.verdict, line.late, line.cause) == (Verdict.KEPT, timedelta(0), None)
    assert line.solved_in_time is True


def test_late_is_told_in_working_time_and_that_nobody_had_it(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-24 09:30")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "answered"))
    line = only(desk)
    assert (line.verdict, line.late, line.cause) == (Verdict.BROKEN, timedelta(minutes=80), Cause.NO_AGENT)


def test_how_often_it_rang_is_told(desk: Desk, clock: Clock, screens: Flask) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 15:30")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "busy"))
    assert only(desk).times_rung == 1
    clock.set("2026-11-23 15:40")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "answered"))
    line = only(desk)
    assert (line.times_rung, line.rang_at) == (2, rome("2026-11-23 15:30"))
    page = screens.test_cli_runner().invoke(args=["statement", "Acme", "--month", "2026-11"]).output
    assert "rang Mon 23 15:30  2 times  kept" in page


def test_an_agent_who_had_it_and_did_not_ring_is_the_cause(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    do(desk, callback, lambda work, it: it.assign(work, ada(work), "agent:ada"))
    clock.set("2026-11-23 17:20")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "busy"))
    assert only(desk).cause is Cause.AGENT


def test_an_attempt_that_failed_at_the_carrier_is_the_cause(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 16:00")

    def fails(work: Work, it: Callback) -> None:
        dial = handling.ring_agent(work, it, ada(work), "desk")
        dial.take(work.now)
        handling.not_placed(work, dial)
        assert dial.outcome == Outcome.NOT_PLACED

    do(desk, callback, fails)
    clock.set("2026-11-23 17:20")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "answered"))
    line = only(desk)
    assert (line.cause, line.late) == (Cause.CARRIER, timedelta(minutes=10))


def test_a_mailbox_that_was_taken_for_a_talk_was_none(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 15:30")

    def talks_to_a_mailbox(work: Work, it: Callback) -> None:
        dial = handling.ring_agent(work, it, ada(work), "desk")
        dial.take(work.now)
        dial.placed("CA5")
        assert handling.accepted(work, dial)
        handling.customer_answered(work, dial, "CA6")
        handling.customer_leg_over(work, dial, "completed", 60, bridged=True)
        assert it.first_reached_at
        handling.mailbox(work, dial, left_message=False)

    do(desk, callback, talks_to_a_mailbox)
    line = only(desk)
    assert (line.verdict, line.reached_at) == (Verdict.KEPT, None)


def test_another_number_given_within_the_window_is_no_fault_of_the_agents(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 17:05")
    do(desk, callback, lambda work, it: it.change_number(work, "+390699887766"))
    clock.set("2026-11-23 17:20")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "answered"))
    assert only(desk).cause is Cause.OUTSIDE


def test_a_message_that_reached_us_after_its_window_is_told_as_that(desk: Desk, clock: Clock) -> None:
    from callbacks import call as calls
    from callbacks import intake
    from callbacks.intake import Recording

    clock.set("2026-11-24 10:00")
    with desk.work() as work:
        acme = by_company(work.session, "Acme")
        assert acme is not None
        call = calls.held(work, "CA1", "+390212344587")
        call.subscription_id, call.language = acme.id, "en"
        call.asks_for_message(3, Kind.CALLBACK)
        left = rome("2026-11-23 09:30")
        callback = intake.take_message(work, call, 3, Recording("RE1", "https://x.example", 9, left_at=left))
    clock.set("2026-11-24 10:05")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "answered"))
    line = only(desk)
    assert (line.received, line.cause) == (rome("2026-11-23 09:30"), Cause.OUTSIDE)
    assert line.late == timedelta(hours=3, minutes=30 + 65)


def test_a_wish_moves_the_window_and_both_windows_are_told(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    do(desk, callback, lambda work, it: it.wish(work, rome("2026-11-24 10:00")))
    clock.set("2026-11-24 10:30")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "answered"))
    line = only(desk)
    assert (line.verdict, line.cause) == (Verdict.KEPT, Cause.WISH)
    assert (line.first.opens, line.window.opens) == (rome("2026-11-23 15:10"), rome("2026-11-24 10:00"))
    assert line.wished_for == rome("2026-11-24 10:00")


def test_what_was_broken_is_not_mended_by_a_later_wish(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 17:40")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "no_answer"))
    do(desk, callback, lambda work, it: it.wish(work, rome("2026-11-25 10:00")))
    with desk.reading() as work:
        (line,) = statement(work, "Acme", NOVEMBER).lines
    assert (line.verdict, line.late) == (Verdict.BROKEN, timedelta(minutes=30))


def test_what_the_caller_took_back_in_time_was_not_owed(desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    do(desk, callback, lambda work, it: it.close(work, Disposition.WITHDRAWN, "caller"))
    clock.set("2026-11-30 12:00")
    assert only(desk).verdict is Verdict.ENDED


def test_a_request_nobody_rang_grows_later_until_it_is(desk: Desk, clock: Clock) -> None:
    ask(desk)
    assert only(desk).verdict is Verdict.OPEN
    clock.set("2026-11-24 10:10")
    line = only(desk)
    assert (line.verdict, line.late) == (Verdict.BROKEN, timedelta(minutes=50 + 70))


def test_waiting_for_the_customer_moves_the_target_and_level_2_has_its_own(desk: Desk, clock: Clock) -> None:
    first, second = ask(desk, sid="CA1"), ask(desk, sid="CA2")
    clock.set("2026-11-24 10:00")
    do(desk, first, lambda work, it: it.pause(work, "agent:ada"))
    do(desk, second, lambda work, it: it.escalate(work, "agent:ada"))
    clock.set("2026-11-25 10:00")
    do(desk, first, lambda work, it: it.resume(work, "agent:ada"))
    clock.set("2026-11-25 12:00")
    for callback in (first, second):
        do(desk, callback, lambda work, it: it.close(work, Disposition.SOLVED, "agent:ada"))
    one, other = november(desk).lines
    assert (one.solve_by, one.solved_in_time) == (rome("2026-11-25 12:10"), True)
    assert (other.level, other.solve_by) == (2, rome("2026-11-27 12:10"))


def test_a_month_is_the_offices_month(desk: Desk, clock: Clock) -> None:
    for number, at in enumerate(
        ("2026-10-31 23:59", "2026-11-01 00:00", "2026-11-30 23:59", "2026-12-01 00:00")
    ):
        clock.set(at)
        ask(desk, sid=f"CA{number}")
    ask(desk, company="Bolt", sid="CAb")
    clock.set("2026-12-01 00:00")
    received = [line.received for line in november(desk).lines]
    assert received == [rome("2026-11-01 00:00"), rome("2026-11-30 23:59")]


def test_a_message_for_sales_was_no_promise(desk: Desk) -> None:
    ask(desk, kind=Kind.SALES)
    assert november(desk).lines == ()


def test_a_company_nobody_knows_is_refused_with_those_that_are_near(desk: Desk) -> None:
    with desk.reading() as work, pytest.raises(NotFound, match=r"did you mean Acme\?"):
        statement(work, "acme", NOVEMBER)


def random_act(dice: random.Random) -> Callable[[Work, Callback], object]:
    """Anything that people do, in no sensible order."""
    acts: list[Callable[[Work, Callback], object]] = [
        lambda work, it: it.assign(work, ada(work), "agent:ada"),
        lambda work, it: it.release(work, "agent:ada"),
        lambda work, it: it.rang(work, "agent:ada", "busy"),
        lambda work, it: it.reached(work, "agent:ada"),
        lambda work, it: it.first_rang_at or it.wish(work, work.now + timedelta(hours=dice.randint(1, 30))),
        lambda work, it: it.pause(work, "agent:ada"),
        lambda work, it: it.resume(work, "agent:ada"),
        lambda work, it: it.escalate(work, "agent:ada"),
        lambda work, it: it.missed(work, "agent:ada") if it.may(Move.MISSED) else None,
        lambda work, it: it.close(
            work, dice.choice([Disposition.SOLVED, Disposition.WITHDRAWN]), "agent:ada"
        ),
        lambda work, it: it.reopen(work, "again"),
    ]
    return dice.choice(acts)


@pytest.mark.parametrize("seed", range(4))
def test_journal_and_rows_tell_the_same_after_whatever_happened(desk: Desk, clock: Clock, seed: int) -> None:
    dice = random.Random(seed)
    clock.set("2026-11-16 09:00")
    asked = [ask(desk, sid=f"CA{number}") for number in range(6)]
    for _ in range(60):
        clock.forward(timedelta(minutes=dice.randint(1, 60)))
        try:
            do(desk, dice.choice(asked), random_act(dice))
        except DeskError:
            continue
    assert november(desk).totals.promised == 6


# --- written down ---


def run(screens: Flask, *words: str) -> tuple[int, str]:
    """`script/desk statement …`."""
    result = screens.test_cli_runner().invoke(args=["statement", *words])
    return result.exit_code, result.output


def test_the_command_prints_a_page_a_sheet_and_json(desk: Desk, clock: Clock, screens: Flask) -> None:
    callback = ask(desk)
    clock.set("2026-11-24 09:30")
    do(desk, callback, lambda work, it: it.rang(work, "agent:ada", "answered"))
    code, page = run(screens, "Acme", "--month", "2026-11")
    assert code == 0
    assert "told Mon 23 15:10-17:10  rang Tue 24 09:30  broken, late by 80 working minutes (no agent)" in page
    _, text = run(screens, "Acme", "--month", "2026-11", "--json")
    facts = json.loads(text)
    assert facts["totals"]["late_working_minutes"] == 80
    assert facts["promises"][0]["rang"] == "2026-11-24T09:30:00+01:00"
    _, sheet = run(screens, "Acme", "--month", "2026-11", "--csv")
    (row,) = csv.DictReader(io.StringIO(sheet))
    assert (row["company"], row["reference"], row["verdict"]) == ("Acme", callback.reference, "broken")


def test_no_cell_of_a_sheet_becomes_a_formula(desk: Desk, screens: Flask) -> None:
    callback = ask(desk)
    for name in ("=cmd|'/c calc'!A1", "+1", "-2", "@SUM(A1)", "  =1+1", "＝1"):
        with desk.work() as work:
            held = work.held(Callback, callback.id)
            assert held is not None
            assert held.subscription is not None
            held.subscription.company, held.topic = name, name
        _, sheet = run(screens, "--month", "2026-11", "--csv", "--", name)
        (row,) = csv.DictReader(io.StringIO(sheet))
        assert row["company"] == row["topic"] == f"'{name}"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("Nowhere", "--month", "2026-11"), 1, "no company is named 'Nowhere'"),
        (("\udcff", "--month", "2026-11"), 1, "no company is named"),
        (("Acme", "--month", "November"), 2, "is no month; write it like 2026-11"),
        (("Acme", "--month", "2026-13"), 2, "is no month"),
        (("Acme", "--month", "٢٠٢٦-١١"), 2, "is no month"),
        (("Acme",), 2, "Missing option"),
        (("Acme", "--month", "2026-11", "--csv", "--json"), 2, "choose --json or --csv"),
    ],
)
def test_a_misused_command_says_how_it_is_used(
    screens: Flask,
    words: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    exit_code, output = run(screens, *words)
    assert (exit_code, says in output) == (code, True), output
