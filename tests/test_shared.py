"""What many see alike is ready before they are told of a change, and shows nothing of who asked for it."""

import re
import threading
from datetime import timedelta
from typing import cast

import pytest
from flask import Flask

from callbacks import journal
from callbacks.callback import Callback
from callbacks.work import Desk, Work
from console import shared
from console.listening import ROUND, TELLS_EVERY, Alike, Listener, Listening
from console.room import Room
from tests.people import Clock
from tests.ringing import at_their_phones
from tests.screens import Visitor, ask, hidden, signed_in
from tests.test_displays import DOOR, begin, code_of, hang

PARTS = ("/board/live", "/wall/live", "/wall/live?screen=big")


@pytest.fixture
def room(screens: Flask) -> Room:
    """What the screens share."""
    return cast(Room, screens.extensions["console"])


def told(room: Room) -> dict[str, str]:
    """What a page brings back that was just told of a change."""
    room.listening.look()
    return {"Desk-Heard": room.listening.news}


def readings(statements: list[str]) -> list[str]:
    """What was asked, but for who is signed in."""
    return [each for each in statements if "sign_ins" not in each and each != "BEGIN"]


@pytest.mark.parametrize("part", PARTS)
def test_who_is_told_of_a_change_finds_it_rendered(
    part: str, room: Room, sara: Visitor, statements: list[str]
) -> None:
    before = sara.open(part).text
    ask(room.desk)
    news = told(room)
    statements.clear()
    after = sara.open(part, **news).text
    assert readings(statements) == []
    assert after == sara.open(part).text != before


@pytest.mark.parametrize("part", PARTS)
def test_before_a_part_is_too_old_it_is_rendered_again_though_nothing_changed(
    part: str, room: Room, sara: Visitor, clock: Clock, statements: list[str]
) -> None:
    clock.set("2026-11-23 11:15:00")
    ask(room.desk)
    early = sara.open(part).text
    news = told(room)
    clock.forward(timedelta(hours=2, seconds=1))
    assert told(room) == news
    statements.clear()
    late = sara.open(part, **news).text
    assert readings(statements) == []
    assert late != early


