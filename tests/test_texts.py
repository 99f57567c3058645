"""Customers answer our texts: one word does what it says, anything else is for the agent to read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks import journal, texting
from callbacks.callback import Callback
from callbacks.moves import Disposition, Move, State
from callbacks.work import Desk
from exchange.phone import Exchange
from exchange.texts import receive
from ivr import texts
from ivr.notices import text_came
from tests import open_request
from tests.desk import SUPPORT
from tests.people import Cast, Clock, rome
from tests.phone import moves, the_request

MOBILE = "+393471234587"
LANGUAGES = ["en", "it"]


@pytest.fixture
def asked(desk: Desk, cast: Cast) -> Callback:
    """Asked for at ten past noon: between 3:10 and 5:10 this afternoon."""
    with desk.work() as work:
        return open_request.leave(work, MOBILE)


def send(exchange: Exchange, body: str, from_: str = MOBILE) -> None:
    webhook = receive(exchange, from_, SUPPORT, body)
    assert webhook is not None
    assert webhook.code == 200


def notes(desk: Desk, callback: Callback) -> list[object]:
    with desk.reading() as work:
        lines = journal.lines(work.session, callback.subject)
        return [line.personal.body["text"] for line in lines if line.move == "noted" and line.personal]


@pytest.mark.parametrize("body", ["Cancel", " CANCEL. ", "annulla", "Annullare!"])
def test_cancel_withdraws_the_request_in_either_language(
    exchange: Exchange, desk: Desk, asked: Callback, body: str
) -> None:
    send(exchange, body)
    now = the_request(desk)
    assert (now.state, now.disposition) == (State.CLOSED, Disposition.WITHDRAWN)
    assert notes(desk, asked) == [body.strip()]


@pytest.mark.parametrize("body", ["later", "più tardi", "Piu tardi"])
def test_later_is_an_hour_after_the_window_would_have_opened(
    exchange: Exchange, desk: Desk, asked: Callback, body: str
) -> None:
    send(exchange, body)
    now = the_request(desk)
    assert (now.opens, now.state) == (rome("2026-11-23 16:10"), State.WAITING)
    assert now.ring_from == rome("2026-11-23 16:10")
    with desk.reading() as work:
        kinds = [text.kind for text in work.session.scalars(select(texting.Text).order_by(texting.Text.id))]
    assert kinds == ["confirmation", "reminder"]


@pytest.mark.parametrize("body", ["now", "1", "Adesso", "call me now"])
def test_who_was_missed_three_times_answers_and_is_called_now(
    exchange: Exchange, desk: Desk, clock: Clock, asked: Callback, body: str
) -> None:
    with desk.work() as work:
        held = work.held(Callback, asked.id)
        assert held is not None
        held.rang(work, "agent:ada", "no_answer")
        for _ in range(3):
            held.make(work, Move.OFFERED, "desk")
            held.missed(work, "agent:ada")
        assert (held.ring_from, held.for_person) == (None, "missed")
        promised = held.closes
    clock.set("2026-11-23 16:00")
    send(exchange, body)
    now = the_request(desk)
    assert (now.ring_from, now.for_person) == (rome("2026-11-23 16:00"), None)
    assert now.closes == promised


def test_now_outside_office_hours_is_when_the_office_opens(
    exchange: Exchange, desk: Desk, clock: Clock, asked: Callback
) -> None:
    clock.set("2026-11-23 20:00")
    send(exchange, "now")
    assert the_request(desk).ring_from == rome("2026-11-24 09:00")


def test_who_had_wished_for_tomorrow_and_wants_it_now_is_promised_anew_from_now(
    exchange: Exchange, desk: Desk, clock: Clock, asked: Callback
) -> None:
    with desk.work() as work:
        held = work.held(Callback, asked.id)
        assert held is not None
        held.wish(work, rome("2026-11-25 09:00"))
    clock.set("2026-11-24 10:00")
    send(exchange, "now")
    now = the_request(desk)
    assert (now.ring_from, now.closes) == (rome("2026-11-24 10:00"), rome("2026-11-24 12:00"))


def test_stop_ends_our_texts_and_not_the_request(exchange: Exchange, desk: Desk, asked: Callback) -> None:
    send(exchange, "Stop")
    assert the_request(desk).is_open
    with desk.reading() as work:
        assert not texting.may_text(work, MOBILE)
    send(exchange, "start")
    with desk.reading() as work:
        assert texting.may_text(work, MOBILE)


def test_anything_else_is_for_the_agent_to_read(exchange: Exchange, desk: Desk, asked: Callback) -> None:
    send(exchange, "Please ask for Maria, not later than four")
    assert notes(desk, asked) == ["Please ask for Maria, not later than four"]
    assert moves(desk, asked) == ["noted"]


def test_a_request_that_waited_for_the_customer_goes_on_when_they_write(
    exchange: Exchange, desk: Desk, asked: Callback
) -> None:
    with desk.work() as work:
        held = work.held(Callback, asked.id)
        assert held is not None
        held.reached(work, "agent:ada")
        held.pause(work, "agent:ada")
    send(exchange, "It works now, but only in Firefox")
    assert the_request(desk).state == State.WAITING


def test_a_stranger_who_writes_cancel_cancels_nothing(
    exchange: Exchange, desk: Desk, asked: Callback
) -> None:
    send(exchange, "cancel", "+393479999999")
    assert the_request(desk).is_open


def test_while_an_agent_speaks_with_them_a_text_is_only_read(
    exchange: Exchange, desk: Desk, clock: Clock, asked: Callback
) -> None:
    with desk.work() as work:
        held = work.held(Callback, asked.id)
        assert held is not None
        held.reached(work, "agent:ada")
    clock.forward(timedelta(minutes=1))
    send(exchange, "cancel")
    assert (the_request(desk).state, notes(desk, asked)) == (State.WRAP_UP, ["cancel"])


def test_a_text_told_twice_is_done_once(desk: Desk, asked: Callback) -> None:
    for _ in range(2):
        with desk.work() as work:
            text_came(work, "SM1", MOBILE, "later")
    assert the_request(desk).opens == rome("2026-11-23 16:10")
    with desk.reading() as work:
        assert len(work.session.scalars(select(journal.Entry)).all()) == 3


@pytest.mark.parametrize(
    "body", ["", "11", "later today", "not now", "don't cancel", "stop it please", "1?2"]
)
def test_what_is_not_exactly_an_answer_is_none(body: str) -> None:
    assert texts.wanted(body, LANGUAGES) is None
