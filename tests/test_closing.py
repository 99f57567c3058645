"""Closing a day: who it touches is seen first, nothing promised is rewritten, and callers are told."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from callbacks import closing, journal, policy_book, text_words
from callbacks.callback import Callback
from callbacks.closing import NothingCloses, Overtaken, Preview, Shut
from callbacks.policy_book import Hand
from callbacks.policy_in_force import Judge, PolicyInForce
from callbacks.subscription import Subscription
from callbacks.texting import Text
from callbacks.work import Desk
from settings import Settings
from tests.people import CODE_KEY, Cast, Clock, rome, shipped_policy
from tests.screens import Visitor, ask, give_passwords, hidden, make_screens, signed_in, token
from tests.test_board import HOSTILE, plain
from tests.test_reason import move

MOBILE = "+393351234567"
TOMORROW = {"name": "Team day", "from": date(2026, 11, 24)}
SARA = Hand("agent:sara", "203.0.113.9", "we go to the sea")


@pytest.fixture
def asked(desk: Desk, cast: Cast, clock: Clock) -> Callback:
    """On Monday at four: promised for tomorrow, nine to eleven."""
    clock.set("2026-11-23 16:00")
    return ask(desk, number=MOBILE)


def look(desk: Desk, **closure: Any) -> Preview:
    with desk.reading() as work:
        return closing.preview(work, {**TOMORROW, **closure})


# --- the core ---


def test_a_whole_day_shuts_the_window_and_tells_what_it_would_have_been(desk: Desk, asked: Callback) -> None:
    [touched] = look(desk).touched
    assert (touched.shut, touched.callback.id) == (Shut.WHOLE, asked.id)
    assert (touched.opens, touched.closes) == (rome("2026-11-25 09:00"), rome("2026-11-25 11:00"))
    assert touched.may_text
    assert "we are closed at the time we promised to call you" in touched.told
    assert "Wed" in touched.told


def test_hours_of_a_day_shut_a_part_of_it(desk: Desk, asked: Callback) -> None:
    [touched] = look(desk, hours=["10:00-13:00"]).touched
    assert touched.shut is Shut.PART
    assert touched.closes == rome("2026-11-24 15:00")


def test_a_closing_before_the_window_leaves_it_open(desk: Desk, clock: Clock, cast: Cast) -> None:
    clock.set("2026-11-23 12:10")
    ask(desk, number=MOBILE)  # promised 15:10 to 17:10
    [touched] = look(desk, **{"from": date(2026, 11, 23), "hours": ["14:00-15:00"]}).touched
    assert touched.shut is Shut.NONE


def test_what_was_rung_already_is_touched_by_nothing(desk: Desk, asked: Callback) -> None:
    move(desk, asked, lambda work, held: held.rang(work, "agent:ada", "no_answer"))
    assert look(desk).touched == ()


@pytest.mark.parametrize("day", [date(2026, 11, 29), date(2026, 12, 8)])
def test_on_a_sunday_or_holiday_nothing_closes(desk: Desk, asked: Callback, day: date) -> None:
    with pytest.raises(NothingCloses):
        look(desk, **{"from": day})


def test_a_landline_takes_no_text(desk: Desk, clock: Clock, cast: Cast) -> None:
    clock.set("2026-11-23 16:00")
    ask(desk)
    assert [each.may_text for each in look(desk).touched] == [False]


def test_closing_keeps_the_promise_and_writes_down_who_and_why(desk: Desk, asked: Callback) -> None:
    mark = look(desk).mark
    with desk.work() as work:
        texted, to_ring = closing.close(work, TOMORROW, SARA, mark, [asked.reference])
    assert ([each.callback.id for each in texted], to_ring) == ([asked.id], [])
    with desk.reading() as work:
        after = work.session.get_one(Callback, asked.id)
        assert after.promise == asked.promise
        [line] = [each for each in journal.lines(work.session, journal.DESK) if each.move == policy_book.MOVE]
        assert (line.by, line.facts["why"]) == ("agent:sara", "we go to the sea")
        assert "Team day" in policy_book.current(work)[1]
        planned = work.session.scalars(select(Text)).one()
        said = text_words.body(work, after, planned.kind, planned.occasion)
        assert said is not None
        assert "Wed" in said


def test_who_looked_before_somebody_asked_looks_again(desk: Desk, asked: Callback) -> None:
    mark = look(desk).mark
    ask(desk, "Bolt", number="+393351234568")
    with pytest.raises(Overtaken), desk.work() as work:
        closing.close(work, TOMORROW, SARA, mark, [])
    with desk.reading() as work:
        assert policy_book.current(work)[0] == 0
        assert not work.session.scalars(select(Text)).all()


def test_the_text_says_nothing_once_it_was_rung(desk: Desk, asked: Callback) -> None:
    move(desk, asked, lambda work, held: held.rang(work, "agent:ada", "no_answer"))
    occasion = text_words.expected(rome("2026-11-25 09:00"), rome("2026-11-25 11:00"))
    with desk.reading() as work:
        held = work.session.get_one(Callback, asked.id)
        assert text_words.body(work, held, text_words.CLOSURE, occasion) is None


# --- the page ---

FORM = {"name": "Team day", "from": "2026-11-24"}


@pytest.fixture
def sara(asked: Callback, screens: Flask) -> Visitor:
    """Sara at her browser, when Acme has asked."""
    return signed_in(screens, "sara")


def send(visitor: Visitor, act: str, page: TestResponse | None = None, **typed: Any) -> TestResponse:
    proof = page or visitor.open("/wall/close")
    form = {"csrf_token": token(proof), "mark": hidden(proof, "mark"), "act": act, **FORM, **typed}
    return visitor.send("/wall/close", **form)


def test_sara_looks_before_she_closes(sara: Visitor, desk: Desk, asked: Callback) -> None:
    page = send(sara, "look")
    read = plain(page.text)
    for said in (
        "The office would work 8 h less.", "One open promise, of 1 in all, would have been different:",
        "Acme", "nobody will be there", "Promised, and stays tomorrow 09:00–11:00", "Wed, Nov 25 09:00",
        "we are closed at the time we promised to call you",
    ):  # fmt: skip
        assert said in read, said
    with desk.reading() as work:
        assert policy_book.current(work)[0] == 0


def test_she_closes_it_and_the_caller_is_texted(sara: Visitor, desk: Desk, asked: Callback) -> None:
    page = send(sara, "look")
    done = plain(send(sara, "close", page, text=asked.reference).text)
    assert "Team day: the calendar has it now. One caller is being texted." in done
    with desk.reading() as work:
        assert work.session.scalars(select(Text)).one().callback_id == asked.id


def test_who_is_not_texted_is_listed_to_be_rung(sara: Visitor, desk: Desk, asked: Callback) -> None:
    page = send(sara, "look")
    done = send(sara, "close", page)
    assert "Ring this one yourself" in done.text
    assert f"tel:{MOBILE}" in done.text
    with desk.reading() as work:
        assert not work.session.scalars(select(Text)).all()


def test_pressed_twice_it_is_closed_once(
    desk: Desk, asked: Callback, settings: Settings, clock: Clock
) -> None:
    give_passwords(desk)
    living = Desk(desk.engine, PolicyInForce(desk.engine, shipped_policy, Judge({})), CODE_KEY, clock)
    visitor = signed_in(make_screens(living, settings), "sara")
    page = send(visitor, "look")
    assert "the calendar has it now" in send(visitor, "close", page).text
    again = send(visitor, "close", page)
    assert again.status_code == 409
    assert "nothing would change" in again.text
    with living.reading() as work:
        assert policy_book.current(work)[1].count("Team day") == 1
        assert work.hours.opening(rome("2026-11-24 09:00")) == rome("2026-11-25 09:00")


def test_what_changed_since_she_looked_is_shown_again(sara: Visitor, desk: Desk) -> None:
    page = send(sara, "look")
    ask(desk, "Bolt", number="+393351234568")
    again = send(sara, "close", page)
    assert again.status_code == 409
    assert "Since you looked, somebody has asked" in again.text
    assert "2 of 2 open promises" in plain(again.text)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Say what it is closed for first."),
        ({"from": "tomorrow"}, "Say which day"),
        ({"from": "2026-11-22"}, "That day is over."),
        ({"until": "2026-11-23"}, "Say which day"),
        ({"opens": "10:00"}, "Say from when to when"),
        ({"opens": "13:00", "closes": "10:00"}, "Say from when to when"),
        ({"from": "2026-11-29"}, "nothing would change"),
        ({"from": "9999-12-31"}, ""),
        ({"name": "x\x00" * 5000}, ""),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    sara: Visitor, desk: Desk, typed: dict[str, Any], says: str
) -> None:
    answer = send(sara, "close", why="typed with care", **typed)
    assert answer.status_code in {200, 409, 422}
    assert says in answer.text
    assert 'value="typed with care"' in answer.text
    with desk.reading() as work:
        assert policy_book.current(work)[0] == 0


def test_hostile_names_stay_text_and_stay_out_of_the_policy_s_grammar(sara: Visitor, desk: Desk) -> None:
    with desk.work() as work:
        work.session.execute(update(Subscription).values(company=Subscription.company + HOSTILE))
    hostile = 'x"]\n[office]\nname = "stolen" <script>alert(1)</script>'
    page = send(sara, "look", name=hostile)
    assert "<script>alert" not in page.text
    done = send(sara, "close", page, name=hostile)
    assert "<script>alert" not in done.text
    with desk.reading() as work:
        text = policy_book.current(work)[1]
        assert work.judge.read(text).office.name == work.policy.office.name


def test_it_is_for_supervisors(ada: Visitor) -> None:
    assert ada.open("/wall/close").status_code == 403


def test_it_reads_in_italian(sara: Visitor, desk: Desk) -> None:
    move(desk, look(desk).touched[0].callback, lambda _work, held: setattr(held, "language", "it"))
    assert "siamo chiusi nell" in send(sara, "look").text
