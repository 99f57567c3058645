"""The supervisor's wall: how the desk stands, who is there, what to do next and why."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from callbacks import handling
from callbacks.agent import Agent, Presence, by_sign_in
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.reason import AFTER, Mend
from callbacks.subscription import Subscription
from callbacks.work import Desk
from console.catalogue import Catalogue, offered
from tests.people import Cast, Clock, rome
from tests.screens import Visitor, ask, signed_in
from tests.test_board import HOSTILE, plain
from tests.test_reason import change, move, person, ready

LACKS = ("level", "language", "topic", "together")
REASONS = (
    "being_rung", "no_outcome", "held", "held_for_good", "customer", "person", "person_no_number",
    *(f"person_{kind}" for kind in Kind if kind is not Kind.CALLBACK),
    *(f"person_{why}" for why in ("missed", "failed", "number", "limit")),
    *(name for name, _mend in AFTER.values()),
    "missed", "wish", "later", "no_phone", "closed", *(f"desk_{lack}" for lack in LACKS),
    *(f"shift_{lack}{far}" for lack in (*LACKS, "anybody") for far in ("", "_open")),
    "on_calls", "mixed", "all_busy", "all_away", "shift_ends", "still", "next",
)  # fmt: skip
"""Every reason there is, put together as the core does."""


@pytest.mark.parametrize("language", offered())
def test_every_reason_and_every_act_that_mends_has_its_words(language: str) -> None:
    named = [*(f"why.{name}" for name in REASONS), *(f"mend.{mend}" for mend in Mend)]
    assert [name for name in named if not Catalogue.of(language).knows(name)] == []


@pytest.fixture(autouse=True)
def _phones(desk: Desk, cast: Cast) -> None:
    change(desk, "ada", phone="+390255512301")
    change(desk, "bruno", phone="+390255512302")


def read(visitor: Visitor, path: str = "/wall") -> str:
    return plain(visitor.open(path).text)


def test_a_supervisor_begins_at_the_wall(sara: Visitor) -> None:
    assert sara.open("/").headers["Location"] == "/wall"


def test_it_is_not_for_agents(ada: Visitor) -> None:
    assert ada.open("/wall").status_code == 403
    assert ada.open("/wall/live").status_code == 403


def test_with_nothing_to_do_it_says_so(sara: Visitor) -> None:
    assert "Nothing needs you." in read(sara)


def test_the_counts_and_who_is_being_called(screens: Flask, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    ready(desk, "ada")
    clock.set("2026-11-23 17:20")
    sara = signed_in(screens, "sara")
    assert "late 1 at risk 0 due 0 waiting 0 being called 0" in read(sara)
    with desk.work() as work:
        handling.ring_agent(work, work.session.get_one(Callback, callback.id), person(work, "ada"))
    assert "being called 1" in read(sara)
    assert "Ada phone about to ring for Acme 0:00" in read(sara)


def test_the_list_says_why_and_what_mends_it(screens: Flask, desk: Desk, clock: Clock) -> None:
    change(desk, "ada", languages=["it"])
    change(desk, "bruno", languages=["en"], shifts={"tue": [["10:00", "18:00"]]})
    ask(desk)
    clock.set("2026-11-23 17:20")
    page = read(signed_in(screens, "sara"))
    assert "late 10 min Acme" in page
    assert "Nobody on shift speaks English until tomorrow 10:00." in page
    assert "Ring them yourself, or find somebody who can." in page


def test_what_will_be_late_is_told_before_it_is(sara: Visitor, desk: Desk) -> None:
    ask(desk)
    change(desk, "bruno", presence=Presence.READY)  # who speaks no English; Ada is away until her next shift
    change(desk, "ada", shifts={"mon": [["09:00", "13:00"]]})
    page = read(sara)
    assert "will be late at 17:10 Acme" in page
    assert "Ada, the only one who may take it, is away. Ask Ada to be ready." in page


def test_the_crew_by_what_they_do(sara: Visitor, desk: Desk, clock: Clock) -> None:
    change(desk, "bruno", presence=Presence.BUSY, presence_since=clock() - timedelta(minutes=20))
    change(desk, "ada", presence=Presence.READY, shifts={"mon": [["14:00", "18:00"]]})
    assert "The crew 1 busy, 1 off shift Bruno busy 20 min Ada off shift until 14:00" in read(sara)


def test_promises_kept_today_are_those_rung_in_time(screens: Flask, desk: Desk, clock: Clock) -> None:
    kept, _late = ask(desk), ask(desk, "Bolt", number="+390212344590")
    move(desk, kept, lambda work, held: held.rang(work, "agent:ada", "no_answer"))
    clock.set("2026-11-23 17:11")
    assert "today 50 % 1 of 2" in read(signed_in(screens, "sara"))


def test_nothing_owed_yet_is_no_percentage(sara: Visitor, desk: Desk) -> None:
    ask(desk)
    assert "today – none yet" in read(sara)


def test_it_is_in_italian_for_who_reads_italian(screens: Flask, desk: Desk, clock: Clock) -> None:
    change(desk, "sara", languages=["it"])
    change(desk, "ada", languages=["it"])
    ask(desk)
    page = read(signed_in(screens, "sara"))
    assert "Che cosa fare adesso" in page
    assert "Qui nessuno parla inglese." in page


def test_the_living_part_is_sent_once_while_nothing_changes(sara: Visitor, desk: Desk, clock: Clock) -> None:
    first = sara.open("/wall/live")
    assert sara.open("/wall/live", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    ask(desk)
    assert sara.open("/wall/live", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_big_screen_stays_big_as_it_lives(sara: Visitor) -> None:
    page = sara.open("/wall?screen=big").text
    assert 'class="wide wall big"' in page
    assert "/wall/live?screen=big" in page
    assert "big" not in sara.open("/wall?screen=%3Cscript%3E").text.split("<body")[1].split(">")[0]


def test_a_clock_that_stands_still_is_told_on_the_wall(screens: Flask, desk: Desk, clock: Clock) -> None:
    ask(desk)
    clock.set("2026-11-23 17:20")
    assert "The desk stands still: an alarm has waited" in read(signed_in(screens, "sara"))


def test_hostile_names_are_text_on_the_wall(sara: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk, topic=HOSTILE[:50], number=None)
    with desk.work() as work:
        work.session.execute(update(Subscription).values(company=Subscription.company + HOSTILE))
        work.session.execute(update(Agent).where(Agent.sign_in == "ada").values(name=HOSTILE))
        held = work.held(Callback, callback.id)
        ada = by_sign_in(work.session, "ada")
        assert held
        assert ada
        held.assign(work, ada, "agent:ada")
    clock.set("2026-11-23 17:20")
    page = signed_in(sara.client.application, "sara").open("/wall").text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") >= 3


def test_the_wall_asks_the_database_a_fixed_number_of_times(
    sara: Visitor, desk: Desk, clock: Clock, statements: list[str]
) -> None:
    ask(desk)
    clock.set("2026-11-23 17:20")
    sara = signed_in(sara.client.application, "sara")
    sara.open("/wall/live")
    clock.forward(timedelta(seconds=6))
    statements.clear()
    sara.open("/wall/live")
    few = len(statements)
    clock.set("2026-11-23 12:20")
    for caller in range(6):
        clock.forward(timedelta(seconds=1))
        ask(desk, number=f"+39021234450{caller}")
    clock.now = rome("2026-11-23 17:20")
    statements.clear()
    sara.open("/wall/live")
    assert len(statements) <= few + 2


def test_the_second_to_look_costs_no_reading_of_the_queue(
    screens: Flask, sara: Visitor, desk: Desk, statements: list[str]
) -> None:
    change(desk, "bruno", roles=["supervisor"], languages=["en"], phone=None)
    bruno = signed_in(screens, "bruno")
    ask(desk)
    first = sara.open("/wall/live").text
    statements.clear()
    assert bruno.open("/wall/live").text == first
    assert not [each for each in statements if "callbacks.reference" in each or "day_sums" in each]
    assert len(statements) < 8
    assert bruno.open("/wall/live?screen=big").text != first


def test_a_change_is_in_the_next_look_though_others_looked_just_now(sara: Visitor, desk: Desk) -> None:
    assert "waiting 0" in read(sara, "/wall/live")
    ask(desk)
    assert "waiting 1" in read(sara, "/wall/live")
