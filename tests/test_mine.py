"""An agent's own page: mine now, offered to me, next in the queue; passing, taking, and coming too late."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from callbacks import handling, own_list, placing
from callbacks.agent import by_sign_in
from callbacks.assignment import assign_due
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.dial import Dial, Leg, Outcome
from callbacks.moves import State
from callbacks.work import Desk, Work
from console.live import FRESH
from tests.people import ACME_PHONE, STRANGER_PHONE, Cast, Clock
from tests.ringing import Ringing, at_their_phones, ringing_desk, wants_to_be_rung
from tests.screens import Visitor, ask, signed_in, token
from tests.test_board import plain
from tests.test_board_request import now_of

THEIRS = "+390255511223"


def part(page: str, name: str) -> str:
    """One section of the page, as one reads it."""
    return plain(page.split(f'<section id="{name}"')[1].split("</section>", maxsplit=1)[0])


def offer(desk: Desk, callback: Callback, sign_in: str, leg: Leg = Leg.AGENT) -> int:
    """The agent's phone rings for it now; the dial's id."""

    def ring(work: Work) -> int:
        at_their_phones(work, sign_in)
        row, agent = work.held(Callback, callback.id), by_sign_in(work.session, sign_in)
        assert row is not None
        assert agent is not None
        dial = handling.ring_agent(work, row, agent)
        dial.leg = leg
        if leg == Leg.AGENT:
            dial.agent_call_sid = f"CA{dial.id:032}"
        return dial.id

    return desk.do(ring)


def press_pass(visitor: Visitor, dial: int | str) -> tuple[int, str]:
    """Press the button; the code, and the page it leads to."""
    proof = token(visitor.open("/mine"))
    told = visitor.client.post("/mine/pass", data={"csrf_token": proof, "dial": dial}, follow_redirects=True)
    return told.status_code, told.text


def test_an_agent_begins_at_their_own_list_and_a_supervisor_at_theirs(ada: Visitor, sara: Visitor) -> None:
    assert ada.open("/").location == "/mine"
    assert 'href="/mine" data-key="g m" aria-current="page"' in ada.open("/mine").text
    assert sara.open("/").location != "/mine"
    assert sara.open("/mine").status_code == 403


def test_what_ada_may_take_stands_in_ringing_order_and_nothing_else(
    ada: Visitor, desk: Desk, clock: Clock
) -> None:
    later = ask(desk, "Bolt", number=STRANGER_PHONE)
    clock.forward(timedelta(minutes=-40))
    sooner = ask(desk, "Acme")
    clock.forward(timedelta(minutes=40))
    foreign = ask(desk, None, number=THEIRS)
    with desk.work() as work:
        row = work.held(Callback, foreign.id)
        assert row is not None
        row.language = "de"
    page = ada.open("/mine").text
    assert page.index(sooner.reference) < page.index(later.reference)
    assert foreign.reference not in page
    assert "Next in the queue 2" in part(page, "next")


def test_a_row_says_the_company_the_topic_the_wish_the_attempts_and_the_language(
    ada: Visitor, desk: Desk, clock: Clock
) -> None:
    callback = ask(desk)
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row is not None
        row.wish(work, clock() + timedelta(hours=4))
    said = part(ada.open("/mine").text, "next")
    assert "Acme" in said
    assert "delivery" in said
    assert "asked for 16:10" in said
    assert "EN" in said
    assert "Nobody is to be rung now. The next one is from 16:10." in said


def test_what_is_late_says_so_in_words_and_by_a_mark(screens: Flask, desk: Desk, clock: Clock) -> None:
    ask(desk)
    clock.set("2026-11-23 17:52")
    page = signed_in(screens, "ada").open("/mine").text
    assert "late 42 min" in part(page, "next")
    assert '<use href="#late"/>' in page.split('id="next"')[1]
    assert 'data-late="1"' in page


def test_what_ada_has_is_hers_now_and_in_nobodys_queue(ada: Visitor, screens: Flask, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    page = ada.open("/mine").text
    assert "Mine now 1" in part(page, "mine")
    assert f'formaction="/requests/{callback.reference}/call_now"' in page
    assert "Nobody waits for you." in part(page, "next")
    assert callback.reference not in signed_in(screens, "bruno").open("/mine").text


def test_when_only_others_may_take_what_waits_she_is_told_so(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row is not None
        row.level = 2
    assert "One waits for somebody with another level" in part(ada.open("/mine").text, "next")


def test_messages_for_sales_and_silent_callers_are_nobodys_turn(ada: Visitor, desk: Desk) -> None:
    ask(desk, kind=Kind.SALES)
    ask(desk, None, Kind.NO_MESSAGE, number=STRANGER_PHONE)
    assert "Nobody waits for you." in part(ada.open("/mine").text, "next")


@pytest.mark.parametrize(
    ("presence", "sentence"),
    [("ready", "the desk knows no phone of yours"), ("busy", "You are busy"), ("away", "You are away")],
)
def test_she_is_told_whether_the_desk_rings_her(ada: Visitor, presence: str, sentence: str) -> None:
    ada.send("/presence", presence=presence, csrf_token=token(ada.open("/mine")), next="/mine")
    assert sentence in plain(ada.open("/mine").text)


def test_who_is_ready_after_their_shift_is_told_when_the_next_begins(
    screens: Flask, desk: Desk, clock: Clock
) -> None:
    with desk.work() as work:
        at_their_phones(work, "ada")
    for now, sentence in (("12:10", "rings you in your turn"), ("19:00", "your shift begins tomorrow 09:00")):
        clock.set(f"2026-11-23 {now}")
        assert sentence in plain(signed_in(screens, "ada").open("/mine").text)


def test_what_is_offered_counts_the_seconds_that_are_left(ada: Visitor, desk: Desk, clock: Clock) -> None:
    offer(desk, ask(desk), "ada")
    clock.forward(timedelta(seconds=35))
    page = ada.open("/mine/live").text
    assert 'data-left="85"' in page
    assert "1:25" in part(page, "offer")
    assert "Answer your phone and press 1 to take it." in part(page, "offer")
    assert "You are being rung." in plain(page)


def test_what_she_passes_the_next_one_gets_and_her_phone_falls_silent(
    ada: Visitor, desk: Desk, clock: Clock
) -> None:
    callback = ask(desk)
    dial_id = offer(desk, callback, "ada")
    code, page = press_pass(ada, dial_id)
    assert (code, "Passed: the next one gets it" in page) == (200, True)
    after = now_of(desk, callback)
    with desk.reading() as work:
        dial = work.session.get(Dial, dial_id)
        assert dial is not None
        assert (dial.live, dial.outcome, dial.alarm_at) == (None, Outcome.PASSED, clock())
        assert (after.state, after.passed_by) == (State.WAITING, [dial.agent_id])
    assert "Mine now" not in page


@pytest.fixture
def ringing(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> Iterator[Ringing]:
    """Ada sits at her phone and somebody of Acme waits to be rung."""
    with ringing_desk(desk, clock, tmp_path) as made:
        with desk.work() as work:
            at_their_phones(work, "ada")
            wants_to_be_rung(work)
        yield made


@pytest.mark.parametrize("picked_up", [False, True])
def test_the_phone_of_who_passed_on_the_page_falls_silent_and_the_customers_never_rings(
    ringing: Ringing, ada: Visitor, picked_up: bool
) -> None:
    ringing.look()
    call = ringing.ringing()
    if picked_up:
        call.pick_up()
    assert press_pass(ada, ringing.dials()[0].id)[0] == 200
    ringing.look(1)
    assert call.line.over
    assert not ringing.exchange.rung(ACME_PHONE)
    assert ringing.callback().state in (State.WAITING, State.OFFERED)


def test_who_passed_before_the_carrier_answered_is_not_rung_for_nothing(
    ringing: Ringing, ada: Visitor, desk: Desk
) -> None:
    with desk.work() as work:
        assign_due(work)
    (dial,) = ringing.dials()
    taken = desk.do(partial(placing.take, dial_id=dial.id))
    assert taken is not None
    assert press_pass(ada, dial.id)[0] == 200
    desk.do(partial(placing.placed, dial_id=dial.id, call_sid="CA" + "5" * 32))
    with desk.reading() as work:
        after = work.session.get(Dial, dial.id)
        assert after is not None
        assert after.alarm_at is not None


def test_who_passes_what_was_taken_on_the_phone_meanwhile_is_told_so(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    dial_id = offer(desk, callback, "ada")

    def accept(work: Work) -> None:
        dial = work.held(Dial, dial_id)
        assert dial is not None
        assert handling.accepted(work, dial)

    desk.do(accept)
    code, page = press_pass(ada, dial_id)
    assert (code, "That offer is over, or taken on the phone already." in page) == (409, True)
    assert now_of(desk, callback).state == State.DIALLING


def test_a_page_that_is_an_hour_old_passes_nothing(ada: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    old = offer(desk, callback, "ada")
    assert press_pass(ada, old)[0] == 200
    clock.forward(timedelta(hours=1))
    newer = offer(desk, callback, "ada")
    assert press_pass(ada, old)[0] == 409
    with desk.reading() as work:
        dial = work.session.get(Dial, newer)
        assert dial is not None
        assert dial.live


def test_nobody_passes_what_is_offered_to_another(screens: Flask, ada: Visitor, desk: Desk) -> None:
    dial_id = offer(desk, ask(desk), "ada")
    bruno = signed_in(screens, "bruno")
    assert press_pass(bruno, dial_id)[0] == 409
    assert "Offered to you" in plain(ada.open("/mine").text)


@pytest.mark.parametrize("dial", ["", "0", "-1", "x", "٣", "9" * 400, "1; drop table dials"])
def test_what_is_no_dial_passes_nothing(ada: Visitor, desk: Desk, dial: str) -> None:
    offer(desk, ask(desk), "ada")
    code, page = press_pass(ada, dial)
    assert code == 409
    assert "Offered to you" in page


def test_with_the_customer_on_the_line_there_is_nothing_to_pass(ada: Visitor, desk: Desk) -> None:
    dial_id = offer(desk, ask(desk), "ada", Leg.CALLED_IN)
    page = ada.open("/mine").text
    assert "The customer is on the line" in part(page, "offer")
    assert 'name="dial"' not in page
    assert press_pass(ada, dial_id)[0] == 409


def test_two_agents_take_the_same_row_and_the_second_is_told_who_was_first(
    ada: Visitor, screens: Flask, desk: Desk
) -> None:
    callback = ask(desk)
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row is not None
        row.language = "it"
    bruno = signed_in(screens, "bruno")
    pages = [(ada, ada.open("/mine")), (bruno, bruno.open("/mine"))]
    told = [
        visitor.send(
            f"/requests/{callback.reference}/take", csrf_token=token(page), seen=hidden_seen(page.text)
        )
        for visitor, page in pages
    ]
    assert [answer.status_code for answer in told] == [302, 409]
    assert "Ada" in told[1].text
    held = now_of(desk, callback)
    assert held.agent is not None
    assert held.agent.sign_in == "ada"


def hidden_seen(page: str) -> str:
    """What the first button of the queue says was seen."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def test_hostile_words_are_shown_as_words(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row is not None
        assert row.subscription is not None
        row.subscription.company = '<script>alert(1)</script>"\u202e=cmd()'
    page = ada.open("/mine").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def many_ask(desk: Desk, clock: Clock, count: int) -> None:
    """So many strangers, each of whom may be rung at once."""
    for number in range(count):
        clock.forward(timedelta(seconds=1))
        ask(desk, None, number=f"+3902555{number:05}")
    with desk.work() as work:  # whoever knows nobody may ask for so many a day
        for row in work.session.scalars(select(Callback)):
            row.for_person, row.ring_from = None, work.now


