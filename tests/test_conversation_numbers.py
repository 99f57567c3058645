"""The number to call back on: kept, changed, read back, refused with a reason."""

import pytest

from callbacks.work import Desk
from tests.people import ACME_PHONE
from tests.phone import Phone, heard, moves, the_request, then, then_silence

OTHER = "+390236575900"


@pytest.mark.parametrize("answer", ["", "1"], ids=["silence", "1"])
def test_silence_or_1_keeps_the_number_of_the_call(phone: Phone, desk: Desk, answer: str) -> None:
    call = phone.leave_message()
    assert heard(call) == (
        "We will call you on the number you are calling from, ending 4 5 8 7. To change it, press 2."
    )
    hears = then(call, answer) if answer else then_silence(call)
    assert hears.startswith("We will call you back")
    assert the_request(desk).number == ACME_PHONE


def test_another_number_is_read_back_digit_by_digit_and_taken(phone: Phone, desk: Desk) -> None:
    call = phone.leave_message()
    assert then(call, "2") == "Which number shall we call? Type or say it, then press pound."
    assert then(call, "0236575900#") == (
        "0 2, 3 6 5 7, 5 9 0 0. If that is right, press 1. To change it, press 2."
    )
    assert the_request(desk).number == ACME_PHONE, "nothing is changed before it is confirmed"
    assert then(call, "1").startswith("We will call you back")
    assert the_request(desk).number == OTHER
    assert "number_changed" in moves(desk, the_request(desk))
    assert "ending 5 9 0 0" in then_silence(call)


@pytest.mark.parametrize(
    ("key", "speech"),
    [
        ("1", "Oh two, three six five seven, five nine double oh"),
        ("1", "It's 02 3657 5900, please."),
        ("1", "plus thirty nine zero two thirty six fifty seven fifty nine zero zero"),
        ("2", "zero due tre sei cinque sette cinque nove doppio zero"),
        ("2", "zero due, trentasei cinquantasette cinquantanove zero zero"),
        ("2", "più trentanove zero due tre sei cinque sette cinque novecento"),
    ],
)
def test_a_number_may_be_said(phone: Phone, desk: Desk, key: str, speech: str) -> None:
    call = phone.leave_message(language_key=key)
    call.press("2")
    call.speak(speech)
    call.press("1")
    assert the_request(desk).number == OTHER


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("3331234567#", "+393331234567"),
        ("00442071838750#", "+442071838750"),
        ("0115612345#", "+390115612345"),
    ],
    ids=["mobile", "abroad", "turin"],
)
def test_a_number_is_typed_as_one_would_dial_it(phone: Phone, desk: Desk, dialled: str, number: str) -> None:
    call = phone.leave_message()
    call.press("2")
    call.press(dialled)
    call.press("1")
    assert the_request(desk).number == number


@pytest.mark.parametrize(
    ("dialled", "why"),
    [
        ("112#", "We cannot call short or emergency numbers."),
        ("899123456#", "We cannot call premium-rate numbers."),
        ("00881612345678#", "We cannot call satellite telephones."),
        ("0018762345678#", "We cannot call numbers in that country."),
        ("0018889624587#", "That is our own number."),
        ("199123456#", "We cannot call that type of number."),
        ("023#", "We cannot call short or emergency numbers."),
        ("02345#", "That is not a complete telephone number."),
    ],
)
def test_a_number_that_is_never_called_says_why_and_asks_again(
    phone: Phone, desk: Desk, dialled: str, why: str
) -> None:
    call = phone.leave_message()
    call.press("2")
    assert then(call, dialled) == f"{why} Type the number as you would dial it, then pound."
    assert the_request(desk).number == ACME_PHONE


@pytest.mark.parametrize(
    "caller_id", ["anonymous", "Restricted", "+266696687", "sip:a@example.com", "12345", ""]
)
def test_a_withheld_caller_is_asked_for_a_number(phone: Phone, desk: Desk, caller_id: str) -> None:
    call = phone.leave_message(from_=caller_id)
    assert heard(call).startswith("Which number shall we call?")
    assert the_request(desk).number is None
    call.press("0236575900#")
    call.press("1")
    assert the_request(desk).number == OTHER


def test_without_a_number_after_three_tries_the_request_stands_and_a_person_looks(
    phone: Phone, desk: Desk
) -> None:
    call = phone.leave_message(from_="anonymous")
    call.silence()
    call.press("112#")
    assert then(call, "5#").startswith("We will call you back between 3:10 and 5:10")
    said = then_silence(call)
    assert "You left no number, so we will look for one that we know of your company." in said
    assert "ending" not in said
    assert moves(desk, the_request(desk)).count("noted") == 1


def test_a_number_that_was_misheard_is_asked_for_again_and_counts_as_a_try(phone: Phone, desk: Desk) -> None:
    call = phone.leave_message()
    call.press("2")
    call.press("0236575901#")
    assert then(call, "2") == "Type the number as you would dial it, then pound."
    call.press("0236575902#")
    assert then(call, "2") == "Only the digits of the number, then pound."
    call.press("0236575903#")
    assert then(call, "2").startswith("We will call you back"), "three tries, then the number we had"
    assert the_request(desk).number == ACME_PHONE


def test_an_unconfirmed_number_is_not_taken(phone: Phone, desk: Desk) -> None:
    call = phone.leave_message()
    call.press("2")
    call.press("0236575900#")
    assert then_silence(call) == "0 2, 3 6 5 7, 5 9 0 0. Right, press 1. Wrong, press 2."
    assert then_silence(call) == "Press 1 if 0 2, 3 6 5 7, 5 9 0 0 is right."
    assert then_silence(call).startswith("We will call you back")
    assert the_request(desk).number == ACME_PHONE


def test_star_hears_the_question_again(phone: Phone) -> None:
    call = phone.leave_message()
    assert then(call, "*") == (
        "We will call you on the number you are calling from, ending 4 5 8 7. To change it, press 2."
    )
    call.press("2")
    assert then(call, "*#") == "Which number shall we call? Type or say it, then press pound."
    call.press("0236575900#")
    assert then(call, "*").startswith("0 2, 3 6 5 7")


def test_a_wrong_key_asks_again_and_then_keeps_the_number(phone: Phone, desk: Desk) -> None:
    call = phone.leave_message()
    assert then(call, "7").startswith("We will call the number ending 4 5 8 7.")
    assert then(call, "8") == "To keep the number, press 1; to change it, 2."
    assert then(call, "9").startswith("We will call you back")
    assert the_request(desk).number == ACME_PHONE


def test_a_caller_from_another_time_zone_hears_whose_clock_it_is(phone: Phone) -> None:
    assert heard(phone.at_the_time(from_="+12125550123")).startswith(
        "We will call you back between 3:10 and 5:10 this afternoon, Rome time."
    )
    assert "Rome" not in heard(phone.at_the_time(from_="+4930123456"))
