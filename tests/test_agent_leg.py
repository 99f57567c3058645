"""The callback by telephone: the agent is rung, told, and asked; then the customer; then for the outcome."""

import pytest
from sqlalchemy import select

from callbacks import agent as agents
from callbacks import handling, intake
from callbacks.callback import Callback
from callbacks.dial import Dial, Leg, Outcome
from callbacks.message import Message
from callbacks.moves import Disposition, State
from callbacks.work import Desk
from exchange.order import Order
from exchange.phone import Call, Exchange
from tests.desk import SUPPORT, Served
from tests.people import ACME_PHONE, Cast, Clock, rome
from tests.test_intake import MESSAGE, MESSAGE_TURN, at_the_beep
from tests.twiml_check import faults_in

ADA_PHONE = "+390212340001"


@pytest.fixture
def rung(desk: Desk, cast: Cast, exchange: Exchange, served_desk: Served) -> Call:
    """Ada's phone rings for Acme's callback; she has not picked up yet."""
    with desk.work() as work:
        ada = agents.by_sign_in(work.session, "ada")
        assert ada is not None
        ada.phone = ADA_PHONE
        callback = intake.take_message(work, at_the_beep(work, cast), MESSAGE_TURN, MESSAGE)
        dial = handling.ring_agent(work, callback, ada)
        dial.take(work.now)
        mark = dial.mark
    address = f"{served_desk.url}/ivr/agent/{mark}"
    order = Order(
        url=f"{address}/0", fallback=(f"{address}/fallback", "POST"), told=(f"{address}/over", "POST")
    )
    exchange.place(SUPPORT, ADA_PHONE, order)
    return exchange.outgoing[-1]


def the_dial(desk: Desk) -> Dial:
    with desk.reading() as work:
        return work.session.scalars(select(Dial)).one()


def the_callback(desk: Desk) -> Callback:
    with desk.reading() as work:
        return work.session.scalars(select(Callback)).one()


def heard(call: Call) -> str:
    return " ".join(call.heard)


def test_the_agent_hears_who_what_and_how_long_is_left_before_the_ring(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    words = heard(rung)
    for said in ("Acme", "a problem with sending or receiving", "4 hours left", "press 1"):
        assert said in words
    assert the_dial(desk).leg == Leg.AGENT
    assert all(not faults_in(webhook.body) for webhook in rung.webhooks if webhook.code == 200)


def test_the_whole_callback_by_telephone_alone(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    rung.press("1")
    customer = rung.answer()
    assert "the call you asked for" in heard(customer)
    customer.silence()
    assert the_callback(desk).first_rang_at == rome("2026-11-23 12:10")
    assert the_callback(desk).state == State.TALKING
    rung.talk(180)
    rung.dial_over()
    assert "How did it end?" in heard(rung)
    assert the_callback(desk).state == State.WRAP_UP
    rung.press("1")
    callback = the_callback(desk)
    assert (callback.state, callback.disposition) == (State.CLOSED, Disposition.SOLVED)
    assert the_dial(desk).outcome == Outcome.TALKED


def test_a_mailbox_at_the_agents_end_never_rings_the_customer(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    for _ in range(3):
        rung.silence()
    assert rung.state == "completed"
    assert (the_dial(desk).outcome, the_callback(desk).state) == (Outcome.LAPSED, State.WAITING)
    assert the_callback(desk).first_rang_at is None


@pytest.mark.parametrize(("key", "outcome"), [("3", Outcome.PASSED), ("9", Outcome.LATER)])
def test_an_agent_may_pass_or_put_it_off(desk: Desk, rung: Call, key: str, outcome: Outcome) -> None:
    rung.pick_up()
    rung.press(key)
    assert (the_dial(desk).outcome, the_callback(desk).state) == (outcome, State.WAITING)


def test_an_accept_told_twice_rings_the_customer_once(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    rung.press("1")
    again = rung.resend(-1)
    assert "<Dial" not in again.text
    assert the_dial(desk).leg == Leg.ACCEPTED


def test_a_call_that_is_not_this_dials_is_told_so(desk: Desk, rung: Call, exchange: Exchange) -> None:
    rung.pick_up()
    with desk.work() as work:
        handling.passed(work, work.session.scalars(select(Dial)).one())
    rung.press("1")
    assert "in other hands" in heard(rung)
    assert the_callback(desk).state == State.WAITING


@pytest.mark.parametrize(
    ("result", "outcome"),
    [("busy", Outcome.BUSY), ("no-answer", Outcome.NO_ANSWER), ("failed", Outcome.FAILED)],
)
def test_what_the_customers_phone_did_is_understood(
    desk: Desk, rung: Call, result: str, outcome: Outcome
) -> None:
    rung.pick_up()
    rung.press("1")
    rung.dial_result(result)
    assert the_dial(desk).outcome == outcome
    assert the_callback(desk).state == State.WAITING


def test_a_customer_who_cannot_talk_names_a_time_and_the_agent_hears_why(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    rung.press("1")
    customer = rung.answer()
    customer.press("3")
    assert "tomorrow at 9 AM" in " ".join(customer.all_heard)
    callback = the_callback(desk)
    assert (callback.ring_from, callback.misses) == (rome("2026-11-24 09:00"), 0)
    assert "cannot talk now" in " ".join(rung.all_heard)


def test_a_mailbox_at_the_customers_end_is_a_miss_that_the_agent_decides(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    rung.press("1")
    rung.answer().silence()
    rung.talk(25)
    rung.dial_over()
    rung.press("7")
    callback, dial = the_callback(desk), the_dial(desk)
    assert (dial.outcome, dial.message_left) == (Outcome.MAILBOX, True)
    assert (callback.state, callback.misses, callback.first_reached_at) == (State.WAITING, 1, None)


def test_silence_at_the_wrap_up_leaves_it_open_for_an_outcome(desk: Desk, rung: Call, clock: Clock) -> None:
    rung.pick_up()
    rung.press("1")
    rung.answer().silence()
    rung.talk(60)
    rung.dial_over()
    for _ in range(3):
        rung.silence()
    assert "on the board" in heard(rung)
    assert the_callback(desk).state == State.WRAP_UP


def test_an_agent_may_hear_the_message_first(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    rung.press("2")
    assert "not here yet" in heard(rung)
    with desk.work() as work:
        message = work.session.scalars(select(Message)).one()
        message.stored(work.now, "message.wav", "audio/wav", 44, "0" * 64)
    rung.press("2")
    assert any("/sound/" in webhook.text for webhook in rung.webhooks)


def test_the_callers_number_is_the_one_that_is_rung(desk: Desk, rung: Call) -> None:
    rung.pick_up()
    rung.press("1")
    assert f">{ACME_PHONE}<" in rung.webhooks[-1].text
    assert f'callerId="{SUPPORT}"' in rung.webhooks[-1].text
