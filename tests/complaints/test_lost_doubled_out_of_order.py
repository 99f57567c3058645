"""What users of other callback systems complain of: the request gets lost, doubled, or out of order."""

from datetime import timedelta

import pytest

from callbacks.agent import Presence
from callbacks.call import Kind
from callbacks.dial import Outcome
from callbacks.message import MessageState
from callbacks.moves import Move, State
from tests.complaints.line import MOBILE, OTHER_PHONE, THIRD_PHONE, Line
from tests.people import ACME_PHONE, rome
from tests.phone import heard, messages, moves, requests, the_request, then, then_silence
from tests.ringing import hands, wants_to_be_rung


def test_no_second_callback_is_dialled_while_the_first_still_rings(line: Line) -> None:
    line.asks()
    line.sit_down("ada", "sara")
    line.clocks[:] = [hands(line.means), hands(line.means)]
    for _ in range(6):
        line.clock.forward(timedelta(seconds=20))
        for clock in line.clocks:
            clock.look()
    assert line.agents_rung() == ["ada"]
    call = line.accepted()
    line.later(minutes=1)
    call.answer().silence()
    line.later(minutes=1)
    assert (line.agents_rung(), line.customers_rung()) == (["ada"], [ACME_PHONE])


def test_no_more_callbacks_are_launched_than_agents_are_free_and_none_jumps_the_queue(line: Line) -> None:
    for number in (ACME_PHONE, OTHER_PHONE, THIRD_PHONE):
        line.asks(number)
        line.clock.forward(timedelta(minutes=1))
    line.sit_down("ada")
    for rung in range(1, 4):
        line.later(minutes=1)
        assert len(line.agents_rung()) == rung, "one agent, one callback in the air"
        line.talked()
    line.later(minutes=5)
    assert line.customers_rung() == [ACME_PHONE, OTHER_PHONE, THIRD_PHONE]


def test_a_restart_after_days_takes_up_hundreds_of_requests_without_ringing_them_all_at_once(
    line: Line,
) -> None:
    with line.desk.work() as work:
        for number in range(150):
            wants_to_be_rung(work, f"{number:06d}", f"+39347{1_000_000 + number}")
    line.clock.set("2026-11-25 10:00")
    line.sit_down("ada")
    line.restarted()
    line.look(6)
    assert line.agents_rung() == ["ada"]
    for callback in requests(line.desk):
        written = moves(line.desk, callback)
        assert [written.count(move) for move in (Move.DUE, Move.AT_RISK, Move.LATE)] == [1, 1, 1]


def test_who_was_not_reached_keeps_the_original_place(line: Line) -> None:
    line.asks(ACME_PHONE)
    line.clock.forward(timedelta(minutes=1))
    line.asks(OTHER_PHONE)
    line.sit_down("ada")
    line.look()
    line.missed()
    line.go_away("ada", Presence.BUSY)
    line.later(minutes=11)
    line.sit_down("ada")
    line.look()
    line.talked()
    assert line.customers_rung() == [ACME_PHONE, ACME_PHONE]


def test_an_agents_later_comes_back_by_itself_to_the_same_queue_and_never_sticks(line: Line) -> None:
    asked = line.asks()
    line.sit_down("ada")
    line.look()
    call = line.ringing()
    call.pick_up()
    call.press("9")
    call.deliver_all()
    line.later(minutes=29)
    assert line.agents_rung() == ["ada"], "not before its time"
    line.later(minutes=2)
    line.talked()
    now = line.as_it_stands(asked)
    assert (now.state, now.kind, now.channel) == (State.CLOSED, Kind.CALLBACK, "phone")
    assert line.customers_rung() == [ACME_PHONE]


def test_nothing_is_called_confirmed_for_a_number_that_was_refused(line: Line) -> None:
    call = line.phone.leave_message()
    call.press("2")
    refused = then(call, "899123456#")
    assert "We will call you back" not in refused
    assert "4 5 6" not in refused
    call.hang_up()
    call.deliver_all()
    assert the_request(line.desk).number == ACME_PHONE
    line.sit_down("ada")
    line.look()
    line.talked()
    assert line.customers_rung() == [ACME_PHONE]


def test_a_text_confirms_what_holds_and_never_goes_to_the_number_that_was_refused(line: Line) -> None:
    call = line.phone.leave_message(MOBILE)
    call.press("2")
    call.press("899123456#")
    call.hang_up()
    call.deliver_all()
    line.look()
    line.later(minutes=31)
    texts = list(line.exchange.store.messages.values())
    assert [text.to for text in texts] == [MOBILE]
    reference = the_request(line.desk).reference
    assert reference in "".join(sign for sign in texts[0].body if sign.isdigit())


