"""While the customer is waited for the solve clocks stand; whoever goes on with it sets them going again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from callbacks import dial as dials
from callbacks import handling, journal, supervising
from callbacks.callback import Callback
from callbacks.figures.keeping import recount
from callbacks.moves import Disposition, Move, State
from callbacks.work import Desk, Work
from tests.people import Cast, Clock, rome
from tests.screens import ask, signed_in
from tests.test_reason import change, person

ADA = "agent:ada"
GO_ON: dict[str, Callable[[Work, Callback], object]] = {
    "take": lambda work, held: held.assign(work, person(work, "ada"), ADA),
    "call": lambda work, held: handling.ring_agent(work, held, person(work, "ada"), ADA),
    "give": lambda work, held: supervising.give(work, held, person(work, "bruno"), "agent:sara"),
    "reached": lambda work, held: held.reached(work, ADA),
    "escalate": lambda work, held: held.escalate(work, ADA),
    "close": lambda work, held: handling.wrap_up(work, held, Disposition.SOLVED, ADA),
    "resume": lambda work, held: held.resume(work, ADA),
}


@pytest.fixture
def paused(desk: Desk, cast: Cast, clock: Clock) -> Callback:
    """Acme was rung at once and is waited for since 12:10; it was to be solved by Tuesday 12:10."""
    change(desk, "ada", phone="+390255512301")
    callback = ask(desk)
    act(desk, callback, lambda work, held: held.reached(work, ADA))
    act(desk, callback, lambda work, held: held.pause(work, ADA))
    clock.set("2026-11-24 15:10")  # 50 minutes, four hours, four hours and 70 minutes of work later
    return callback


def act(desk: Desk, callback: Callback, how: Callable[[Work, Callback], object]) -> Callback:
    with desk.work() as work:
        held = work.held(Callback, callback.id)
        assert held is not None
        how(work, held)
        return held


def moves(desk: Desk, callback: Callback) -> list[str]:
    with desk.reading() as work:
        return [line.move for line in journal.lines(work.session, callback.subject)]


@pytest.mark.parametrize("how", GO_ON.values(), ids=GO_ON)
def test_whoever_goes_on_with_it_moves_the_solve_targets_by_what_was_waited(
    desk: Desk, paused: Callback, how: Callable[[Work, Callback], object]
) -> None:
    held = act(desk, paused, how)
    waited = timedelta(minutes=50) + timedelta(hours=4) + timedelta(hours=4) + timedelta(minutes=70)
    assert held.paused_at is None
    assert held.state != State.PAUSED
    assert held.solve_by_level_1 == rome("2026-11-25 15:10")
    with desk.reading() as work:
        assert work.hours.between(rome("2026-11-24 12:10"), rome("2026-11-25 15:10")) == waited
    assert moves(desk, paused).count(Move.RESUMED) == 1


@pytest.mark.parametrize("how", GO_ON.values(), ids=GO_ON)
def test_the_recount_from_the_journal_knows_the_same_targets(
    desk: Desk, paused: Callback, how: Callable[[Work, Callback], object]
) -> None:
    held = act(desk, paused, how)
    with desk.reading() as work:
        counted = recount(work, [paused.id])[0]
        assert counted is not None
        assert counted.solve_by == (held.solve_by_level_1, held.solve_by_level_2)[held.level - 1]


def test_a_button_that_takes_it_or_calls_it_ends_the_wait(
    screens: Flask, desk: Desk, paused: Callback
) -> None:
    ada = signed_in(screens, "ada")
    ada.press(paused, "take")
    assert moves(desk, paused)[-2:] == ["resumed", "assigned"]
    act(desk, paused, lambda work, held: held.pause(work, ADA))
    ada.press(paused, "call_now")
    assert moves(desk, paused)[-2:] == ["resumed", "offered"]


def test_an_offer_that_comes_to_nothing_leaves_it_in_the_queue(desk: Desk, paused: Callback) -> None:
    act(desk, paused, GO_ON["call"])
    with desk.work() as work:
        callback = work.session.get_one(Callback, paused.id)
        dial = dials.live_of(work.session, callback)
        assert dial is not None
        handling.agent_leg_over(work, dial, "no-answer")
        assert (callback.state, callback.paused_at) == (State.WAITING, None)


def test_to_wait_twice_waits_once(desk: Desk, paused: Callback, clock: Clock) -> None:
    before = act(desk, paused, lambda _work, _held: None).paused_at
    clock.forward(timedelta(hours=1))
    held = act(desk, paused, lambda work, held: held.pause(work, ADA))
    assert held.paused_at == before


def test_a_note_or_a_ring_ends_no_wait(desk: Desk, paused: Callback) -> None:
    act(desk, paused, lambda work, held: held.note(work, "they will send a log", ADA))
    held = act(desk, paused, lambda work, held: held.rang(work, ADA, "no_answer"))
    assert held.state == State.PAUSED
    assert held.paused_at is not None
