"""A talk without an outcome: the agent's phone rings once more to ask, then the supervisor is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbacks import agent as agents
from callbacks import asking_again, handling
from callbacks import dial as dials
from callbacks.agent import Presence
from callbacks.callback import Callback
from callbacks.dial import Outcome
from callbacks.journal import Entry
from callbacks.moves import Disposition, Move, State
from callbacks.work import Desk
from exchange.phone import Call
from exchange.trouble import LOST
from tests import open_request
from tests.people import ACME_PHONE, Cast, Clock
from tests.phone import heard
from tests.ringing import PHONES, Ringing, at_their_phones, ringing_desk
from tests.twiml_check import faults_in

ASKED = "Your talk with Acme, about a problem with sending or receiving"


@pytest.fixture
def ringing(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> Iterator[Ringing]:
    """Ada has talked to Acme, said nothing of how it ended, and hung up."""
    with ringing_desk(desk, clock, tmp_path) as made:
        with desk.work() as work:
            at_their_phones(work, "ada")
            open_request.leave(work, ACME_PHONE)
        made.look()
        talk(made, made.ringing())
        yield made


def talk(ringing: Ringing, call: Call) -> None:
    """Two minutes, and silence when asked how it ended."""
    call.pick_up()
    call.press("1")
    call.answer().silence()
    call.talk(120)
    call.dial_over()
    for _ in range(3):
        call.silence()
    call.deliver_all()
    assert ringing.callback().state == State.WRAP_UP


def moves(ringing: Ringing, move: Move) -> list[Entry]:
    with ringing.desk.reading() as work:
        lines = select(Entry).where(Entry.subject == ringing.callback().subject, Entry.move == move)
        return list(work.session.scalars(lines))


def rings(ringing: Ringing, name: str = "ada") -> int:
    """How often this agent's phone has rung."""
    return len(ringing.exchange.rung(PHONES[name]))


def asked(ringing: Ringing) -> Call:
    """The agent picks up when asked again."""
    ringing.later(minutes=5)
    call = ringing.ringing()
    call.pick_up()
    assert not faults_in(call.webhooks[-1].body)
    return call


def solved_on_the_board(ringing: Ringing) -> None:
    with ringing.desk.work() as work:
        callback = work.session.scalars(select(Callback)).one()
        handling.wrap_up(work, callback, Disposition.SOLVED, "agent:ada")


def test_an_agent_who_gave_no_outcome_is_asked_again_by_phone_after_the_wrap_up_time(
    ringing: Ringing,
) -> None:
    ringing.later(minutes=4, seconds=50)
    assert rings(ringing) == 1
    ringing.later(seconds=10)
    call = ringing.ringing()
    call.pick_up()
    assert heard(call).startswith(ASKED)
    assert "has no outcome yet. How did it end? Solved, 1;" in heard(call)
    call.press("1")
    assert "Noted." in heard(call)
    callback = ringing.callback()
    assert (callback.state, callback.disposition) == (State.CLOSED, Disposition.SOLVED)
    assert len(ringing.exchange.rung(ACME_PHONE)) == 1


def test_who_does_not_answer_is_asked_no_third_time_and_the_supervisor_is_told_once(ringing: Ringing) -> None:
    ringing.later(minutes=5)
    ringing.ringing().refuse("no-answer")
    for _ in range(30):
        ringing.later(minutes=1)
    assert rings(ringing) == 2
    (told,) = moves(ringing, Move.WRAP_UP_OVERDUE)
    (again,) = moves(ringing, Move.ASKED_AGAIN)
    assert told.at - again.at == timedelta(minutes=5)
    assert told.told_at is not None
    assert ringing.callback().state == State.WRAP_UP


def test_silence_when_asked_again_closes_nothing(ringing: Ringing) -> None:
    call = asked(ringing)
    for _ in range(3):
        call.silence()
    call.deliver_all()
    assert "on the board" in heard(call)
    ringing.later(minutes=6)
    assert ringing.callback().is_open
    assert len(moves(ringing, Move.WRAP_UP_OVERDUE)) == 1


def test_an_outcome_in_time_leaves_the_phone_silent(ringing: Ringing) -> None:
    ringing.later(minutes=3)
    solved_on_the_board(ringing)
    ringing.later(minutes=10)
    assert rings(ringing) == 1
    assert moves(ringing, Move.WRAP_UP_OVERDUE) == []


def test_an_outcome_on_the_board_silences_the_phone_that_rings_to_ask(ringing: Ringing) -> None:
    ringing.later(minutes=5)
    call = ringing.ringing()
    solved_on_the_board(ringing)
    ringing.look()
    assert call.line.over
    assert [dial.outcome for dial in ringing.dials()] == [Outcome.TALKED, Outcome.ASKED_AGAIN]


def test_who_is_away_is_not_rung_and_the_supervisor_is_told(ringing: Ringing) -> None:
    with ringing.desk.work() as work:
        ada = agents.by_sign_in(work.session, "ada")
        assert ada is not None
        ada.presence = Presence.AWAY
    ringing.later(minutes=11)
    assert rings(ringing) == 1
    assert len(moves(ringing, Move.WRAP_UP_OVERDUE)) == 1


def test_who_is_on_another_call_is_asked_when_it_is_over(ringing: Ringing, desk: Desk) -> None:
    with desk.work() as work:
        open_request.leave(work)
    ringing.later(minutes=4)
    call = ringing.ringing()
    call.pick_up()
    ringing.later(minutes=2)
    assert rings(ringing) == 2
    call.press("3")
    call.deliver_all()
    ringing.look()
    again = ringing.ringing()
    again.pick_up()
    assert heard(again).startswith(ASKED)


def test_a_mailbox_that_was_taken_for_a_talk_can_still_be_said_when_asked_again(ringing: Ringing) -> None:
    call = asked(ringing)
    call.press("7")
    callback, first = ringing.callback(), ringing.dials()[0]
    assert (first.outcome, first.message_left) == (Outcome.MAILBOX, True)
    assert (callback.state, callback.misses, callback.first_reached_at) == (State.WAITING, 1, None)


def test_where_the_carriers_answer_is_lost_the_phone_still_rings_once_to_ask(ringing: Ringing) -> None:
    ringing.exchange.troubles.append(LOST)
    ringing.later(minutes=5)
    for _ in range(4):
        ringing.later(minutes=1)
    assert rings(ringing) == 2


def test_two_clocks_ask_once(ringing: Ringing, desk: Desk) -> None:
    ringing.clock.forward(timedelta(minutes=5))
    assert [len(desk.do(asking_again.begin)) for _ in range(2)] == [1, 0]


def test_being_asked_is_no_attempt_to_ring_the_customer(ringing: Ringing, desk: Desk) -> None:
    asked(ringing)
    with desk.reading() as work:
        assert len(dials.of(work.session, ringing.callback())) == 1
