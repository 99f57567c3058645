"""One request in two agents' hands: one wins, the other is told, nothing is lost."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask

from callbacks import journal
from callbacks.call import Kind
from callbacks.callback import Callback, by_reference
from callbacks.moves import State
from callbacks.work import Desk
from tests.people import Clock
from tests.screens import Visitor, ask, hidden, signed_in, token
from tests.test_board import plain


def now_of(desk: Desk, callback: Callback) -> Callback:
    """The request as it stands."""
    with desk.reading() as work:
        found = by_reference(work.session, callback.reference)
        assert found
        _ = found.agent
        return found


def moves(desk: Desk, callback: Callback) -> list[str]:
    """Its journal by the names of the moves."""
    with desk.reading() as work:
        return [entry.move for entry in journal.lines(work.session, callback.subject)]


def notes(desk: Desk, callback: Callback) -> list[str]:
    """What people wrote about it."""
    with desk.reading() as work:
        lines = journal.lines(work.session, callback.subject)
        return [line.personal.body["text"] for line in lines if line.personal and line.move == "noted"]


def test_the_page_tells_all_that_is_known(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    read = plain(ada.open(f"/requests/{callback.reference}").text)
    for fact in (
        "Acme", "+39 02 1234 4587", "today 15:10–17:10", "tomorrow 12:10 (level 1)", "contract speed 10,000",
        "We will call you back between 3:10 and 5:10 this afternoon.",
        "received Mon 12:10; 50 min counted Mon 12:10-13:00; Mon 13:00-14:00 closed; 70 min counted",
        "Caller asked to be called back.", "Caller left a message, 0:23.", "Nobody has it yet",
    ):  # fmt: skip
        assert fact in read, fact


def test_ada_takes_it_rings_twice_talks_and_closes(ada: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    assert now_of(desk, callback).state == State.ASSIGNED
    ada.press(callback, "no_answer")
    assert "ring again from 12:20" in ada.open("/board").text
    clock.forward(timedelta(minutes=10))
    ada.press(callback, "take")
    ada.press(callback, "busy", note="will try at three")
    clock.forward(timedelta(minutes=110))
    ada.press(callback, "take")
    ada.press(callback, "reached")
    ada.press(callback, "close", disposition="solved")
    done = now_of(desk, callback)
    assert (done.state, done.disposition) == (State.CLOSED, "solved")
    assert moves(desk, callback)[3:] == [
        "assigned", "rang", "missed", "assigned", "rang", "missed", "noted", "assigned", "reached", "closed",
    ]  # fmt: skip
    assert done.first_rang_at is not None
    assert done.first_reached_at is not None


def test_each_button_says_what_was_written(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    assert "It is yours." in ada.open(f"/requests/{callback.reference}").text


def test_given_back_it_is_in_its_old_place(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    ada.press(callback, "give_back")
    assert now_of(desk, callback).state == State.WAITING
    assert now_of(desk, callback).agent_id is None


def test_who_comes_second_is_told_who_was_first_and_keeps_what_they_typed(
    ada: Visitor, bruno: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    before = bruno.open(f"/requests/{callback.reference}")
    ada.press(callback, "take")
    told = bruno.press(callback, "close", before, note="my long note", disposition="withdrawn")
    assert told.status_code == 409
    assert "Ada è arrivato prima: l&#39;ha presa." in told.text
    assert ">my long note</textarea>" in told.text
    assert re.search('class="plain chosen" name="disposition" value="withdrawn"', told.text)
    assert now_of(desk, callback).state == State.ASSIGNED
    assert notes(desk, callback) == []
    again = bruno.press(callback, "close", told, note="my long note", disposition="withdrawn")
    assert again.status_code == 302
    assert notes(desk, callback) == ["my long note"]


def test_a_caller_who_changes_the_request_meanwhile_is_seen_before_it_is_closed(
    ada: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    page = ada.open(f"/requests/{callback.reference}")
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row
        row.change_number(work, "+390255512345")
    told = ada.press(callback, "reached", page)
    assert told.status_code == 409
    assert "Caller was first: changed the number to +39 02 5551 2345." in told.text


def test_the_mere_passing_of_time_makes_no_page_stale(ada: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    page = ada.open(f"/requests/{callback.reference}")
    clock.forward(timedelta(hours=6))
    with desk.work() as work:
        from callbacks import watch

        assert "late" in watch.ring(work, callback.id)
    assert ada.press(callback, "no_answer", page).status_code == 302


def test_a_colleagues_note_stands_in_nobodys_way(ada: Visitor, bruno: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    page = ada.open(f"/requests/{callback.reference}")
    bruno.press(callback, "note", note="they are in a meeting until three")
    assert ada.press(callback, "no_answer", page).status_code == 302


def test_a_note_is_kept_from_however_old_a_page(ada: Visitor, bruno: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    page = bruno.open(f"/requests/{callback.reference}")
    ada.press(callback, "close", disposition="solved")
    assert bruno.press(callback, "note", page, note="also told them about DKIM").status_code == 302
    assert notes(desk, callback) == ["also told them about DKIM"]


def test_a_button_pressed_twice_is_pressed_once(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    page = ada.open(f"/requests/{callback.reference}")
    assert ada.press(callback, "no_answer", page).status_code == 302
    told = ada.press(callback, "no_answer", page)
    assert told.status_code == 409
    assert "Ada was first: rang: no answer." in told.text
    assert moves(desk, callback).count("rang") == 1


def test_of_many_hands_at_once_exactly_one_takes_it(screens: Flask, desk: Desk) -> None:
    callback = ask(desk)
    hands = [signed_in(screens, name) for name in ("ada", "bruno", "sara", "ada")]
    pages = [hand.open(f"/requests/{callback.reference}") for hand in hands]
    codes: list[int] = []
    gate = threading.Barrier(len(hands))

    def press(hand: Visitor, page: object) -> None:
        gate.wait(60)
        codes.append(hand.press(callback, "take", page).status_code)  # type: ignore[arg-type]

    threads = [threading.Thread(target=press, args=both) for both in zip(hands, pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(codes) == [302, 409, 409, 409]
    assert moves(desk, callback).count("assigned") == 1


def test_closing_wants_an_outcome(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    told = ada.press(callback, "close", note="hm")
    assert told.status_code == 409
    assert "Say what came of it first." in told.text
    assert now_of(desk, callback).is_open


@pytest.mark.parametrize("outcome", ["nonsense", "SOLVED", "solved\x00", "x" * 10_000])
def test_an_outcome_that_does_not_exist_closes_nothing(ada: Visitor, desk: Desk, outcome: str) -> None:
    callback = ask(desk)
    assert ada.press(callback, "close", disposition=outcome).status_code == 409


def test_after_the_third_miss_a_person_decides(ada: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    for _miss in range(3):
        ada.press(callback, "take")
        ada.press(callback, "no_answer")
        clock.forward(timedelta(hours=3))
        ada.sign_in("ada")  # who is not heard of for two hours is out
    read = plain(ada.open("/board").text)
    assert "For a person to look at 1" in read
    assert "missed 3 times: decide how it goes on" in read
    journal_of_it = plain(ada.open(f"/requests/{callback.reference}").text)
    assert "Ada reached nobody; next from today 12:20." in journal_of_it
    assert "Ada reached nobody, for the last time." in journal_of_it


def test_escalated_it_waits_for_level_2_with_its_target(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "reached")
    ada.press(callback, "close", disposition="escalated")
    page = plain(ada.open(f"/requests/{callback.reference}").text)
    assert "Fri, Nov 27 12:10 (level 2)" in page
    assert "Ada moved it up to level 2." in page
    assert now_of(desk, callback).is_open
    assert ada.press(callback, "close", disposition="escalated").status_code == 409


def test_while_the_customer_is_waited_for_the_solve_clock_stands(
    ada: Visitor, desk: Desk, clock: Clock
) -> None:
    callback = ask(desk)
    ada.press(callback, "reached")
    ada.press(callback, "close", disposition="waiting_for_customer")
    assert "waiting for the customer" in plain(ada.open("/board").text)
    clock.set("2026-11-23 16:10")
    ada.sign_in("ada")
    ada.press(callback, "resume")
    assert "tomorrow 16:10 (level 1)" in plain(ada.open(f"/requests/{callback.reference}").text)


def test_an_empty_note_is_none(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert "Write the note first." in ada.press(callback, "note", note="  \n ").text


def test_a_closed_request_has_no_buttons_but_the_note(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "close", disposition="withdrawn")
    page = ada.open(f"/requests/{callback.reference}").text
    assert "formaction" not in page
    assert "Keep the note" in page
    assert "withdrawn by the caller" in page


def test_only_who_has_it_gives_it_back_and_a_supervisor(
    ada: Visitor, bruno: Visitor, sara: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    assert "give_back" not in bruno.open(f"/requests/{callback.reference}").text
    assert bruno.press(callback, "give_back").status_code == 409
    assert sara.press(callback, "give_back").status_code == 302


def test_a_message_for_sales_is_passed_on_and_never_rung_by_the_desk(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk, None, Kind.SALES)
    page = ada.open(f"/requests/{callback.reference}")
    assert "It rang" not in page.text
    assert "to be passed on" in page.text
    assert ada.press(callback, "no_answer", page).status_code == 409
    assert ada.press(callback, "close", disposition="handled").status_code == 302


def test_a_form_without_our_token_does_nothing(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    answer = ada.send(f"/requests/{callback.reference}/take", seen="9")
    assert answer.status_code == 400
    assert now_of(desk, callback).state == State.WAITING


def test_somebody_elses_token_does_nothing(ada: Visitor, bruno: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    theirs = token(bruno.open("/board"))
    answer = ada.send(f"/requests/{callback.reference}/take", seen="9", csrf_token=theirs)
    assert answer.status_code == 400


@pytest.mark.parametrize("seen", ["", "-1", "many", "٣", "9" * 400, "0"])
def test_a_page_that_does_not_say_what_it_showed_is_taken_as_old(ada: Visitor, desk: Desk, seen: str) -> None:
    callback = ask(desk)
    page = ada.open(f"/requests/{callback.reference}")
    answer = ada.send(f"/requests/{callback.reference}/take", seen=seen, csrf_token=token(page))
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "path", ["/requests/000000", "/requests/abc", "/requests/%00", "/requests/" + "9" * 500]
)
def test_a_reference_that_nobody_has_is_said_to_be_none(ada: Visitor, path: str) -> None:
    answer = ada.open(path)
    assert answer.status_code == 404
    assert "There is no such page." in answer.text


def test_a_button_that_does_not_exist_is_no_page(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert ada.press(callback, "explode").status_code == 404


@pytest.mark.parametrize("note", ["<b>bold</b>", "مرحبا", "x" * 9000, "a\nb", "{{ 7*7 }}"])
def test_a_note_is_kept_as_typed_and_shown_as_text(ada: Visitor, desk: Desk, note: str) -> None:
    callback = ask(desk)
    ada.press(callback, "note", note=note)
    assert notes(desk, callback) == [note[:4000]]
    assert "<b>bold" not in ada.open(f"/requests/{callback.reference}").text


def test_a_note_with_what_a_database_cannot_keep_is_kept_without_it(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert ada.press(callback, "note", note="before\x00after").status_code == 302
    assert notes(desk, callback) == ["beforeafter"]


def test_the_page_moves_on_by_itself(ada: Visitor, bruno: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    path = f"/requests/{callback.reference}/live"
    first = ada.open(path)
    bruno.press(callback, "take")
    again = ada.open(path, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "With Bruno" in again.text
    assert int(hidden(again, "seen")) > int(hidden(first, "seen"))


def test_what_was_erased_of_a_person_is_said_to_be(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "note", note="a private matter")
    with desk.work() as work:
        for line in journal.lines(work.session, callback.subject):
            line.personal = None
    page = ada.open(f"/requests/{callback.reference}").text
    assert "a private matter" not in page
    assert "has been erased" in page


def test_what_the_company_asked_before_is_one_click_away(ada: Visitor, desk: Desk, clock: Clock) -> None:
    first = ask(desk)
    ada.press(first, "close", disposition="solved")
    clock.forward(timedelta(minutes=5))
    second = ask(desk)
    page = ada.open(f"/requests/{second.reference}").text
    assert f'href="/requests/{first.reference}"' in page
