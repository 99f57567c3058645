"""A note survives whatever happens while it is typed: a reload, a crash, signing out; nobody else sees it."""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from callbacks import draft, retention, staffing
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.moves import Disposition
from callbacks.work import Desk
from tests.people import Clock
from tests.screens import Visitor, ask, signed_in, token
from tests.test_board_request import notes

HOSTILE = "</textarea><script>alert(1)</script>\u202e=cmd()'\""


def type_in(
    visitor: Visitor, callback: Callback, note: str, page: TestResponse | None = None
) -> TestResponse:
    """What the page sends by itself while they type."""
    page = page or visitor.open(f"/requests/{callback.reference}")
    return visitor.send(f"/requests/{callback.reference}/draft", note=note, csrf_token=token(page))


def page_of(visitor: Visitor, callback: Callback) -> str:
    """The request's page."""
    return visitor.open(f"/requests/{callback.reference}").text


def test_what_was_typed_is_there_again_after_signing_out_and_in(
    ada: Visitor, screens: Flask, desk: Desk
) -> None:
    callback = ask(desk)
    assert type_in(ada, callback, "they moved to a new").text == "12:10"
    ada.send("/sign-out", csrf_token=token(ada.open("/board")))
    page = page_of(signed_in(screens, "ada"), callback)
    assert ">they moved to a new</textarea>" in page
    assert "You had begun this note; it was kept." in page
    assert notes(desk, callback) == []


def test_nobody_else_sees_it_and_two_do_not_mix(ada: Visitor, bruno: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    type_in(ada, callback, "from Ada")
    type_in(bruno, callback, "da Bruno")
    assert ">from Ada</textarea>" in page_of(ada, callback)
    assert ">da Bruno</textarea>" in page_of(bruno, callback)
    bruno.press(callback, "note", note="da Bruno")
    assert ">from Ada</textarea>" in page_of(ada, callback)


@pytest.mark.parametrize("button", ["note", "take", "no_answer"])
def test_sent_with_a_button_it_is_a_line_of_the_journal_and_no_draft(
    ada: Visitor, desk: Desk, button: str
) -> None:
    callback = ask(desk)
    type_in(ada, callback, "half")
    ada.press(callback, button, note="half, and the rest")
    assert notes(desk, callback) == ["half, and the rest"]
    assert "></textarea>" in page_of(ada, callback)


def test_what_is_kept_after_it_was_sent_does_not_come_back(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    page = ada.open(f"/requests/{callback.reference}")
    ada.press(callback, "note", note="told them about DKIM")
    type_in(ada, callback, "told them about DKIM", page)
    assert "></textarea>" in page_of(ada, callback)


def test_what_stands_in_the_way_of_a_button_loses_nothing_typed(
    ada: Visitor, bruno: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    before = ada.open(f"/requests/{callback.reference}")
    bruno.press(callback, "take")
    assert ada.press(callback, "take", before, note="my words").status_code == 409
    assert ">my words</textarea>" in page_of(ada, callback)


def test_an_emptied_field_keeps_nothing(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    type_in(ada, callback, "wrong request")
    type_in(ada, callback, "  ")
    assert "wrong request" not in page_of(ada, callback)


@pytest.mark.parametrize("note", [HOSTILE, "x" * 10_000, "a\x00b", "مرحبا"])
def test_whatever_is_typed_is_shown_as_text(ada: Visitor, desk: Desk, note: str) -> None:
    callback = ask(desk)
    assert type_in(ada, callback, note).status_code == 200
    assert "<script>alert" not in page_of(ada, callback)


def test_without_our_token_nothing_is_kept(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert ada.send(f"/requests/{callback.reference}/draft", note="forged").status_code == 400
    assert "forged" not in page_of(ada, callback)


def test_a_draft_that_nobody_went_on_with_is_let_go(ada: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    type_in(ada, callback, "once upon a time")
    clock.forward(timedelta(days=29))
    assert desk.do(draft.forget_old) == 0
    clock.forward(timedelta(days=2))
    assert desk.do(draft.forget_old) == 1


def test_it_goes_with_what_else_was_said_of_people(ada: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    with desk.work() as work:
        held = work.held(Callback, callback.id)
        assert held
        held.close(work, Disposition.SOLVED, "agent:ada")
    clock.forward(timedelta(days=400))
    with desk.work() as work:
        ada_herself = by_sign_in(work.session, "ada")
        assert ada_herself
        draft.keep(work, ada_herself, callback, "Mr Rossi said")
    desk.do(retention.erase_personal)
    with desk.reading() as work:
        assert draft.of(work.session, ada_herself, callback) == ""


def test_who_leaves_takes_their_drafts_with_them(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    type_in(ada, callback, "mine")
    with desk.work() as work:
        person = staffing.the_person(work, "ada")
        staffing.leave(work, person, "administrator")
        assert draft.of(work.session, person, callback) == ""


def window(visitor: Visitor, callback: Callback, note: str, *on: str) -> TestResponse:
    """What one window sends by itself, with what it knows to be kept."""
    proof = token(visitor.open(f"/requests/{callback.reference}"))
    form = {"note": note, "csrf_token": proof, "on": list(on)}
    return visitor.send(f"/requests/{callback.reference}/draft", **form)


def test_the_older_of_two_windows_does_not_write_over_the_newer_note(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert window(ada, callback, "first", "").text == "12:10"
    assert window(ada, callback, "first, and more", "first").text == "12:10"
    told = window(ada, callback, "first, otherwise", "first")
    assert told.json == {"newer": "first, and more"}
    assert ">first, and more</textarea>" in page_of(ada, callback)


def test_it_may_be_written_over_once_it_was_seen(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    window(ada, callback, "newer", "")
    assert window(ada, callback, "mine", "").json == {"newer": "newer"}
    assert window(ada, callback, "mine", "newer").text == "12:10"
    assert ">mine</textarea>" in page_of(ada, callback)


def test_an_emptied_window_does_not_empty_the_other(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    window(ada, callback, "newer", "older")
    assert window(ada, callback, "", "older").json == {"newer": "newer"}
    assert ">newer</textarea>" in page_of(ada, callback)


def test_what_was_kept_though_no_answer_came_is_no_other_window(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    window(ada, callback, "one two", "one")  # and its answer was lost
    assert window(ada, callback, "one two three", "one", "one two").text == "12:10"


def test_to_send_the_older_note_leaves_the_newer_a_draft(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    window(ada, callback, "newer, from the other window", "")
    ada.press(callback, "note", note="older", on="")
    assert notes(desk, callback) == ["older"]
    assert ">newer, from the other window</textarea>" in page_of(ada, callback)


def test_what_was_typed_last_and_sent_at_once_leaves_no_draft(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    window(ada, callback, "as kept", "")
    ada.press(callback, "note", note="as corrected", on="as kept")
    assert "as kept</textarea>" not in page_of(ada, callback)


def test_a_newer_note_is_handed_back_as_text(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    window(ada, callback, HOSTILE, "")
    told = window(ada, callback, "other", "")
    assert told.json == {"newer": HOSTILE}
    assert "<script>alert" not in page_of(ada, callback)
