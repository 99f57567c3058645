"""What users of other callback systems complain of: the caller calls again, or is not there."""

from datetime import timedelta

import pytest

from callbacks.agent import Presence, by_sign_in
from callbacks.callback import Callback
from callbacks.dial import Outcome
from callbacks.moves import Disposition, Move, State
from tests.complaints.line import MOBILE, OTHER_PHONE, Line
from tests.people import ACME_PHONE
from tests.phone import heard, moves, requests, the_request
from tests.ringing import PHONES


def rings_again(line: Line, *keys: str) -> str:
    """The caller rings again, gives the code, presses these, and hangs up. What was heard after the code."""
    call = line.phone.ring_with_code()
    said = heard(call)
    for key in keys:
        said += " " + " ".join(call.press(key))
    if not call.line.over:
        call.hang_up()
    call.deliver_all()
    return said


def test_a_callback_that_the_caller_cancels_by_key_is_never_rung(line: Line) -> None:
    line.asks()
    rings_again(line, "4", "1")
    line.sit_down("ada")
    line.later(hours=1)
    assert (line.agents_rung(), line.customers_rung()) == ([], [])
    assert the_request(line.desk).disposition == Disposition.WITHDRAWN


def test_a_callback_cancelled_by_text_while_the_agents_phone_rings_rings_no_customer(line: Line) -> None:
    line.asks(MOBILE)
    line.sit_down("ada")
    line.look()
    line.exchange.text(MOBILE, "cancel")
    call = line.ringing()
    call.pick_up()
    if not call.line.over:
        call.press("1")
    call.deliver_all()
    line.later(minutes=10)
    assert line.customers_rung() == []
    assert [dial.live for dial in line.dials()] == [None]
    assert the_request(line.desk).disposition == Disposition.WITHDRAWN


@pytest.mark.parametrize("accepts", [False, True], ids=["the agent's phone rings", "theirs rings"])
def test_a_customer_who_rings_us_while_we_ring_them_is_put_through_and_no_busy_line_is_rung(
    line: Line, accepts: bool
) -> None:
    asked = line.asks()
    line.sit_down("ada")
    line.look()
    ours = line.accepted() if accepts else line.ringing()
    theirs = line.phone.ring_with_code()
    assert "put you through" in heard(theirs)
    line.look()
    assert ours.line.over, "our own ringing has ended"
    agent = theirs.answer()
    agent.press("1")
    line.clock.forward(timedelta(minutes=2))
    theirs.talk(120)
    agent.hang_up()
    theirs.deliver_all()
    request = line.as_it_stands(asked)
    assert (request.state, request.misses) == (State.WRAP_UP, 0)
    line.look()
    line.later(hours=1)
    assert len(requests(line.desk)) == 1
    assert line.agents_rung() == ["ada", "ada"], "once more to ask how it ended, and nobody is rescheduled"
    assert line.customers_rung() == [PHONES["ada"]], "put through from the customer's own call"


def test_a_busy_line_is_rung_again_without_anybody_rescheduling_it(line: Line) -> None:
    line.asks()
    line.sit_down("ada")
    line.look()
    line.missed("busy")
    line.later(minutes=9)
    assert line.customers_rung() == [ACME_PHONE]
    line.later(minutes=2)
    line.talked()
    assert line.customers_rung() == [ACME_PHONE, ACME_PHONE]
    assert the_request(line.desk).disposition == Disposition.SOLVED


def test_a_customer_who_never_answers_is_tried_three_times_and_then_a_person_decides(line: Line) -> None:
    line.asks()
    line.sit_down("ada")
    line.look()
    for moment in ("2026-11-23 12:21", "2026-11-23 14:22", "2026-11-23 18:00"):
        line.missed()
        line.clock.set(moment)
        line.look()
    assert line.customers_rung() == [ACME_PHONE] * 3
    line.clock.set("2026-11-24 12:00")
    line.look()
    request = the_request(line.desk)
    assert (request.state, request.misses, request.for_person) == (State.WAITING, 3, "missed")
    assert len(line.customers_rung()) == 3
    assert "for_person" in moves(line.desk, request)
    assert line.sara.heard, "somebody is told"