def test_another_number_orphans_no_request(line: Line) -> None:
    call = line.phone.leave_message()
    call.press("2")
    call.press("0212344588#")
    call.press("1")
    call.hang_up()
    call.deliver_all()
    asked = the_request(line.desk)
    line.sit_down("ada")
    line.look()
    line.talked()
    assert line.customers_rung() == [OTHER_PHONE]
    assert line.as_it_stands(asked).state == State.CLOSED


def test_a_message_of_bad_sound_is_one_request_and_is_rung(line: Line) -> None:
    call = line.phone.ring_with_code()
    call.press("1")
    call.record(seconds=3, then="hangup")
    for sid in line.exchange.store.recordings:
        line.exchange.store.keep_audio(sid, b"no sound at all")
    call.deliver_all(times=2)
    the_request(line.desk)
    line.sit_down("ada")
    line.look()
    line.talked()
    assert line.customers_rung() == [ACME_PHONE]


def test_no_agent_is_rung_while_the_caller_leaves_the_message_and_no_talk_is_recorded(line: Line) -> None:
    line.sit_down("ada")
    call = line.phone.ring_with_code()
    call.press("1")
    line.later(minutes=1)
    assert (call.verb, line.agents_rung()) == ("record", [])
    call.record(then="hangup")
    call.deliver_all()
    line.look()
    agents_call = line.accepted()
    dialled = agents_call.webhooks[-1].text
    assert "<Dial" in dialled
    assert "record" not in dialled
    customer = agents_call.answer()
    customer.silence()
    agents_call.talk(600)
    customer.hang_up()
    assert len(messages(line.desk)) == 1


def test_a_caller_who_hangs_up_without_confirming_is_called_back(line: Line) -> None:
    call = line.phone.ring_with_code()
    call.press("1")
    call.record(seconds=5, then="hangup")
    call.deliver_all()
    line.sit_down("ada")
    line.look()
    line.talked()
    assert line.customers_rung() == [ACME_PHONE]


def test_a_hang_up_of_which_no_notice_ever_comes_is_a_request_all_the_same(line: Line) -> None:
    call = line.phone.ring_with_code()
    call.press("1")
    call.record(seconds=5, then="hangup")
    call.notices.clear()
    line.look()
    line.later(minutes=31)
    assert [message.state for message in messages(line.desk)] == [MessageState.OURS_ALONE]
    assert the_request(line.desk).kind == Kind.CALLBACK


def test_a_hang_up_told_twice_and_backwards_is_one_request(line: Line) -> None:
    call = line.phone.ring_with_code()
    call.press("1")
    call.record(seconds=5, then="hangup")
    for notice in call.notices[::-1]:
        notice.deliver(times=2)
    call.resend()
    the_request(line.desk)
    line.sit_down("ada")
    line.look()
    line.talked()
    line.later(minutes=5)
    assert line.customers_rung() == [ACME_PHONE]


def test_nobody_is_told_of_the_same_message_every_twenty_seconds(line: Line) -> None:
    line.asks()
    line.clock.set("2026-11-23 17:20")
    for _ in range(15):
        line.later(seconds=20)
    titles = [notice.title for notice in line.sara.heard]
    assert len(titles) == len(set(titles)) > 0


def test_a_caller_comes_to_the_beep_within_a_minute_and_never_to_music(line: Line) -> None:
    call = line.phone.ring_with_code()
    call.press("1")
    assert call.verb == "record"
    assert call.line.seconds < 60
    documents = " ".join(webhook.text for webhook in call.webhooks)
    assert not [verb for verb in ("<Enqueue", "<Conference", "loop=") if verb in documents]


@pytest.mark.parametrize("seconds", [1, 150])
def test_a_request_is_kept_before_it_is_spoken_of_and_waits_for_no_transcript(
    line: Line, seconds: int
) -> None:
    call = line.phone.ring_with_code()
    call.press("1")
    assert not requests(line.desk)
    call.record(seconds=seconds)
    assert "We will call you" in heard(call)
    assert the_request(line.desk).closes == rome("2026-11-23 17:10")
    then_silence(call)
    assert not [webhook for webhook in call.webhooks if "transcri" in webhook.text.lower()]


def test_of_everybody_rung_each_has_an_outcome_or_is_still_in_the_queue(line: Line) -> None:
    numbers = (ACME_PHONE, OTHER_PHONE, THIRD_PHONE)
    asked = [line.asks(number) for number in numbers]
    line.sit_down("ada")
    for act in (line.talked, lambda: line.missed("busy"), lambda: line.missed("failed")):
        line.later(minutes=1)
        act()
    outcomes = {dial.callback_id: dial.outcome for dial in line.dials()}
    assert list(outcomes.values()) == [Outcome.TALKED, Outcome.BUSY, Outcome.FAILED]
    states = [line.as_it_stands(each).state for each in asked]
    assert states == [State.CLOSED, State.WAITING, State.WAITING]
