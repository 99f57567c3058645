"""An attempt to ring: what each outcome makes of the callback, and that nothing but an outcome ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from callbacks import agent as agents
from callbacks import dial as dials
from callbacks import following, handling, intake, journal
from callbacks.callback import Callback
from callbacks.dial import Dial, Leg, Outcome
from callbacks.errors import Refused
from callbacks.following import LegAtCarrier
from callbacks.moves import Disposition, Move, State
from callbacks.work import Desk, Work
from tests.people import Cast, Clock, rome
from tests.test_intake import MESSAGE, MESSAGE_TURN, at_the_beep


@pytest.fixture
def dialled(desk: Desk, cast: Cast) -> Desk:
    """Acme's callback, of which Ada's phone rings, known to the carrier as CAagent."""
    with desk.work() as work:
        ada = agents.by_sign_in(work.session, "ada")
        assert ada is not None
        callback = intake.take_message(work, at_the_beep(work, cast), MESSAGE_TURN, MESSAGE)
        dial = handling.ring_agent(work, callback, ada)
        assert dial.take(work.now) == 1
        dial.placed("CAagent")
    return desk


def act(desk: Desk, *acts: Callable[[Work, Dial], object]) -> tuple[State, Dial, Callback]:
    """Do these in turn with the one dial; returns what became of it."""
    for each in acts:
        with desk.work() as work:
            each(work, work.session.scalars(select(Dial).order_by(Dial.id.desc())).first())  # type: ignore[arg-type]
    with desk.reading() as work:
        dial = work.session.scalars(select(Dial)).one()
        return State(dial.callback.state), dial, dial.callback


def over(says: str, seconds: int | None = None, *, bridged: bool = False) -> Callable[[Work, Dial], None]:
    return lambda work, dial: handling.customer_leg_over(work, dial, says, seconds, bridged=bridged)


def rings(work: Work, dial: Dial) -> None:
    handling.customer_rings(work, dial, "CAcustomer")


def answers(work: Work, dial: Dial) -> None:
    handling.customer_answered(work, dial, "CAcustomer")


def test_only_the_first_press_of_one_lets_the_customer_be_rung(dialled: Desk) -> None:
    with dialled.work() as work:
        dial = work.session.scalars(select(Dial)).one()
        assert [handling.accepted(work, dial), handling.accepted(work, dial)] == [True, False]


def test_a_dial_can_be_taken_to_the_carrier_by_one_hand_only(dialled: Desk) -> None:
    with dialled.work() as work:
        assert work.session.scalars(select(Dial)).one().take(work.now) is None


def test_the_database_holds_one_live_dial_a_callback_and_one_an_agent(dialled: Desk) -> None:
    with dialled.work() as work:
        live = work.session.scalars(select(Dial)).one()
        with pytest.raises(IntegrityError), work.session.begin_nested():
            dials.begin(work, live.callback, live.agent)


def test_a_ringing_phone_keeps_the_promise_once_however_often_it_is_told(dialled: Desk) -> None:
    _state, _dial, callback = act(dialled, handling.accepted, rings, rings)
    assert callback.first_rang_at == rome("2026-11-23 12:10")
    with dialled.reading() as work:
        moves = [line.move for line in journal.lines(work.session, callback.subject)]
    assert moves.count(Move.RANG) == 1


@pytest.mark.parametrize(
    ("ending", "outcome", "rang"),
    [
        ((rings, over("busy")), Outcome.BUSY, True),
        ((over("busy"),), Outcome.BUSY, True),
        ((rings, over("no-answer")), Outcome.NO_ANSWER, True),
        ((rings, answers, over("completed", 4, bridged=True)), Outcome.SHORT, True),
        ((rings, answers, over("completed", 30, bridged=False)), Outcome.MAILBOX, True),
        ((rings, answers, lambda w, d: handling.mailbox(w, d, left_message=True)), Outcome.MAILBOX, True),
    ],
)
def test_a_miss_is_rung_again_ten_working_minutes_later(
    dialled: Desk, ending: tuple[Callable[[Work, Dial], object], ...], outcome: Outcome, rang: bool
) -> None:
    state, dial, callback = act(dialled, handling.accepted, *ending)
    assert (state, dial.outcome, dial.live) == (State.WAITING, outcome, None)
    assert (callback.misses, callback.ring_from) == (1, rome("2026-11-23 12:20"))
    assert bool(callback.first_rang_at) is rang


def test_a_dial_that_failed_at_the_carrier_did_not_ring(dialled: Desk) -> None:
    state, dial, callback = act(dialled, handling.accepted, over("failed"))
    assert (state, dial.outcome) == (State.WAITING, Outcome.FAILED)
    assert (callback.misses, callback.first_rang_at) == (0, None)


def test_after_the_third_miss_a_person_decides_and_the_request_stays_open(dialled: Desk) -> None:
    with dialled.work() as work:
        callback = work.session.scalars(select(Callback)).one()
        callback.misses = 2
    state, _dial, callback = act(dialled, handling.accepted, rings, over("busy"))
    assert (state, callback.for_person, callback.ring_from) == (State.WAITING, "missed", None)


def test_an_agent_who_passes_gives_it_to_the_next(dialled: Desk) -> None:
    state, dial, callback = act(dialled, handling.passed)
    assert (state, dial.outcome, callback.passed_by) == (State.WAITING, Outcome.PASSED, [dial.agent_id])


def test_an_agent_who_says_later_puts_it_off_by_thirty_working_minutes(dialled: Desk) -> None:
    _state, _dial, callback = act(dialled, handling.later)
    assert callback.ring_from == rome("2026-11-23 12:40")


def test_a_mailbox_on_the_agents_side_never_counts_as_an_accept(dialled: Desk) -> None:
    state, dial, callback = act(dialled, lambda w, d: handling.agent_leg_over(w, d, "completed"))
    assert (state, dial.outcome, callback.first_rang_at) == (State.WAITING, Outcome.AGENT_GONE, None)


def test_a_customer_who_cannot_talk_now_is_rung_when_asked_and_it_is_no_miss(dialled: Desk) -> None:
    state, dial, callback = act(
        dialled, handling.accepted, rings, answers, lambda w, d: handling.not_now(w, d, "3")
    )
    assert (state, dial.outcome, callback.misses) == (State.WAITING, Outcome.NOT_NOW, 0)
    assert callback.ring_from == rome("2026-11-24 09:00")


def test_a_talk_waits_for_its_outcome_and_is_never_closed_silently(dialled: Desk, clock: Clock) -> None:
    state, dial, _callback = act(
        dialled, handling.accepted, rings, answers, over("completed", 200, bridged=True)
    )
    assert (state, dial.leg) == (State.WRAP_UP, Leg.WRAP_UP)
    state, dial, _callback = act(dialled, lambda w, d: handling.agent_leg_over(w, d, "completed"))
    assert (state, dial.live) == (State.WRAP_UP, None)


def test_escalating_sends_it_to_level_two_with_its_own_target(dialled: Desk) -> None:
    def escalate(work: Work, dial: Dial) -> None:
        handling.wrap_up(work, dial.callback, Disposition.ESCALATED, "agent:ada")

    talk = (handling.accepted, rings, answers, over("completed", 200, bridged=True))
    state, dial, callback = act(dialled, *talk, escalate)
    assert (state, callback.level, dial.live, callback.closed_at) == (State.WAITING, 2, None, None)


def test_waiting_for_the_customer_stops_the_solve_clock_in_working_time(dialled: Desk, clock: Clock) -> None:
    def pause(work: Work, dial: Dial) -> None:
        handling.wrap_up(work, dial.callback, Disposition.WAITING, "agent:ada")

    talk = (handling.accepted, rings, answers, over("completed", 200, bridged=True))
    state, _dial, callback = act(dialled, *talk, pause)
    assert (state, callback.solve_by_level_1) == (State.PAUSED, rome("2026-11-24 12:10"))
    clock.forward(timedelta(hours=24))
    _state, _dial, callback = act(dialled, lambda w, d: d.callback.resume(w, "agent:ada"))
    assert callback.solve_by_level_1 == rome("2026-11-25 12:10")


def test_a_closed_callback_is_not_rung(dialled: Desk) -> None:
    def close_and_ring(work: Work, dial: Dial) -> None:
        handling.passed(work, dial)
        dial.callback.close(work, Disposition.WITHDRAWN, "caller")
        handling.ring_agent(work, dial.callback, dial.agent)

    with pytest.raises(Refused, match="closed"):
        act(dialled, close_and_ring)


def test_a_wish_after_a_ring_neither_mends_nor_breaks_the_promise(dialled: Desk, clock: Clock) -> None:
    clock.set("2026-11-23 17:30")
    _state, _dial, callback = act(dialled, handling.accepted, rings, over("busy"))
    closes, rang = callback.closes, callback.first_rang_at
    with dialled.work() as work:
        held = work.held(Callback, callback.id)
        assert held is not None
        held.wish(work, rome("2026-11-25 10:00"))
        assert (held.closes, held.first_rang_at) == (closes, rang)
        assert held.ring_from == rome("2026-11-25 10:00")
        lateness = held.lateness(work)
        assert lateness is not None
        assert lateness.state == "broken"


def test_a_ring_that_the_carrier_is_asked_about_later_kept_the_promise_when_it_rang(
    dialled: Desk, clock: Clock
) -> None:
    clock.set("2026-11-23 17:05")
    act(dialled, handling.accepted)
    rang, clock.now = clock(), rome("2026-11-23 17:20")
    agent = LegAtCarrier("CAagent", "completed", rang, 30)
    customer = LegAtCarrier("CAcustomer", "no-answer", rang, None)
    _state, dial, callback = act(
        dialled, lambda work, dial: following.followed(work, dial.id, agent, customer)
    )
    assert (dial.outcome, callback.first_rang_at) == (Outcome.NO_ANSWER, rome("2026-11-23 17:05"))
    with dialled.reading() as work:
        lateness = callback.lateness(work)
        assert lateness is not None
        assert lateness.state == "kept"
