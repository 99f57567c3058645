"""Another time: half-days by key, a date by keys or by voice, always read back, never guessed."""

from datetime import datetime

import pytest

from callbacks.moves import Move
from callbacks.work import Desk
from tests.people import Clock, rome
from tests.phone import Phone, moves, the_request, then, then_silence


def window(desk: Desk) -> tuple[datetime | None, datetime | None]:
    callback = the_request(desk)
    return callback.opens, callback.closes


SOON = (rome("2026-11-23 15:10"), rome("2026-11-23 17:10"))


@pytest.mark.parametrize("answer", ["", "1"], ids=["silence", "1"])
def test_silence_or_1_keeps_the_window(phone: Phone, desk: Desk, answer: str) -> None:
    call = phone.at_the_time()
    said = then(call, answer) if answer else then_silence(call)
    assert said.startswith("We will call you back between 3:10 and 5:10 this afternoon.")
    assert window(desk) == SOON
    assert call.state == "completed"


def test_the_next_three_half_days_are_offered_by_key(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time()
    assert then(call, "3") == (
        "To be called tomorrow morning, press 1; tomorrow afternoon, 2; on Wednesday morning, 3. "
        "For another date, press 9."
    )
    assert then(call, "2").startswith("We will call you back tomorrow between 2 and 4 PM.")
    assert window(desk) == (rome("2026-11-24 14:00"), rome("2026-11-24 16:00"))
    assert "wished" in moves(desk, the_request(desk))


def test_the_half_days_of_a_morning_call_begin_with_the_afternoon(phone: Phone, clock: Clock) -> None:
    clock.set("2026-11-23 09:30")
    call = phone.at_the_time(language_key="2")
    assert then(call, "3").startswith(
        "Per ricevere la chiamata oggi pomeriggio, prema 1; domani mattina, 2; domani pomeriggio, 3."
    )


def test_half_days_skip_weekends_and_holidays(phone: Phone, clock: Clock) -> None:
    clock.set("2026-12-07 16:45")
    assert then(phone.at_the_time(), "3").startswith(
        "To be called on Wednesday afternoon, press 1; on Thursday morning, 2; on Thursday afternoon, 3."
    )


def test_what_was_offered_is_what_the_key_means_however_long_one_thinks(
    phone: Phone, desk: Desk, clock: Clock
) -> None:
    call = phone.at_the_time()
    call.press("3")
    clock.set("2026-11-24 08:00")
    call.press("1")
    assert window(desk)[0] == rome("2026-11-24 09:00")


def test_a_date_typed_by_keys_is_read_back_and_confirmed(phone: Phone, desk: Desk) -> None:
    call = phone.at_another_date()
    assert then(call, "25111500") == (
        "We would call you on Wednesday between 3 and 5 PM. "
        "If that suits you, press 1. For another time, press 2."
    )
    assert window(desk) == SOON, "nothing is changed before it is confirmed"
    assert then(call, "1").startswith("We will call you back on Wednesday between 3 and 5 PM.")
    assert window(desk) == (rome("2026-11-25 15:00"), rome("2026-11-25 17:00"))


@pytest.mark.parametrize(
    ("key", "speech", "opens"),
    [
        ("1", "Tomorrow at three.", "2026-11-24 15:00"),
        ("1", "tomorrow at 3 p.m.", "2026-11-24 15:00"),
        ("1", "Tomorrow at 3:30 PM", "2026-11-24 15:30"),
        ("1", "at ten on Wednesday", "2026-11-25 10:00"),
        ("1", "Tuesday morning", "2026-11-24 09:00"),
        ("1", "this afternoon at five", "2026-11-23 17:00"),
        ("1", "the day after tomorrow at half past nine", "2026-11-25 09:30"),
        ("1", "November 27th at 10:15", "2026-11-27 10:15"),
        ("1", "Friday the twenty seventh of November at quarter past ten", "2026-11-27 10:15"),
        ("1", "Wednesday afternoon at quarter to four", "2026-11-25 15:45"),
        ("2", "Domani alle quindici", "2026-11-24 15:00"),
        ("2", "domani alle 15", "2026-11-24 15:00"),
        ("2", "domani alle tre", "2026-11-24 15:00"),
        ("2", "Martedì mattina.", "2026-11-24 09:00"),
        ("2", "mercoledì alle dieci e mezza", "2026-11-25 10:30"),
        ("2", "dopodomani alle quindici e trenta", "2026-11-25 15:30"),
        ("2", "venerdì 27 novembre alle 16", "2026-11-27 16:00"),
        ("2", "giovedì pomeriggio alle quattro meno un quarto", "2026-11-26 15:45"),
        ("2", "il ventisette novembre alle ore 9:45", "2026-11-27 09:45"),
    ],
)
def test_a_time_may_be_said(phone: Phone, desk: Desk, key: str, speech: str, opens: str) -> None:
    call = phone.at_another_date(language_key=key)
    call.speak(speech)
    call.press("1")
    assert window(desk)[0] == rome(opens)


@pytest.mark.parametrize(
    "speech",
    [
        "soon", "at three", "next Tuesday at three", "Monday at ten", "tomorrow at one", "tomorrow at seven",
        "three on november five", "Friday the 26th of November at ten", "tomorrow at 25", "tomorrow", "",
        "30 February at ten", "domani alle tre", "明日の午後三時", "tomorrow " * 90,
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_asked_for_by_keys(phone: Phone, desk: Desk, speech: str) -> None:
    call = phone.at_another_date()
    said = " ".join(call.speak(speech)) if speech else then_silence(call)
    assert said.endswith("Please type eight digits: day, month, hour and minutes, two digits each.")
    assert said.startswith("I did not understand that.") == bool(speech)
    assert window(desk) == SOON


@pytest.mark.parametrize(
    ("keys", "remark"),
    [
        ("31021000", "There is no such date and time."),
        ("25112460", "There is no such date and time."),
        ("2511#", "There is no such date and time."),
        ("25031000", "That is more than two months away."),
    ],
)
def test_a_date_that_cannot_be_says_why(phone: Phone, desk: Desk, keys: str, remark: str) -> None:
    call = phone.at_another_date()
    assert then(call, keys).startswith(f"{remark} Please type eight digits")
    assert window(desk) == SOON


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            "23111000",
            "That is sooner than we can promise. We would call you between 3:10 and 5:10 this afternoon.",
        ),
        (
            "20111000",
            "That is sooner than we can promise. We would call you between 3:10 and 5:10 this afternoon.",
        ),
        ("25111330", "The office is closed then. We would call you on Wednesday between 2 and 4 PM."),
        (
            "28111000",
            "The office is closed then. We would call you on Monday, November 30 between 9 and 11 AM.",
        ),
        (
            "08121000",
            "The office is closed then. We would call you on Wednesday, December 9 between 9 and 11 AM.",
        ),
    ],
    ids=["today, too soon", "last week", "at lunch", "on a Saturday", "on a holiday"],
)
def test_a_wish_that_cannot_be_met_is_answered_with_what_will_be(phone: Phone, keys: str, said: str) -> None:
    call = phone.at_another_date()
    assert then(call, keys).startswith(said)