def test_a_long_queue_is_read_in_few_questions(
    ada: Visitor, desk: Desk, clock: Clock, statements: list[str]
) -> None:
    many_ask(desk, clock, 25)
    statements.clear()
    page = ada.open("/mine/live").text
    assert "20+" in part(page, "next")
    assert "and more below these" in part(page, "next")
    assert len([each for each in statements if each.startswith("SELECT")]) < 14


def test_a_row_is_read_again_only_when_anything_of_it_is_another(
    ada: Visitor, desk: Desk, statements: list[str]
) -> None:
    callback = ask(desk)
    before = ada.open("/mine/live").text
    statements.clear()
    assert ada.open("/mine/live").text == before
    assert not [each for each in statements if "callbacks.reference" in each]
    desk.do(lambda work: callback.note(work, "they rang again", "desk"))
    after = ada.open("/mine/live").text
    assert int(hidden_seen(after)) == int(hidden_seen(before)) + 1


def test_rows_grow_old_one_after_another_and_not_all_at_once(
    ada: Visitor, desk: Desk, clock: Clock, statements: list[str]
) -> None:
    many_ask(desk, clock, 10)
    ada.open("/mine/live")
    read = []
    for _ in range(FRESH):
        clock.forward(timedelta(seconds=1))
        statements.clear()
        ada.open("/mine/live")
        asked = [each for each in statements if "callbacks.reference" in each]
        read += [each.split("callbacks.id IN (")[1].split(")\n")[0].count(",") + 1 for each in asked]
    assert sum(read) == 10
    assert max(read) == 2