def test_an_owned_callback_whose_owner_stays_away_goes_to_another_agent(line: Line) -> None:
    asked = line.asks()
    line.sit_down("ada", "sara")
    line.go_away("sara", Presence.BUSY)
    with line.desk.work() as work:
        ada, callback = by_sign_in(work.session, "ada"), work.held(Callback, asked.id)
        assert ada
        assert callback
        callback.assign(work, ada, "agent:ada")
    line.go_away("ada")
    line.sit_down("sara")
    line.later(minutes=21)
    line.talked()
    assert (line.agents_rung(), line.customers_rung()) == (["sara"], [ACME_PHONE])
    assert line.as_it_stands(asked).disposition == Disposition.SOLVED


def test_an_agent_who_lets_the_phone_ring_loses_it_to_the_next_and_the_request_stays(line: Line) -> None:
    asked = line.asks()
    line.sit_down("ada", "sara")
    line.look()
    call = line.ringing()
    call.refuse("no-answer")
    call.deliver_all()
    line.later(seconds=1)
    line.talked()
    assert line.agents_rung() == ["ada", "sara"]
    assert line.as_it_stands(asked).disposition == Disposition.SOLVED


def test_asking_for_the_same_again_is_one_callback(line: Line) -> None:
    asked = line.asks()
    said = rings_again(line)
    assert "We will call you" in said, "they hear what stands"
    call = line.phone.ring_with_code()
    call.press("5")
    call.press("1")
    call.record(seconds=9, then="hangup")
    call.deliver_all()
    assert [each.id for each in requests(line.desk)] == [asked.id]
    line.sit_down("ada")
    line.look()
    line.talked()
    line.later(minutes=30)
    assert line.customers_rung() == [ACME_PHONE]


def test_two_colleagues_with_one_code_are_two_callbacks(line: Line) -> None:
    line.asks(ACME_PHONE)
    line.asks(OTHER_PHONE)
    line.sit_down("ada")
    for _ in range(2):
        line.later(minutes=1)
        line.talked()
    assert sorted(line.customers_rung()) == [ACME_PHONE, OTHER_PHONE]


def test_who_was_offered_a_callback_is_called_back_even_days_late(line: Line) -> None:
    asked = line.asks()
    line.clock.set("2026-11-25 16:00")
    line.look()
    assert line.as_it_stands(asked).is_open
    assert Move.LATE in moves(line.desk, asked)
    assert line.sara.heard, "and somebody is told"
    line.sit_down("ada")
    line.look()
    line.talked()
    assert line.customers_rung() == [ACME_PHONE]


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5"])
def test_every_option_that_is_offered_does_something(line: Line, key: str) -> None:
    line.asks()
    nothing_offered, offered = line.phone.ring_with_code(), line.phone.ring_with_code()
    assert key in heard(offered)
    nothing_offered.press("8")
    offered.press(key)
    assert heard(offered) not in ("", heard(nothing_offered))


def test_no_machine_is_guessed_at_the_agent_hears_it_and_decides(line: Line) -> None:
    line.asks()
    line.sit_down("ada")
    line.look()
    call = line.accepted()
    assert "machineDetection" not in call.webhooks[-1].text, "no pause, nobody cut off"
    mailbox = call.answer()
    mailbox.silence()
    call.talk(20)
    mailbox.hang_up()
    assert "mailbox" in heard(call)
    call.press("7")
    request, (dial,) = the_request(line.desk), line.dials()
    assert (dial.outcome, dial.message_left) == (Outcome.MAILBOX, True)
    assert (request.state, request.misses) == (State.WAITING, 1)


def test_an_agents_own_mailbox_never_takes_a_callback_and_no_customer_is_rung_for_it(line: Line) -> None:
    asked = line.asks()
    line.sit_down("ada")
    line.look()
    call = line.ringing()
    call.pick_up(answered_by="machine_start")
    while not call.line.over:
        call.silence()
    call.deliver_all()
    assert line.customers_rung() == []
    assert next(dial.outcome for dial in line.dials()) == Outcome.LAPSED
    assert line.as_it_stands(asked).is_open


def test_the_customer_has_nothing_to_press_to_be_connected(line: Line) -> None:
    line.asks()
    line.sit_down("ada")
    line.look()
    call = line.accepted()
    customer = call.answer()
    assert "the call you asked for" in heard(customer)
    customer.silence()
    assert customer.line.bridged


def test_a_customer_who_cannot_talk_now_is_rung_when_they_say(line: Line) -> None:
    asked = line.asks()
    line.sit_down("ada")
    line.look()
    call = line.accepted()
    call.answer().press("1")
    call.deliver_all()
    line.later(minutes=14)
    assert len(line.customers_rung()) == 1
    line.later(minutes=2)
    line.talked()
    assert (line.as_it_stands(asked).misses, len(line.customers_rung())) == (0, 2)
