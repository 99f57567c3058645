"""A person told of their own work by text: over a carrier's REST side, by real HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from callbacks import texting
from callbacks.notice_way import Kind, NoticeWay
from tests.at_carrier import AtCarrier
from tests.people import fill, rome
from tests.test_notices import looked
from tests.test_own_notices import give, notices, way
from tests.timed import TimedDesk
from worker.notices.own import LONGEST_TEXT

MOBILE, SUPPORT = "+393331234567", "+18889624587"


@pytest.fixture
def people(timed: TimedDesk, carrier: AtCarrier) -> TimedDesk:
    """The desk with its people, no notices but their own, and a carrier that answers."""
    fill(timed.desk)
    return timed


def texts(carrier: AtCarrier) -> list[tuple[str, str, str]]:
    """Whom the carrier sent what, and from which number."""
    return [(each.to, each.from_, each.body) for each in carrier.exchange.store.messages.values()]


def is_failing(timed: TimedDesk) -> bool:
    """Whether the way of telling is shown as one that did not work."""
    with timed.desk.reading() as work:
        return work.session.scalars(select(NoticeWay)).one().failed_at is not None


def test_ada_is_texted_once_from_the_support_number_with_where_to_go(
    people: TimedDesk, carrier: AtCarrier
) -> None:
    way(people, "ada", Kind.TEXT, MOBILE)
    key = people.promised()
    give(people, key, "ada")
    looked(people)
    people.clock.forward(timedelta(minutes=11))
    looked(people)
    [(to, from_, body)] = texts(carrier)
    assert (to, from_) == (MOBILE, SUPPORT)
    assert body.startswith("Yours now: caller without a code\n")
    assert f"/requests/{people.look_at(key).reference}" in body
    assert "+390212345678" not in body
    assert len(body) <= LONGEST_TEXT
    assert notices(people)[0].alarm_at is None
    assert not is_failing(people)


def test_bruno_is_texted_in_italian(people: TimedDesk, carrier: AtCarrier) -> None:
    way(people, "bruno", Kind.TEXT, MOBILE)
    give(people, people.promised(), "bruno")
    looked(people)
    assert texts(carrier)[0][2].startswith("Ora è tua: ")


def test_who_said_stop_is_sent_nothing_though_one_of_us(people: TimedDesk, carrier: AtCarrier) -> None:
    people.desk.do(lambda work: texting.opt_out(work, MOBILE))
    way(people, "ada", Kind.TEXT, MOBILE)
    give(people, people.promised(), "ada")
    looked(people)
    assert texts(carrier) == []
    assert is_failing(people)


def test_after_the_carriers_21610_it_is_not_asked_again(people: TimedDesk, carrier: AtCarrier) -> None:
    carrier.exchange.opted_out.add(MOBILE)
    way(people, "ada", Kind.TEXT, MOBILE)
    give(people, people.promised(), "ada")
    looked(people)
    with people.desk.reading() as work:
        assert not texting.may_text(work, MOBILE)
    asked = len(carrier.requests)
    people.clock.forward(timedelta(minutes=11))
    looked(people)
    assert len(carrier.requests) == asked
    assert texts(carrier) == []


def test_a_carrier_that_is_away_is_asked_again_and_the_text_goes_out(
    people: TimedDesk, carrier: AtCarrier
) -> None:
    carrier.answers(503)
    way(people, "ada", Kind.TEXT, MOBILE)
    give(people, people.promised(), "ada")
    looked(people)
    assert texts(carrier) == []
    assert is_failing(people)
    carrier.recovers()
    people.clock.forward(timedelta(minutes=11))
    looked(people)
    assert len(texts(carrier)) == 1
    assert not is_failing(people)


def test_at_night_no_phone_buzzes(people: TimedDesk, carrier: AtCarrier) -> None:
    way(people, "ada", Kind.TEXT, MOBILE, about=["assigned"])
    key = people.promised()
    people.clock.now = rome("2026-11-23 22:00")
    give(people, key, "ada")
    looked(people)
    assert texts(carrier) == []
    people.clock.now = rome("2026-11-24 09:00")
    looked(people)
    assert len(texts(carrier)) == 1


def test_a_landline_is_not_texted(people: TimedDesk, carrier: AtCarrier) -> None:
    way(people, "ada", Kind.TEXT, "+390212345678")
    give(people, people.promised(), "ada")
    looked(people)
    assert texts(carrier) == []