def test_a_wish_is_worded_and_promised_as_the_worked_example(phone: Phone, desk: Desk, clock: Clock) -> None:
    clock.set("2026-11-23 09:30")
    call = phone.at_another_date()
    assert then(call, "23111630").startswith(
        "We would call you today between 4:30 and 6 PM, or tomorrow by 9:30 AM."
    )
    call.press("1")
    assert window(desk) == (rome("2026-11-23 16:30"), rome("2026-11-24 09:30"))


def test_another_time_after_the_read_back_counts_as_a_try(phone: Phone, desk: Desk) -> None:
    call = phone.at_another_date()
    call.press("25111500")
    assert then(call, "2").startswith("Please type eight digits")
    call.press("25111530")
    assert then(call, "2") == "Eight digits: day, month, hour, minutes."
    call.press("25111545")
    assert then(call, "2").startswith("We will call you back between 3:10 and 5:10 this afternoon.")
    assert window(desk) == SOON


def test_silence_at_the_read_back_takes_nothing(phone: Phone, desk: Desk) -> None:
    call = phone.at_another_date()
    call.press("25111500")
    call.silence()
    call.silence()
    assert then_silence(call).startswith("We will call you back between 3:10 and 5:10 this afternoon.")
    assert window(desk) == SOON


def test_silence_at_the_half_days_keeps_what_was_promised(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time()
    call.press("3")
    assert then_silence(call) == (
        "1, tomorrow morning; 2, tomorrow afternoon; 3, on Wednesday morning. Another date, 9."
    )
    assert then(call, "7").endswith("Another, 9.")
    assert then_silence(call).startswith("We will call you back between 3:10 and 5:10")
    assert window(desk) == SOON


def test_star_hears_the_question_again(phone: Phone) -> None:
    call = phone.at_the_time()
    assert then(call, "*") == (
        "We will call you back between 3:10 and 5:10 this afternoon. For another time, press 3."
    )
    half_days = then(call, "3")
    assert then(call, "*") == half_days
    date = then(call, "9")
    assert then(call, "*#") == date
    read_back = then(call, "25111500")
    assert then(call, "*") == read_back


def test_a_request_that_is_being_dealt_with_keeps_its_window(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time()
    call.press("3")
    with desk.work() as work:
        work.session.merge(the_request(desk)).make(work, Move.REACHED, "agent:ada")
    assert then(call, "1").startswith("We will call you back between 3:10 and 5:10 this afternoon.")
    assert window(desk) == SOON


def test_a_hang_up_after_the_message_keeps_the_promise(phone: Phone, desk: Desk) -> None:
    call = phone.at_another_date()
    call.hang_up()
    call.deliver_all(times=2)
    assert window(desk) == SOON
