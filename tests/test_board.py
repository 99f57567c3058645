"""The board as agents see it: all that is open, in ringing order, what is late unmistakable."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.policy import Policy
from callbacks.subscription import Subscription
from callbacks.work import Desk
from console.board import SHOWN
from settings import Settings
from tests.people import POLICY_FILE, Cast, Clock, rome
from tests.screens import Visitor, ask, give_passwords, make_screens, signed_in

MARKS = {"opens": "early", "due": "due", "at risk": "at_risk", "late": "late"}
HOSTILE = "<script>alert('x')</script>\"'&{{7*7}}\u202e"


def plain(page: str) -> str:
    """What one reads, without the marks around it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_empty_board_says_that_nobody_waits(ada: Visitor) -> None:
    assert "Nobody is waiting for a call." in ada.open("/board").text


def test_a_request_stands_with_all_that_ringing_needs(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    read = plain(ada.open("/board").text)
    for fact in (
        "Acme", "delivery", "level 1", "EN", "+39 02 1234 4587", "Italy", "today 15:10–17:10",
        "received 12:10", "opens 15:10", f"{callback.reference[:3]} {callback.reference[3:]}", "0:23",
    ):  # fmt: skip
        assert fact in read, fact


def test_the_same_in_italian_for_bruno(bruno: Visitor, desk: Desk) -> None:
    ask(desk)
    page = bruno.open("/board")
    read = plain(page.text)
    for fact in (
        "Da richiamare", "invio", "livello 1", "Italia", "oggi 15:10–17:10", "ricevuta 12:10", "apre 15:10",
    ):  # fmt: skip
        assert fact in read, fact
    assert '<html lang="it">' in page.text


def test_before_signing_in_the_browser_chooses_the_language(screens: Flask) -> None:
    assert "Entra" in Visitor(screens, "it-IT,it;q=0.9,en;q=0.5").open("/sign-in").text
    assert "Sign in" in Visitor(screens, "fr-FR").open("/sign-in").text


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-23 14:30", "opens 15:10"),
        ("2026-11-23 15:10", "due, 2 h left"),
        ("2026-11-23 16:30", "due, 40 min left"),
        ("2026-11-23 16:40", "at risk, 30 min left"),
        ("2026-11-23 17:10", "at risk, 0 min left"),
        ("2026-11-23 17:52", "late 42 min"),
        ("2026-11-24 09:20", "late 1 h 10"),
    ],
)
def test_lateness_is_said_in_words_and_by_a_mark(
    screens: Flask, desk: Desk, clock: Clock, now: str, words: str
) -> None:
    ask(desk)
    clock.set(now)
    page = signed_in(screens, "ada").open("/board").text
    assert words in plain(page)
    mark = next(mark for start, mark in MARKS.items() if words.startswith(start))
    assert f'<use href="#{mark}"/>' in page.split('id="queue"')[1]


def test_late_after_hours_counts_no_working_time_but_the_clock_on_the_wall(
    screens: Flask, desk: Desk, clock: Clock
) -> None:
    clock.set("2026-11-23 13:30")
    callback = ask(desk)  # closes Monday 18:00
    clock.set("2026-11-23 21:00")
    ada = signed_in(screens, "ada")
    assert "late 3 h" in plain(ada.open("/board").text)
    assert "0 min of working time, 3 h by the clock" in ada.open(f"/requests/{callback.reference}").text


def test_counts_stand_at_the_top(ada: Visitor, desk: Desk, clock: Clock) -> None:
    ask(desk, "Acme")
    clock.set("2026-11-23 14:30")
    ask(desk, "Bolt")
    clock.set("2026-11-23 17:20")
    ada.sign_in("ada")
    read = plain(ada.open("/board").text)
    assert read.index("late 1") < read.index("at risk 0") < read.index("due 1") < read.index("waiting 0")