def test_a_row_turns_late_on_her_list_though_nothing_else_happened(
    ada: Visitor, desk: Desk, clock: Clock
) -> None:
    closes = now_of(desk, ask(desk)).closes
    assert closes is not None
    while clock.now < closes - timedelta(hours=1):  # she looks all day, and stays signed in
        clock.forward(timedelta(hours=1))
        before = ada.open("/mine/live").text
    clock.now = closes + timedelta(seconds=FRESH)
    after = ada.open("/mine/live").text
    assert "late" not in part(before, "next")
    assert "late 0 min" in part(after, "next")


def test_what_she_has_is_found_among_all_that_was_ever_closed(desk: Desk, cast: object) -> None:
    callback = ask(desk)
    with desk.work() as work:
        ada = by_sign_in(work.session, "ada")
        assert ada is not None
        columns = [column.name for column in Callback.__table__.columns if column.name != "id"]
        row = {name: getattr(work.held(Callback, callback.id), name) for name in columns}
        row |= {"state": "closed", "agent_id": ada.id, "call_id": None}
        work.session.execute(insert(Callback), [row | {"reference": f"b{n}"} for n in range(3000)])
    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    with desk.reading() as work:
        asked = own_list._MINE.params(agent=1)
        written = str(asked.compile(desk.engine, compile_kwargs={"literal_binds": True}))
        how = "EXPLAIN QUERY PLAN " if desk.engine.dialect.name == "sqlite" else "EXPLAIN "
        plan = str(work.session.execute(text(how + written)).all())
        assert any(f"ix_callbacks_{name}" in plan for name in ("held", "state_closes", "backlog")), plan


def test_the_list_is_that_of_one_agent(desk: Desk, cast: object) -> None:
    ask(desk)
    with desk.reading() as work:
        bruno = by_sign_in(work.session, "bruno")
        assert bruno is not None
        assert not own_list.own_list(work, bruno).queue
        assert own_list.own_list(work, bruno).others == 1


def test_what_is_offered_is_passed_by_a_key_and_the_sheet_tells_it(ada: Visitor, desk: Desk) -> None:
    offer(desk, ask(desk), "ada")
    page = ada.open("/mine").text
    assert re.search(r'<button[^>]*name="dial"[^>]*data-key="x"', page)
    assert "pass what is offered to me" in page
