"""The caller calls again: hears what stands, changes it by key, and never has it doubled."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks import extension_code
from callbacks.callback import Callback
from callbacks.moves import Disposition, Move, State
from callbacks.subscription import Subscription
from callbacks.work import Desk
from exchange.phone import Call
from tests.people import ACME_PHONE, Clock, rome
from tests.phone import Phone, heard, messages, moves, requests, the_request, then, then_silence

COLLEAGUE = "+390212344999"


@pytest.fixture
def asked(phone: Phone, desk: Desk) -> Callback:
    """Acme asked for a call at ten past noon: between 3:10 and 5:10 this afternoon."""
    phone.leave_message().hang_up()
    return the_request(desk)


def rings_again(phone: Phone, from_: str = ACME_PHONE) -> Call:
    return phone.ring_with_code(from_)


def say_outcome(desk: Desk, callback: Callback, disposition: Disposition) -> None:
    with desk.work() as work:
        held = work.held(Callback, callback.id)
        assert held is not None
        if disposition is Disposition.WAITING:
            held.reached(work, "agent:ada")
            held.pause(work, "agent:ada")
        else:
            held.close(work, disposition, "agent:ada")


def test_a_caller_whose_request_is_open_hears_what_stands(phone: Phone, asked: Callback) -> None:
    call = rings_again(phone)
    assert heard(call).startswith(
        "We will call you between 3:10 and 5:10 this afternoon at the number ending 4 5 8 7."
    )
    assert "to cancel it, 4; for a new request, 5" in heard(call)


def test_in_italian_too(phone: Phone, asked: Callback) -> None:
    call = phone.ring_with_code(language_key="2")
    assert "al numero che termina con 4 5 8 7." in heard(call)
    assert "per una nuova richiesta, 5" in heard(call)


def test_hanging_up_after_hearing_it_leaves_nothing_new(phone: Phone, desk: Desk, asked: Callback) -> None:
    rings_again(phone).hang_up()
    assert the_request(desk).closes == asked.closes
    assert moves(desk, asked)[-1] == "same_again"


def test_adding_to_the_message_never_moves_the_window(
    phone: Phone, desk: Desk, clock: Clock, asked: Callback
) -> None:
    clock.forward(timedelta(hours=1))
    call = rings_again(phone)
    then(call, "1")
    call.record(seconds=15)
    assert heard(call).startswith("We have added your message to your request. We will call you between 3:10")
    now = the_request(desk)
    assert (now.opens, now.closes, len(messages(desk))) == (asked.opens, asked.closes, 2)
    assert "message_added" in moves(desk, asked)


def test_a_caller_who_hangs_up_while_adding_is_heard_all_the_same(
    phone: Phone, desk: Desk, asked: Callback
) -> None:
    call = rings_again(phone)
    then(call, "1")
    call.record(seconds=15, then="hangup")
    call.deliver_all()
    assert [message.callback_id for message in messages(desk)] == [asked.id, asked.id]
    the_request(desk)


def test_what_is_added_to_a_request_closed_meanwhile_is_a_request_of_its_own(
    phone: Phone, desk: Desk, asked: Callback
) -> None:
    call = rings_again(phone)
    then(call, "1")
    say_outcome(desk, asked, Disposition.SOLVED)
    call.record(seconds=15)
    old, new = requests(desk)
    assert (old.state, new.state) == (State.CLOSED, State.WAITING)
    assert "We will call you" in heard(call)


def test_another_time_moves_the_window_and_is_confirmed(phone: Phone, desk: Desk, asked: Callback) -> None:
    call = rings_again(phone)
    assert "To be called tomorrow morning, press 1" in then(call, "2")
    said = then(call, "1")
    assert said == (
        "We will call you tomorrow between 9 and 11 AM at the number ending 4 5 8 7. Thank you. Goodbye."
    )
    assert the_request(desk).opens == rome("2026-11-24 09:00")


def test_a_time_that_has_passed_is_never_promised(
    phone: Phone, desk: Desk, clock: Clock, asked: Callback
) -> None:
    clock.set("2026-11-23 16:30")
    call = rings_again(phone)
    then(call, "2")
    then(call, "9")
    assert "That is sooner than we can promise." in then(call, "23111515#")
    then(call, "1")
    assert the_request(desk).opens == rome("2026-11-23 16:30")


def test_another_number_is_read_back_and_confirmed(phone: Phone, desk: Desk, asked: Callback) -> None:
    call = rings_again(phone)
    then(call, "3")
    assert "press 1" in then(call, "0236575900#")
    said = then(call, "1")
    assert said == (
        "We will call you between 3:10 and 5:10 this afternoon at the number ending 5 9 0 0."
        " Thank you. Goodbye."
    )
    assert the_request(desk).number == "+390236575900"


def test_who_gave_another_number_still_finds_the_request_from_the_old_one(
    phone: Phone, desk: Desk, asked: Callback
) -> None:
    call = rings_again(phone)
    then(call, "3")
    then(call, "0236575900#")
    then(call, "1")
    assert "at the number ending 5 9 0 0" in heard(rings_again(phone))


def test_cancelling_is_asked_twice_and_said_once_it_is_done(
    phone: Phone, desk: Desk, asked: Callback
) -> None:
    call = rings_again(phone)
    assert "press 1" in then(call, "4")
    assert "is cancelled. We will not call you." in then(call, "1")
    now = the_request(desk)
    assert (now.state, now.disposition) == (State.CLOSED, Disposition.WITHDRAWN)
    assert "press 1" in heard(rings_again(phone))
    assert "new request" not in heard(rings_again(phone))


def test_who_does_not_say_yes_to_cancelling_is_called(phone: Phone, desk: Desk, asked: Callback) -> None:
    call = rings_again(phone)
    then(call, "4")
    for _ in range(3):
        said = then_silence(call)
    assert "We will call you between" in said
    assert the_request(desk).is_open


def test_silence_at_what_stands_is_offered_the_tone(phone: Phone, desk: Desk, asked: Callback) -> None:
    call = rings_again(phone)
    for _ in range(3):
        said = then_silence(call)
    assert "say what you want to add" in said
    call.hang_up()
    the_request(desk)


def test_a_new_request_about_something_else_is_a_promise_of_its_own(
    phone: Phone, desk: Desk, asked: Callback
) -> None:
    call = rings_again(phone)
    then(call, "5")
    then(call, "2")
    call.record(seconds=9)
    assert "We will call you on the number" in heard(call)
    assert [each.topic for each in requests(desk)] == ["delivery", "access"]


def test_the_same_asked_twice_is_joined_not_doubled_and_the_caller_hears_so(
    phone: Phone, desk: Desk, clock: Clock, asked: Callback
) -> None:
    clock.forward(timedelta(minutes=30))
    call = rings_again(phone)
    then(call, "5")
    then(call, "1")
    call.record(seconds=9)
    assert heard(call).startswith(
        "You had asked about this already, so we added your message to that request."
        " We will call you between 3:10 and 5:10 this afternoon"
    )
    assert (len(messages(desk)), the_request(desk).closes) == (2, asked.closes)


def test_two_callers_of_one_company_each_have_their_own(phone: Phone, desk: Desk, asked: Callback) -> None:
    call = rings_again(phone, COLLEAGUE)
    assert "3:10" not in heard(call)
    then(call, "1")
    call.record(seconds=9)
    call.hang_up()
    assert [each.number for each in requests(desk)] == [ACME_PHONE, COLLEAGUE]


def test_a_withheld_number_is_told_nothing_of_what_stands(phone: Phone, desk: Desk) -> None:
    phone.leave_message("anonymous").hang_up()
    assert "new request" not in heard(rings_again(phone, "anonymous"))


def test_another_company_at_the_same_telephone_is_told_nothing(
    phone: Phone, desk: Desk, asked: Callback
) -> None:
    with desk.work() as work:
        acme = work.session.scalars(select(Subscription).where(Subscription.company == "Acme")).one()
        other = Subscription(
            company="Other", plan=acme.plan, contract_speed=1, starts_on=acme.starts_on, languages=["en"],
            contacts=[], created_at=work.now,
        )  # fmt: skip
        work.session.add(other)
        work.session.flush()
        code = extension_code.make(work, other)
    assert "new request" not in heard(phone.ring_with_code(code=code))


def test_a_request_that_waited_for_the_customer_goes_on_when_they_call(
    phone: Phone, desk: Desk, asked: Callback
) -> None:
    say_outcome(desk, asked, Disposition.WAITING)
    call = rings_again(phone)
    assert "is open, and we are working on it" in heard(call)
    assert the_request(desk).state == State.WAITING
    assert moves(desk, asked)[-2:] == ["same_again", "resumed"]


def test_who_was_not_rung_in_time_hears_that_we_are_late(phone: Phone, clock: Clock, asked: Callback) -> None:
    clock.set("2026-11-24 10:00")
    assert heard(rings_again(phone)).startswith("We are late with your call, and we are sorry.")


def test_a_repeated_webhook_changes_what_stands_only_once(phone: Phone, desk: Desk, asked: Callback) -> None:
    call = rings_again(phone)
    then(call, "2")
    then(call, "1")
    before = moves(desk, asked)
    for number in range(len(call.webhooks)):
        call.resend(number)
    assert moves(desk, asked) == before


def test_who_was_missed_hears_when_they_are_rung_again(
    phone: Phone, desk: Desk, clock: Clock, asked: Callback
) -> None:
    with desk.work() as work:
        held = work.held(Callback, asked.id)
        assert held is not None
        held.rang(work, "agent:ada", "no_answer")
        held.make(work, Move.OFFERED, "desk")
        held.missed(work, "agent:ada")
    assert heard(rings_again(phone)).startswith(
        "We will ring you again today at 12:20 PM at the number ending 4 5 8 7."
    )
