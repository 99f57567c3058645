"""Texts to customers: confirmed, reminded and told that we tried; once in effect, and never after STOP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callbacks import call as calls
from callbacks import handling, intake, journal, sweep, texting
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.moves import Disposition, Move
from callbacks.sweep import AtCarrier
from callbacks.texting import Text, TextState
from callbacks.work import Desk, Work
from exchange.records import MessageRecord
from exchange.trouble import LOST, TOO_MANY, Trouble
from tests.people import Cast, Clock, rome
from tests.ringing import Ringing, ringing_desk, wants_to_be_rung
from tests.test_intake import MESSAGE, MESSAGE_TURN, at_the_beep

MOBILE, LANDLINE = "+393331234567", "+390212344587"


@pytest.fixture
def texts(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> Iterator[Ringing]:
    """A desk with a carrier over HTTP, and nobody at the phones."""
    with ringing_desk(desk, clock, tmp_path) as made:
        yield made


def left(texts: Ringing) -> list[MessageRecord]:
    """What customers have received, the first first."""
    return list(texts.exchange.store.messages.values())


def told(work: Work, cast: Cast, number: str = MOBILE, **facts: object) -> Callback:
    """A caller with this number left a message, and the call was asked after."""
    call = at_the_beep(work, cast)
    call.from_, call.answers = number, call.answers | {"number": number}
    callback = intake.take_message(work, call, MESSAGE_TURN, MESSAGE)
    for key, value in facts.items():
        setattr(callback, key, value)
    work.session.flush()
    return callback


def swept(work: Work, callback: Callback) -> None:
    """Its call is over, and nothing more is expected of it."""
    callback = work.session.get(Callback, callback.id) or callback
    assert callback.call
    for message in callback.messages:
        message.alarm_at = None
    sweep.settle(work, AtCarrier(callback.call.call_sid))


def test_a_request_is_confirmed_once_after_the_call_with_window_and_reference(
    texts: Ringing, cast: Cast
) -> None:
    with texts.desk.work() as work:
        callback = told(work, cast)
        swept(work, callback)
    with texts.desk.work() as work:
        swept(work, texts.callback())
    texts.look(5)
    (text,) = left(texts)
    assert (text.to, text.from_) == (MOBILE, "+18889624587")
    assert f"Reference {callback.reference}" in text.body
    assert "4567" in text.body
    assert len(text.body) <= 160
    with texts.desk.reading() as work:
        moves = [line.move for line in journal.lines(work.session, callback.subject)]
    assert moves.count(Move.CONFIRMED) == 1


def test_a_request_in_italian_is_confirmed_in_italian(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        swept(work, told(work, cast, language="it"))
    texts.look(3)
    assert "la richiamiamo" in left(texts)[0].body


def test_a_landline_gets_no_text(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        swept(work, told(work, cast, LANDLINE))
    texts.look(3)
    assert not left(texts)


def test_who_said_stop_gets_no_text_until_they_say_start(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        texting.opt_out(work, MOBILE)
        assert not texting.may_text(work, MOBILE)
        swept(work, told(work, cast))
        texting.opt_in(work, MOBILE)
        assert texting.may_text(work, MOBILE)
    texts.look(3)
    assert not left(texts)


def test_after_the_carriers_21610_nothing_is_ever_sent_again(texts: Ringing, cast: Cast) -> None:
    texts.exchange.opted_out.add(MOBILE)
    with texts.desk.work() as work:
        swept(work, told(work, cast))
    texts.look(3)
    with texts.desk.work() as work:
        assert not texting.may_text(work, MOBILE)
    texts.look()
    assert not left(texts)


@pytest.mark.parametrize("trouble", [LOST, Trouble(500, 20500)], ids=["taken", "not taken"])
def test_a_text_whose_answer_was_lost_is_looked_up_and_there_is_one(
    texts: Ringing, cast: Cast, trouble: Trouble
) -> None:
    with texts.desk.work() as work:
        swept(work, told(work, cast))
    texts.exchange.troubles.append(trouble)
    texts.look(3)
    for _ in range(5):
        texts.later(seconds=61)
    assert len(left(texts)) == 1
    with texts.desk.reading() as work:
        assert work.session.scalars(select(Text.state)).all() == [TextState.SENT]


def test_a_carrier_with_too_much_to_do_is_asked_again_a_minute_later(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        swept(work, told(work, cast))
    texts.exchange.troubles.append(TOO_MANY)
    texts.look(3)
    assert not left(texts)
    texts.later(seconds=61)
    assert len(left(texts)) == 1


def test_a_wished_time_is_reminded_of_a_quarter_of_an_hour_before(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        callback = told(work, cast)
        callback.wish(work, rome("2026-11-23 16:30"))
        swept(work, callback)
    texts.look(3)
    texts.clock.set("2026-11-23 16:14")
    texts.look(3)
    assert len(left(texts)) == 1, "the confirmation alone"
    texts.later(minutes=1)
    assert "as you asked" in left(texts)[-1].body
    texts.later(minutes=5)
    assert len(left(texts)) == 2


@pytest.mark.parametrize(
    ("opens", "reminded"),
    [
        ("2026-11-23 16:30", "2026-11-23 16:15"),
        ("2026-11-24 09:00", "2026-11-23 17:45"),
        ("2026-11-23 14:00", "2026-11-23 12:45"),
        ("2026-11-30 09:05", "2026-11-27 17:50"),
    ],
)
def test_nobody_is_reminded_outside_office_hours(desk: Desk, opens: str, reminded: str) -> None:
    with desk.work() as work:
        assert texting.reminder_time(work, rome(opens)) == rome(reminded)


def test_a_wish_that_was_moved_is_reminded_of_at_its_new_time_alone(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        callback = told(work, cast)
        callback.wish(work, rome("2026-11-23 16:30"))
        swept(work, callback)
    with texts.desk.work() as work:
        callback = work.session.scalars(select(Callback)).one()
        callback.wish(work, rome("2026-11-23 17:30"))
        texting.remind(work, callback)
    for at in ("16:15", "16:30", "17:14"):
        texts.clock.set(f"2026-11-23 {at}")
        texts.look(3)
    assert not any("as you asked" in text.body for text in left(texts))
    texts.clock.set("2026-11-23 17:15")
    texts.look(3)
    assert "as you asked" in left(texts)[-1].body


def test_after_the_last_miss_the_customer_is_told_once_that_we_tried(texts: Ringing) -> None:
    with texts.desk.work() as work:
        callback = wants_to_be_rung(work, number=MOBILE)
        callback.misses = 2
        ada = by_sign_in(work.session, "ada")
        assert ada
        ada.phone = "+390212340001"
        dial = handling.ring_agent(work, callback, ada)
        dial.take(work.now)
        dial.placed("CA1")
        handling.accepted(work, dial)
        handling.customer_leg_over(work, dial, "busy", None, bridged=False)
    texts.look(4)
    (text,) = left(texts)
    assert "answer 1 to be called now" in text.body


def test_what_is_true_no_more_is_not_said(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        callback = told(work, cast)
        swept(work, callback)
        callback.close(work, Disposition.WITHDRAWN, "caller")
    texts.look(3)
    assert not left(texts)
    with texts.desk.reading() as work:
        text = work.session.scalars(select(Text)).one()
        assert (text.state, text.number, text.body) == (TextState.DROPPED, None, None)


def test_a_worker_that_died_with_a_text_in_hand_does_not_make_two(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        swept(work, told(work, cast))
    with texts.desk.work() as work:
        text = texting.take(work, 1)
        assert text
    texts.means.carrier.text(MOBILE, "+18889624587", text.body or "")
    texts.clock.forward(timedelta(seconds=91))
    texts.look(3)
    assert len(left(texts)) == 1


def test_a_call_that_left_nothing_is_not_confirmed(texts: Ringing, cast: Cast) -> None:
    with texts.desk.work() as work:
        call = calls.held(work, "CAnothing", MOBILE, "+18889624587")
        sweep.settle(work, AtCarrier(call.call_sid))
    texts.look(3)
    assert not left(texts)
