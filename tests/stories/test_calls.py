"""Whole calls as people make them: a customer, an Italian colleague, a stranger, a phone that dies."""

import pytest

from callbacks import journal, seal
from callbacks.call import Kind
from callbacks.moves import Move
from callbacks.work import Desk
from script.benchmarks.effort import MOST_WORDS, run
from tests.people import ACME_PHONE, STRANGER_PHONE, Clock, rome
from tests.phone import Phone, heard, messages, requests, the_request, then, then_silence


def test_acme_leaves_a_message_on_friday_evening_and_is_promised_monday(
    phone: Phone, desk: Desk, clock: Clock
) -> None:
    clock.set("2026-11-27 17:30")
    call = phone.ring_with_code()
    assert then(call, "1") == ("After the tone, say what it is about. Hang up or press pound when done.")
    call.record(seconds=23)
    assert then_silence(call).startswith("We will call you back on Monday between 10:30 AM and 12:30 PM.")
    call.hang_up()
    call.deliver_all()
    callback = the_request(desk)
    assert (callback.opens, callback.closes) == (rome("2026-11-30 10:30"), rome("2026-11-30 12:30"))
    assert callback.solve_by_level_1 == rome("2026-11-30 17:30")


def test_an_italian_colleague_asks_for_tuesday_morning_at_the_mobile(phone: Phone, desk: Desk) -> None:
    call = phone.leave_message(language_key="2")
    call.press("2")
    assert then(call, "3331234567#").startswith("3 3 3, 1 2 3, 4 5 6 7. Se è giusto, prema 1.")
    call.press("1")
    call.press("3")
    call.press("9")
    assert " ".join(call.speak("Martedì mattina")) == (
        "La chiameremmo domani tra le 9 e le 11. Se va bene, prema 1. Per un altro orario, prema 2."
    )
    said = then(call, "1")
    assert said.startswith(
        "La richiamiamo domani tra le 9 e le 11. Chiameremo il numero che termina con 4 5 6 7."
    )
    assert said.endswith("Grazie e arrivederci.")
    callback = the_request(desk)
    assert (callback.number, callback.opens) == ("+393331234567", rome("2026-11-24 09:00"))


def test_a_stranger_is_helped_by_sales_and_learns_nothing(phone: Phone, desk: Desk) -> None:
    call = phone.ring(STRANGER_PHONE)
    said = heard(call)
    for guess in ("1234#", "4321#", "9999#"):
        said += then(call, guess)
    assert "Acme Support" in said
    assert not {"Bolt", "Premium", "delivery"} & set(said.split())
    call.record(then="hangup")
    assert the_request(desk).kind == Kind.SALES


def test_a_phone_that_dies_in_mid_message_costs_nothing(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.press("1")
    call.record(seconds=4, then="hangup")
    for notice in call.notices[::-1]:
        notice.deliver(times=2)
    callback = the_request(desk)
    assert (callback.kind, callback.number) == (Kind.CALLBACK, ACME_PHONE)
    assert [message.seconds for message in messages(desk)] == [4]


def test_an_answer_lost_on_its_way_is_asked_for_again(phone: Phone, desk: Desk) -> None:
    call = phone.ring_with_code()
    call.lose_reply()
    call.press("1")
    assert "Something is wrong on our side." in heard(call), "the carrier gave up and fell back"
    call.record(seconds=9)
    call.deliver_all()
    assert [each.kind for each in requests(desk)] == [Kind.CALLBACK]
    phone.calls.remove(call)  # the carrier has noted its own fault


def test_the_journal_of_a_call_tells_it_whole_and_holds(phone: Phone, desk: Desk) -> None:
    call = phone.at_the_time()
    call.press("3")
    call.press("1")
    call.deliver_all(times=2)
    with desk.reading() as work:
        subject = the_request(desk).subject
        assert [line.move for line in journal.lines(work.session, subject)] == [
            Move.RECEIVED, Move.MESSAGE_JOINED, Move.TOLD_CALLER, Move.WISHED, Move.TOLD_CALLER,
        ]  # fmt: skip
        assert not seal.faults(work.session)


@pytest.mark.parametrize(("topics", "count"), [("12", 2), ("11", 1)])
def test_two_calls_at_once_of_one_customer_are_a_request_for_each_topic(
    phone: Phone, desk: Desk, topics: str, count: int
) -> None:
    calls = [phone.ring_with_code() for _ in topics]
    for call, topic in zip(calls, topics, strict=True):
        call.press(topic)
    for call in reversed(calls):
        call.record(then="hangup")
        call.deliver_all()
    assert len({each.reference for each in requests(desk)}) == count
    assert len(messages(desk)) == 2, "no message is lost, whatever it was joined to"


def test_the_shortest_call_keeps_to_its_words_in_each_language() -> None:
    rows = run()
    assert len(rows) == 12
    assert not [row for row in rows if row["ours"] > MOST_WORDS]
