"""A customer rings in while the desk rings for them: nobody rings a busy line, and they are put through."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from callbacks.dial import Leg, Outcome
from callbacks.moves import Disposition, State
from callbacks.work import Desk
from exchange.phone import Call
from tests import open_request
from tests.people import ACME_PHONE, Cast, Clock
from tests.phone import heard
from tests.ringing import PHONES, Ringing, at_their_phones, ringing_desk
from tests.twiml_check import faults_in


@pytest.fixture
def ringing(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> Iterator[Ringing]:
    """Ada's phone rings for Acme's request."""
    with ringing_desk(desk, clock, tmp_path) as made:
        made.exchange.voice_url = f"{made.means.public_url}/ivr/call"
        made.exchange.status_url = f"{made.means.public_url}/ivr/ended"
        with desk.work() as work:
            at_their_phones(work, "ada")
            open_request.leave(work, ACME_PHONE)
        made.look()
        yield made


def rings_in(ringing: Ringing, cast: Cast) -> Call:
    call = ringing.exchange.ring(ACME_PHONE)
    call.press(f"{cast.acme_code}#")
    assert not faults_in(call.webhooks[-1].body)
    return call


def talk(ringing: Ringing, call: Call, seconds: int) -> None:
    """For so long they are connected."""
    ringing.clock.forward(timedelta(seconds=seconds))
    call.talk(seconds)
    call.dial_over()


def test_the_ringing_ends_and_the_caller_is_put_through_to_the_agent_who_was_rung(
    ringing: Ringing, cast: Cast
) -> None:
    agents_leg = ringing.ringing()
    call = rings_in(ringing, cast)
    assert heard(call) == "We are calling you about this right now. Please hold, and we put you through."
    ringing.look()
    assert agents_leg.line.over
    ada = call.answer()
    assert (ada.facts.to, ada.facts.from_) == (PHONES["ada"], "+18889624587")
    assert heard(ada).startswith("Acme is on the line, about a problem with sending or receiving")
    ada.press("1")
    talk(ringing, call, 120)
    first, second = ringing.dials()
    assert (first.outcome, second.outcome, second.live) == (Outcome.CALLED_IN, Outcome.TALKED, None)
    callback = ringing.callback()
    assert (callback.state, callback.agent_id) == (State.WRAP_UP, second.agent_id)
    assert callback.first_rang_at is not None
    assert ringing.exchange.rung(ACME_PHONE) == []


def test_a_caller_whose_own_phone_we_ring_is_put_through_and_that_ringing_ends(
    ringing: Ringing, cast: Cast
) -> None:
    agents_leg = ringing.ringing()
    agents_leg.pick_up()
    agents_leg.press("1")
    assert [dial.leg for dial in ringing.dials()] == [Leg.ACCEPTED]
    call = rings_in(ringing, cast)
    ringing.look()
    assert agents_leg.line.over
    call.answer().press("1")
    talk(ringing, call, 60)
    assert ringing.callback().state == State.WRAP_UP


def test_while_they_are_put_through_nobody_else_is_rung(ringing: Ringing, cast: Cast, desk: Desk) -> None:
    with desk.work() as work:
        open_request.leave(work)
    rings_in(ringing, cast)
    ringing.look()
    assert [dial.leg for dial in ringing.dials() if dial.live] == [Leg.CALLED_IN]


def test_when_the_talk_is_over_the_agent_is_rung_once_more_at_once_for_its_outcome(
    ringing: Ringing, cast: Cast
) -> None:
    call = rings_in(ringing, cast)
    ringing.look()
    call.answer().press("1")
    talk(ringing, call, 120)
    call.deliver_all()
    ringing.look()
    asking = ringing.ringing()
    assert asking.facts.to == PHONES["ada"]
    asking.pick_up()
    assert heard(asking).startswith("Your talk with Acme")
    asking.press("1")
    asking.deliver_all()
    ringing.later(minutes=30)
    assert (ringing.callback().state, ringing.callback().disposition) == (State.CLOSED, Disposition.SOLVED)
    assert len(ringing.exchange.rung(PHONES["ada"])) == 3  # for Acme, put through, and asked
    assert ringing.exchange.rung(ACME_PHONE) == []


@pytest.mark.parametrize("key", ["7", "8"])
def test_a_customer_who_rang_in_was_no_mailbox_whatever_key_is_pressed(
    ringing: Ringing, cast: Cast, key: str
) -> None:
    """On any other talk it would be a miss; here it is no answer, and asked once more."""
    call = rings_in(ringing, cast)
    ringing.look()
    call.answer().press("1")
    talk(ringing, call, 120)
    call.deliver_all()
    ringing.look()
    asking = ringing.ringing()
    asking.pick_up()
    assert "mailbox" not in heard(asking)
    asking.press(key)
    assert heard(asking).startswith("One key, please: solved, 1;")
    assert "mailbox" not in heard(asking)
    callback = ringing.callback()
    assert (callback.state, callback.misses) == (State.WRAP_UP, 0)
    assert callback.first_reached_at is not None
    asking.press("1")
    assert ringing.callback().disposition == Disposition.SOLVED


@pytest.mark.parametrize("outcome", ["busy", "no-answer"])
def test_where_the_agent_does_not_take_it_the_caller_hears_so_and_is_rung_again(
    ringing: Ringing, cast: Cast, outcome: str
) -> None:
    call = rings_in(ringing, cast)
    ringing.look()
    call.dial_result(outcome)
    assert "Nobody could take it at this moment. We will call you between 3:10" in heard(call)
    call.deliver_all()
    ringing.look()
    assert [dial.outcome for dial in ringing.dials()][1:] == [Outcome.LAPSED, None]


def test_an_agents_mailbox_is_nobody(ringing: Ringing, cast: Cast) -> None:
    call = rings_in(ringing, cast)
    ringing.look()
    mailbox = call.answer()
    assert not faults_in(mailbox.webhooks[-1].body)
    mailbox.silence()
    assert "Nobody could take it at this moment." in heard(call)
    assert ringing.callback().first_reached_at is None


@pytest.mark.parametrize(("seconds", "outcome"), [(4, Outcome.SHORT), (12, Outcome.TALKED)])
def test_a_talk_of_a_moment_is_no_talk_when_they_rang_in_either(
    ringing: Ringing, cast: Cast, seconds: int, outcome: Outcome
) -> None:
    call = rings_in(ringing, cast)
    call.answer().press("1")
    talk(ringing, call, seconds)
    callback, dial = ringing.callback(), ringing.dials()[1]
    assert (dial.outcome, dial.talk_seconds) == (outcome, seconds)
    assert (callback.misses, bool(callback.first_reached_at)) == (
        (1, False) if outcome is Outcome.SHORT else (0, True)
    )
    assert callback.first_rang_at is not None


def test_a_caller_who_hangs_up_meanwhile_is_rung_when_no_notice_tells_of_it(
    ringing: Ringing, cast: Cast
) -> None:
    call = rings_in(ringing, cast)
    ringing.look()
    call.end_from_outside()
    ringing.clock.forward(timedelta(minutes=2))
    ringing.look()
    assert ringing.dials()[1].outcome == Outcome.LAPSED
    assert ringing.callback().is_open


def test_the_agents_old_call_hears_that_it_is_in_other_hands(ringing: Ringing, cast: Cast) -> None:
    agents_leg = ringing.ringing()
    rings_in(ringing, cast)
    agents_leg.pick_up()
    assert "in other hands" in heard(agents_leg)


def test_the_same_webhook_again_takes_over_nothing_more(ringing: Ringing, cast: Cast) -> None:
    call = rings_in(ringing, cast)
    call.resend(len(call.webhooks) - 1)
    assert len(ringing.dials()) == 2