def test_whoever_left_no_message_and_whoever_wants_sales_stand_apart(ada: Visitor, desk: Desk) -> None:
    ask(desk, kind=Kind.NO_MESSAGE)
    ask(desk, None, Kind.SALES)
    ask(desk, None, Kind.TROUBLE, number=None)
    read = plain(ada.open("/board").text)
    assert "Nobody is waiting for a call." in read
    assert "For a person to look at 2" in read
    assert "left while something was broken" in read
    assert "no number given" in read
    assert "For Sales 1" in read


def test_a_wished_for_time_is_shown_as_not_before(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row
        row.wish(work, rome("2026-11-24 10:00"))
    assert "not before tomorrow 10:00" in plain(ada.open("/board").text)


def test_a_window_over_lunch_is_shown_in_its_parts(ada: Visitor, desk: Desk, clock: Clock) -> None:
    clock.set("2026-11-23 10:30")
    ask(desk)
    assert "today 12:30–13:00 , 14:00–15:30" in plain(ada.open("/board").text)


def test_the_clock_at_the_other_end_is_told_where_it_is_another(ada: Visitor, desk: Desk) -> None:
    ask(desk, number="+12125550148")
    assert "there it is 06:10" in plain(ada.open("/board").text)


def test_hostile_names_are_shown_as_they_are_written_and_do_nothing(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk, topic=HOSTILE[:50], told=HOSTILE)
    with desk.work() as work:
        work.session.execute(update(Subscription).values(company=Subscription.company + HOSTILE))
    for page in (ada.open("/board").text, ada.open(f"/requests/{callback.reference}").text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
        assert "{{7*7}}" in page


def test_nothing_is_sent_again_while_nothing_changes(ada: Visitor, desk: Desk, clock: Clock) -> None:
    ask(desk)
    first = ada.open("/board/live")
    mark = first.headers["ETag"]
    assert ada.open("/board/live", **{"If-None-Match": mark}).status_code == 304
    clock.forward(timedelta(hours=4))
    ada.sign_in("ada")
    again = ada.open("/board/live", **{"If-None-Match": mark})
    assert again.status_code == 200
    assert "at risk" in again.text


def test_the_living_part_is_refused_plainly_once_the_stay_has_ended(ada: Visitor, clock: Clock) -> None:
    clock.forward(timedelta(hours=13))
    assert ada.open("/board/live").status_code == 401


def test_a_long_queue_shows_its_head_and_counts_the_rest(
    ada: Visitor, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for caller in range(4):
        ask(desk, number=f"+39021234450{caller}")
        clock.forward(timedelta(seconds=1))
    monkeypatch.setitem(SHOWN, "to_ring", 3)
    read = plain(ada.open("/board").text)
    assert "To ring 4" in read
    assert "and one more below these" in read


def test_the_board_reads_the_database_a_fixed_number_of_times(
    ada: Visitor, desk: Desk, clock: Clock, statements: list[str]
) -> None:
    ask(desk)
    ada.open("/board/live")
    few = len(statements)
    for caller in range(6):
        clock.forward(timedelta(seconds=1))
        ask(desk, number=f"+39021234450{caller}")
    statements.clear()
    ada.open("/board/live")
    assert len(statements) <= few + 2


def test_hours_that_change_later_rewrite_nothing_that_was_promised(
    desk: Desk, cast: Cast, settings: Settings, clock: Clock
) -> None:
    clock.set("2026-11-23 10:30")
    callback = ask(desk)
    give_passwords(desk)
    text = POLICY_FILE.read_text().replace('mon = ["09:00-13:00", "14:00-18:00"]', 'mon = ["08:00-12:30"]')
    changed = replace(desk, policy=Policy.parse(text, environ={}))
    clock.set("2026-11-23 14:50")
    ada = signed_in(make_screens(changed, settings), "ada")
    for path in ("/board", f"/requests/{callback.reference}"):
        read = plain(ada.open(path).text)
        assert "today 12:30–13:00 , 14:00–15:30" in read
        assert "due, 40 min left" in read