def test_what_nobody_asked_for_of_late_is_rendered_no_more(
    room: Room, ada: Visitor, desk: Desk, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.open("/board/live")
    monkeypatch.setattr(shared, "LATELY", -1.0)
    ask(desk)
    statements.clear()
    news = told(room)
    assert not [each for each in statements if "callbacks.reference" in each]
    assert ada.open("/board/live", **news).text == ada.open("/board/live").text


def test_each_language_and_each_screen_has_its_own(
    room: Room, ada: Visitor, bruno: Visitor, sara: Visitor, desk: Desk
) -> None:
    visitors = [
        (ada, "/board/live"),
        (bruno, "/board/live"),
        (sara, PARTS[1]),
        (sara, PARTS[2]),
    ]
    for visitor, part in visitors:
        visitor.open(part)
    ask(desk)
    news = told(room)
    seen = [visitor.open(part, **news).text for visitor, part in visitors]
    assert len(set(seen)) == len(visitors)
    assert "Da richiamare" in seen[1]
    assert "To ring" in seen[0]
    assert seen == [visitor.open(part).text for visitor, part in visitors]


def test_what_is_made_ready_is_the_same_whoever_asked_for_it_and_names_nobody(
    room: Room, screens: Flask, ada: Visitor, sara: Visitor, desk: Desk
) -> None:
    with desk.work() as work:
        at_their_phones(work, "ada")
    ada.open("/board/live")
    ask(desk)
    news = told(room)
    by_ada, by_sara = ada.open("/board/live", **news).text, sara.open("/board/live", **news).text
    assert re.findall(r'value="(\w+)" aria-pressed="true"', by_ada) == ["ready"]
    assert re.findall(r'value="(\w+)" aria-pressed="true"', by_sara) == ["away"]
    assert by_ada.partition('<div id="presence"')[0] == by_sara.partition('<div id="presence"')[0]
    assert by_sara == signed_in(screens, "sara").open("/board/live").text


def test_who_has_signed_out_is_shown_nothing_that_is_ready_for_others(
    room: Room, ada: Visitor, sara: Visitor, desk: Desk
) -> None:
    for visitor in (ada, sara):
        visitor.open("/board/live")
    token = re.search(r'name="csrf_token" value="([^"]+)"', sara.open("/account").text)
    assert token
    sara.send("/sign-out", csrf_token=token[1])
    ask(desk)
    news = told(room)
    assert sara.open("/board/live", **news).status_code == 401
    assert ada.open("/board/live", **news).status_code == 200


def test_a_display_finds_it_ready_too(
    room: Room, screens: Flask, sara: Visitor, desk: Desk, statements: list[str]
) -> None:
    screen = Visitor(screens)
    begin(screen, code_of(hang(sara, DOOR)))
    before = screen.open("/display/live").text
    ask(desk)
    news = told(room)
    statements.clear()
    after = screen.open("/display/live", **news).text
    assert [each for each in readings(statements) if "displays" not in each] == []
    assert after != before


def test_an_error_in_making_ready_keeps_nobody_from_being_told(room: Room, ada: Visitor, desk: Desk) -> None:
    def fail(_work: Work, _news: str) -> None:
        raise RuntimeError("the template is broken")

    before = ada.open("/board/live").text
    room.listening._before.insert(0, fail)
    news = told(room)
    callback = ask(desk)
    assert told(room) != news
    assert callback.reference in ada.open("/board/live", **told(room)).text != before


def hears(listening: Listening) -> Listener:
    """A page that has a place."""
    listener = listening.join(f"key {len(listening)}", lambda: True)
    assert listener is not None
    return listener


def test_pages_are_told_few_at_a_time_and_each_has_its_turn(desk: Desk) -> None:
    listening = Listening(desk, 200)
    here = [hears(listening) for _ in range(200)]
    listening.look()
    rounds = []
    while listening._tell_some():
        rounds.append(sum(each.word.is_set() for each in here))
    assert max(after - before for before, after in zip([0, *rounds], rounds, strict=False)) <= 4
    assert (len(rounds) + 1) * TELLS_EVERY <= ROUND + 0.1
    assert all(each.word.is_set() for each in here)
    assert rounds


def test_who_was_told_longest_ago_is_told_first_when_news_come_faster_than_they_are_told(desk: Desk) -> None:
    listening = Listening(desk, 200)
    here = [hears(listening) for _ in range(9)]
    for number in range(3):
        ask(desk, None, number=f"+39021234987{number}")
        listening.look()
        listening._tell_some()
    assert all(each.word.is_set() for each in here)


BOARD = ("en", "/board/live")


def is_told(listening: Listening, listener: Listener) -> bool:
    """Whether this page is told of what happened since it was asked last."""
    listener.word.clear()
    listening.look()
    while listening._tell_some():
        pass
    return listener.word.is_set()


@pytest.fixture
def shows_board(room: Room, ada: Visitor) -> Listener:
    """A board that listens and has heard of everything."""
    ada.open("/board/live")
    listener = room.listening.join("ada's key", lambda: True, BOARD)
    assert listener is not None
    assert is_told(room.listening, listener), "the first word is for everybody"
    assert not is_told(room.listening, listener)
    return listener


def note(desk: Desk, callback: Callback) -> None:
    """What no board shows."""
    with desk.work() as work:
        journal.write(work, f"call/{callback.id}", "noted", "desk")


def test_a_board_is_told_when_it_says_something_else_and_only_then(
    room: Room, ada: Visitor, shows_board: Listener, desk: Desk
) -> None:
    callback = ask(desk)
    assert is_told(room.listening, shows_board)
    note(desk, callback)
    assert not is_told(room.listening, shows_board)
    ask(desk, "Bolt")
    assert is_told(room.listening, shows_board)


@pytest.mark.parametrize("shows", [None, ("en", "/mine/live"), ("it", "/board/live"), ("en", "")])
def test_a_page_that_shows_what_is_not_at_hand_is_told_of_everything(
    shows: Alike | None, room: Room, shows_board: Listener, desk: Desk
) -> None:
    other = room.listening.join("sara's key", lambda: True, shows)
    assert other is not None
    for number in range(3):
        with desk.work() as work:
            journal.write(work, f"call/{number}", "noted", "desk")
        assert is_told(room.listening, other)
    assert not shows_board.word.is_set()


def test_every_page_is_told_when_something_of_people_changed(
    room: Room, ada: Visitor, shows_board: Listener
) -> None:
    form = {"csrf_token": hidden(ada.open("/account"), "csrf_token"), "presence": "busy"}
    assert not is_told(room.listening, shows_board)
    assert ada.send("/presence", **form).status_code in {204, 302}
    assert is_told(room.listening, shows_board)
    assert not is_told(room.listening, shows_board)


def test_a_board_that_was_another_one_for_a_moment_is_told_though_it_is_as_before(
    room: Room, ada: Visitor, shows_board: Listener, desk: Desk
) -> None:
    callback = ask(desk)
    assert is_told(room.listening, shows_board)
    for number in ("+390298765432", callback.number):
        with desk.work() as work:
            held = work.held(Callback, callback.id)
            assert held is not None
            held.change_number(work, number or "")
        ada.open("/board/live")
    assert is_told(room.listening, shows_board)


def test_while_a_part_cannot_be_made_ready_its_pages_are_told_of_everything(
    room: Room, shows_board: Listener, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> bytes:
        raise RuntimeError("the template is broken")

    monkeypatch.setattr(shared.Asked, "rendered", fail)
    note(desk, ask(desk))
    assert is_told(room.listening, shows_board)


def test_the_page_says_what_it_shows_where_it_begins_to_listen(sara: Visitor) -> None:
    assert 'data-events="/events?of=/board/live"' in sara.open("/board").text
    assert 'data-events="/events?of=/wall/live?screen%3Dbig"' in sara.open("/wall?screen=big").text


def test_who_leaves_is_let_go_at_once(desk: Desk) -> None:
    listening = Listening(desk, 200)
    listener = hears(listening)
    thread = threading.Thread(target=lambda: list(listening.tell(listener)))
    thread.start()
    listening.end()
    thread.join(2)
    assert not thread.is_alive()
