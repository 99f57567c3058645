"""Dialling through a carrier over HTTP: rung once, looked up where unknown, followed where unheard of."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from callbacks import placing
from callbacks.agent import Presence, by_sign_in
from callbacks.callback import Callback
from callbacks.dial import Dial, Leg, Outcome
from callbacks.moves import Disposition, State
from callbacks.work import Desk, Work
from exchange.trouble import LOST, TOO_MANY, Trouble
from tests.people import ACME_PHONE, Cast, Clock, rome
from tests.ringing import PHONES, Ringing, at_their_phones, ringing_desk, wants_to_be_rung
from worker import dialling


@pytest.fixture
def ringing(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> Iterator[Ringing]:
    """Ada sits at her phone and somebody of Acme waits to be rung."""
    with ringing_desk(desk, clock, tmp_path) as made:
        with desk.work() as work:
            at_their_phones(work, "ada")
            wants_to_be_rung(work)
        yield made


def test_the_agent_then_the_customer_are_rung_once_and_the_promise_is_kept(ringing: Ringing) -> None:
    ringing.look()
    call = ringing.ringing()
    assert (call.facts.to, call.facts.from_) == (PHONES["ada"], "+18889624587")
    call.pick_up()
    call.press("1")
    call.answer()
    call.dial_result("completed", seconds=120)
    assert ringing.callback().state == State.WRAP_UP
    call.press("1")
    call.deliver_all()
    ringing.later(minutes=5)
    (dial,), callback = ringing.dials(), ringing.callback()
    assert (callback.state, callback.disposition, dial.outcome, dial.live) == (
        "closed",
        "solved",
        "talked",
        None,
    )
    assert callback.first_rang_at == rome("2026-11-23 12:10")
    assert len(ringing.exchange.rung(ACME_PHONE)) == len(ringing.exchange.rung(PHONES["ada"])) == 1


def test_nobody_is_rung_while_nobody_is_free(ringing: Ringing) -> None:
    with ringing.desk.work() as work:
        ada = by_sign_in(work.session, "ada")
        assert ada
        ada.presence = Presence.BUSY
    ringing.look()
    assert not ringing.dials()


def test_an_answer_that_was_lost_is_looked_up_and_nobody_is_rung_again(ringing: Ringing) -> None:
    ringing.exchange.troubles.append(LOST)
    ringing.look()
    (dial,) = ringing.dials()
    assert (dial.leg, dial.agent_call_sid) == (Leg.ASKED, None)
    ringing.later(seconds=89)
    assert len(ringing.exchange.placed) == 1
    ringing.later(seconds=2)
    (dial,) = ringing.dials()
    assert (dial.leg, dial.agent_call_sid) == (Leg.AGENT, ringing.exchange.placed[0][1].sid)
    assert len(ringing.exchange.placed) == 1


def test_the_carriers_own_question_tells_that_it_was_placed(ringing: Ringing) -> None:
    ringing.exchange.troubles.append(LOST)
    ringing.look()
    ringing.ringing().pick_up()
    (dial,) = ringing.dials()
    assert (dial.leg, dial.agent_call_sid) == (Leg.AGENT, ringing.ringing().sid)


def test_what_the_carrier_never_placed_goes_back_to_the_queue_once_it_is_sure(ringing: Ringing) -> None:
    ringing.exchange.troubles.append(Trouble(500, 20500))
    ringing.look()
    ringing.later(seconds=91)
    assert [dial.outcome for dial in ringing.dials()] == [Outcome.NOT_PLACED]
    ringing.later(seconds=11)
    assert ringing.dials()[1].leg == Leg.AGENT
    assert len(ringing.exchange.placed) == 1


def test_a_carrier_that_has_too_much_to_do_is_asked_again_after_a_pause_that_grows(ringing: Ringing) -> None:
    ringing.exchange.troubles.extend([TOO_MANY, TOO_MANY])
    ringing.look()
    assert [dial.outcome for dial in ringing.dials()] == [Outcome.NOT_PLACED]
    ringing.later(seconds=9)
    assert len(ringing.dials()) == 1
    ringing.later(seconds=2)
    assert [dial.outcome for dial in ringing.dials()] == [Outcome.NOT_PLACED] * 2
    ringing.later(seconds=21)
    assert ringing.ringing().facts.to == PHONES["ada"]


def test_an_agent_whose_phone_cannot_be_rung_is_away_and_the_request_waits(ringing: Ringing) -> None:
    with ringing.desk.work() as work:
        ada = by_sign_in(work.session, "ada")
        assert ada
        ada.phone = "+15005550001"
    ringing.look()
    with ringing.desk.reading() as work:
        ada = by_sign_in(work.session, "ada")
        assert ada
        assert ada.presence == Presence.AWAY
    assert ringing.callback().state == State.WAITING


def test_a_worker_held_up_for_a_minute_does_not_ring(
    ringing: Ringing, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = placing.take

    def and_sleeps(*args: object, **kwargs: object) -> object:
        taken = take(*args, **kwargs)  # type: ignore[arg-type]
        ringing.clock.forward(timedelta(minutes=1))
        return taken

    monkeypatch.setattr(placing, "take", and_sleeps)
    ringing.look(1)
    assert not ringing.exchange.placed
    monkeypatch.undo()
    ringing.later(seconds=31)
    assert ringing.dials()[0].outcome == Outcome.NOT_PLACED


def test_two_workers_with_one_dial_ring_once(ringing: Ringing) -> None:
    ringing.look(1)
    (dial,) = ringing.dials()
    ringing.desk.do(partial(_again, dial_id=dial.id))
    for _ in range(2):
        dialling.next_step(ringing.means, [dial.id])
    assert len(ringing.exchange.placed) == 1


def _again(work: Work, dial_id: int) -> None:
    """Its alarm, once more, as after a job that was handed out twice."""
    dial = work.held(Dial, dial_id)
    assert dial
    dial.alarm_at = work.now


def test_an_agent_who_does_not_answer_is_passed_over(ringing: Ringing) -> None:
    with ringing.desk.work() as work:
        at_their_phones(work, "ada", "sara")
    ringing.look()
    call = ringing.ringing()
    call.refuse("no-answer")
    call.deliver_all()
    ringing.look()
    assert [dial.outcome for dial in ringing.dials()] == [Outcome.LAPSED, None]
    assert ringing.ringing().facts.to == PHONES["sara"]


def test_an_offer_whose_end_was_never_told_is_asked_after(ringing: Ringing) -> None:
    ringing.look()
    ringing.ringing().refuse("busy")
    ringing.later(seconds=59)
    assert ringing.dials()[0].live
    ringing.later(seconds=2)
    assert ringing.dials()[0].outcome == Outcome.LAPSED


def test_a_talk_no_notice_told_of_is_learned_from_the_carrier(ringing: Ringing) -> None:
    ringing.look()
    call = ringing.ringing()
    call.pick_up()
    call.press("1")
    call.answer().silence()
    call.lose_reply(2)
    call.talk(90)
    call.hang_up()
    with ringing.desk.work() as work:  # as if even the Dial's action had never come
        dial = work.session.get(Dial, 1)
        assert dial
        dial.leg, dial.outcome = Leg.ACCEPTED, None
        dial.callback.state = State.DIALLING
    ringing.later(seconds=61)
    ringing.later(seconds=61)
    assert ringing.callback().state == State.WRAP_UP
    assert ringing.dials()[0].outcome == Outcome.TALKED


def test_an_agent_who_never_decides_loses_the_offer_and_the_line_is_ended(ringing: Ringing) -> None:
    ringing.look()
    call = ringing.ringing()
    ringing.later(minutes=8)
    assert call.line.over
    assert ringing.dials()[0].outcome == Outcome.LAPSED


def test_a_number_the_policy_allows_no_more_is_not_rung(ringing: Ringing) -> None:
    with ringing.desk.work() as work:
        callback = work.session.get(Callback, 1)
        assert callback
        callback.number = "+390289912345678"
    ringing.look()
    assert not ringing.exchange.placed
    assert ringing.callback().for_person == "number"


def test_a_request_closed_before_the_phone_rang_is_not_rung(ringing: Ringing) -> None:
    ringing.exchange.troubles.append(TOO_MANY)
    ringing.look()
    with ringing.desk.work() as work:
        callback = work.session.get(Callback, 1)
        assert callback
        callback.close(work, Disposition.WITHDRAWN, "caller")
    ringing.later(minutes=1)
    assert not ringing.exchange.placed
