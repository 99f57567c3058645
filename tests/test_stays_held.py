"""Who was found lately is let in to what is ready; a sign-out, another role and a leave hold all the same."""

from collections.abc import Callable
from typing import cast

import pytest
from flask import Flask

from callbacks import presence, sign_in, staffing
from callbacks.agent import Presence
from callbacks.work import Desk, Work
from console import stays
from console.room import Room
from tests.people import Clock
from tests.screens import Visitor, ask, hidden, signed_in
from tests.test_shared import told

LOOK = "/board/live"


@pytest.fixture
def room(screens: Flask) -> Room:
    """What the screens share."""
    return cast(Room, screens.extensions["console"])


@pytest.fixture
def news(room: Room, ada: Visitor) -> dict[str, str]:
    """Ada has looked, and what she was told still holds."""
    found = told(room)
    assert ada.open(LOOK, **found).status_code == 200
    return found


def asked_for_her(statements: list[str]) -> bool:
    """Whether it was asked who is signed in."""
    return any("sign_ins" in each for each in statements)


def test_who_was_found_lately_is_not_asked_for_again_at_the_next_look(
    news: dict[str, str], ada: Visitor, room: Room, statements: list[str]
) -> None:
    ask(room.desk)
    news = told(room)
    statements.clear()
    assert ada.open(LOOK, **news).status_code == 200
    assert not asked_for_her(statements)


@pytest.mark.parametrize("path", ["/mine/live", "/board", "/account"])
def test_all_else_asks_who_is_signed_in(
    path: str, news: dict[str, str], ada: Visitor, statements: list[str]
) -> None:
    assert ada.open(path, **news).status_code == 200
    assert asked_for_her(statements)


def test_who_signs_out_here_is_out_at_once(news: dict[str, str], ada: Visitor) -> None:
    cookie = ada.client.get_cookie("desk")
    assert cookie
    ada.send("/sign-out", csrf_token=hidden(ada.open("/account"), "csrf_token"))
    ada.client.set_cookie("desk", cookie.value)
    assert ada.open(LOOK, **news).status_code == 401


def test_whoever_does_anything_here_has_everybody_asked_for_again(
    news: dict[str, str], ada: Visitor, screens: Flask, statements: list[str]
) -> None:
    bruno = signed_in(screens, "bruno")
    bruno.send("/presence", csrf_token=hidden(bruno.open("/account"), "csrf_token"), presence="away")
    statements.clear()
    ada.open(LOOK, **news)
    assert asked_for_her(statements)


def sign_out(work: Work) -> None:
    """Ada, at every browser."""
    sign_in.end_everywhere(work, staffing.the_person(work, "ada"), "elsewhere")


def another_role(work: Work) -> None:
    """She administers now, and looks at no board."""
    staffing.change(work, staffing.the_person(work, "ada"), {"roles": ["administrator"]}, "administrator")


def leave(work: Work) -> None:
    """Ada has gone for good."""
    staffing.leave(work, staffing.the_person(work, "ada"), "administrator")


@pytest.mark.parametrize("act", [sign_out, another_role, leave])
def test_what_was_done_elsewhere_holds_here_with_the_next_look_for_news(
    act: Callable[[Work], None], news: dict[str, str], ada: Visitor, room: Room, desk: Desk
) -> None:
    desk.do(act)
    assert ada.open(LOOK, **told(room)).status_code == 401
    assert ada.open(LOOK, **news).status_code == 401


@pytest.mark.parametrize("act", [sign_out, another_role, leave])
def test_where_nobody_looks_for_news_nobody_is_held(
    act: Callable[[Work], None], news: dict[str, str], ada: Visitor, room: Room, desk: Desk
) -> None:
    desk.do(act)
    room.listening._looked_at -= 1.0
    assert ada.open(LOOK, **news).status_code == 401


def test_nobody_is_held_for_longer_than_some_seconds(
    news: dict[str, str], ada: Visitor, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.forward(sign_in.LASTS)
    monkeypatch.setattr(stays, "HOLDS", 0.0)
    assert ada.open(LOOK, **news).status_code == 401


def test_presence_said_elsewhere_is_in_the_head_of_the_next_look(
    news: dict[str, str], ada: Visitor, room: Room, desk: Desk
) -> None:
    desk.do(lambda work: presence.change(work, staffing.the_person(work, "ada"), Presence.BUSY, "agent:ada"))
    assert 'value="busy" aria-pressed="true"' in ada.open(LOOK, **told(room)).text
