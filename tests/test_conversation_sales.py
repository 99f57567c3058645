"""Sales, paid services and the language of the number dialled."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from callbacks.call import Kind
from callbacks.phone_number import PhoneNumber, read
from callbacks.policy import Policy
from callbacks.work import Desk
from tests.desk import SUPPORT, Served, phone_app
from tests.people import Clock
from tests.phone import Phone, heard, requests, the_request, then, then_silence

Change = Callable[[Policy], Policy]
Under = Callable[[Change], None]


@pytest.fixture
def under(desk: Desk, served_desk: Served) -> Under:
    """Serve the desk under another policy."""

    def change(how: Change) -> None:
        served_desk.app = phone_app(replace(desk, policy=how(desk.policy)), served_desk.url)

    return change


def with_sales(policy: Policy) -> Policy:
    """Sales can be rung."""
    number = read("+390287654321")
    assert isinstance(number, PhoneNumber)
    return replace(policy, sales=replace(policy.sales, number=number))


def test_in_their_hours_sales_is_rung(phone: Phone, under: Under, desk: Desk) -> None:
    under(with_sales)
    call = phone.ring()
    assert then(call, "0#") == "We are connecting you with Sales."
    assert call.verb == "dial"
    call.dial_result("completed", bridged=True)
    assert heard(call).endswith("Thank you. Goodbye.")
    call.deliver_all()
    assert not requests(desk)


@pytest.mark.parametrize(
    ("result", "bridged"), [("busy", None), ("no-answer", None), ("failed", None), ("completed", False)]
)
def test_a_caller_whom_nobody_at_sales_answered_leaves_a_message(
    phone: Phone, under: Under, desk: Desk, result: str, bridged: bool | None
) -> None:
    under(with_sales)
    call = phone.ring()
    call.press("0#")
    call.dial_result(result, bridged=bool(bridged))
    assert "After the tone, leave your name, your number and a message for Sales." in heard(call)
    call.record(seconds=12)
    assert heard(call) == "Sales has your message. Thank you. Goodbye."
    callback = the_request(desk)
    assert (callback.kind, callback.opens, callback.number) == (Kind.SALES, None, "+390212344587")


def test_outside_their_hours_sales_takes_a_message(phone: Phone, under: Under, clock: Clock) -> None:
    under(with_sales)
    clock.set("2026-11-28 11:00")
    call = phone.ring()
    assert then(call, "0#").startswith("After the tone,")
    assert call.verb == "record"


def test_a_paid_service_is_named_and_a_request_left_for_sales(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    assert then(call, "4") == (
        "This is covered by our service Pre-Paid Hours, not by support. "
        "To leave a request for Sales, press 1. For other topics, press 2."
    )
    assert then(call, "1").startswith("After the tone, leave your name")
    call.record(then="hangup")
    callback = the_request(desk)
    assert (callback.kind, callback.topic) == (Kind.SALES, "content")


def test_a_caller_may_go_back_from_a_paid_service_to_the_topics(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.press("5")
    assert then(call, "2").startswith("One key: 1, a problem with sending")
    call.press("2")
    call.record(then="hangup")
    assert (the_request(desk).kind, the_request(desk).topic) == (Kind.CALLBACK, "access")


def test_going_back_and_forth_ends_with_the_message(phone: Phone) -> None:
    call = phone.ring_with_code()
    for _ in range(3):
        call.press("4")
        call.press("2")
    assert call.verb == "record"


def test_silence_at_a_paid_service_ends_with_goodbye(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.press("4")
    assert then_silence(call) == "To leave a request for Sales, press 1. For other topics, press 2."
    assert then(call, "*") == "To leave a request for Sales, press 1. For other topics, press 2."
    assert then_silence(call) == "For Sales, 1. For other topics, 2."
    assert then_silence(call) == "Thank you. Goodbye."
    call.deliver_all()
    assert the_request(desk).kind == Kind.NO_MESSAGE


def test_the_number_dialled_may_decide_the_language(phone: Phone, under: Under) -> None:
    under(lambda policy: replace(policy, languages=replace(policy.languages, by_number={SUPPORT: "it"})))
    assert heard(phone.ring()).endswith("Digiti l'interno privato, poi cancelletto.")


def test_a_desk_of_one_language_offers_no_other(phone: Phone, under: Under) -> None:
    under(lambda policy: replace(policy, languages=replace(policy.languages, offered=("it",))))
    call = phone.ring()
    assert heard(call) == "Acme Support. Digiti l'interno privato, poi cancelletto."
    assert then(call, "1#").startswith("Questo interno non ci risulta.")


def test_a_policy_may_keep_the_languages_from_the_welcome(phone: Phone, under: Under) -> None:
    under(lambda policy: replace(policy, languages=replace(policy.languages, key_at_welcome=False)))
    call = phone.ring()
    assert heard(call) == "Acme Support. Enter your private extension, then pound."
    assert then(call, "2#").startswith("That extension is not one of ours.")
