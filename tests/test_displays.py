"""A display on the wall: begun once, alive for months, blind to all but the wall, dark once it is ended."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from callbacks import display, journal
from callbacks.display import Display
from callbacks.work import Desk
from console.api.resource import BASE
from console.pages import DISPLAYS, OPEN
from console.room import Room
from console.wall.screen import heard_of
from tests.people import STRANGER_PHONE, Clock
from tests.screens import Visitor, ask, signed_in, token
from tests.test_board import HOSTILE
from tests.test_doors import listed, of_screens

DOOR = "Office, left of the door"


def hang(visitor: Visitor, name: str = DOOR) -> TestResponse:
    """Somebody makes a display; what they are shown."""
    return visitor.send("/wall/displays", csrf_token=token(visitor.open("/wall/displays")), name=name)


def code_of(page: TestResponse) -> str:
    """The code behind the link."""
    found = re.search(r"/display/begin#(\S{11})<", page.text)
    assert found, page.text
    return found[1]


def begin(screen: Visitor, code: str) -> TestResponse:
    """The code is sent from the screen, as its page does."""
    return screen.send("/display/begin", csrf_token=token(screen.open("/display/begin")), code=code)


@pytest.fixture
def screen(screens: Flask, sara: Visitor) -> Visitor:
    """A browser on the wall that shows the desk."""
    hung = Visitor(screens)
    assert begin(hung, code_of(hang(sara))).location == "/display"
    return hung


def test_a_supervisor_hangs_up_a_display_and_it_shows_the_wall(screen: Visitor, desk: Desk) -> None:
    ask(desk)
    page = screen.open("/display").text
    assert 'class="wide wall big"' in page
    assert "Acme" in page
    assert "Acme" in screen.open("/display/live").text


def test_an_administrator_may_hang_one_up_too_and_an_agent_may_not(screens: Flask) -> None:
    assert code_of(hang(signed_in(screens, "dora")))
    assert signed_in(screens, "ada").open("/wall/displays").status_code == 403


def test_it_shows_the_wall_for_months_while_people_sign_in_and_out(screen: Visitor, clock: Clock) -> None:
    for _ in range(30):
        clock.forward(timedelta(days=7))
        assert screen.open("/display/live").status_code == 200
    assert screen.open("/display").status_code == 200


def test_a_display_opens_nothing_else_of_the_desk(screens: Flask, screen: Visitor, desk: Desk) -> None:
    ask(desk)
    key = held(screen)
    screen.client.set_cookie("display", key)  # though its browser would not even send it there
    form = {"csrf_token": token(screen.open("/display/begin"))}
    for each in of_screens(screens):
        if each.endpoint in OPEN | DISPLAYS:
            continue
        answer = each.asked_by(screen, **(form if each.method == "POST" else {}))
        led = answer.status_code == 302 and answer.location.startswith("/sign-in")
        assert led or answer.status_code == 401, each
    shut = [each for each in listed(screens) if each.path.startswith(BASE) and each.method == "GET"]
    for each in shut:
        assert "Acme" not in each.asked_by(screen).text
    as_token = {"Authorization": f"Bearer {key}"}
    assert screen.open(f"{BASE}/callbacks", **as_token).status_code == 401


def test_nobody_opens_without_its_key_what_a_display_opens(screens: Flask, desk: Desk) -> None:
    ask(desk, "Bolt")
    stranger = Visitor(screens)
    assert stranger.open("/display").location == "/display/begin"
    assert stranger.open("/display/live").status_code == 401
    assert stranger.open("/display/events").status_code == 401
    stranger.client.set_cookie("display", "made-up", path="/display")
    assert stranger.open("/display/live").status_code == 401
    assert "Bolt" not in stranger.open("/display/begin").text


def test_who_is_signed_in_is_not_a_display(ada: Visitor) -> None:
    assert ada.open("/display").location == "/display/begin"
    assert ada.open("/display/live").status_code == 401


def test_it_leads_nowhere_and_nothing_on_it_can_be_pressed(screen: Visitor, desk: Desk) -> None:
    ask(desk)
    page = screen.open("/display").text
    assert not re.search(r"<(a|form|button|input)\b", page)
    assert not re.search(r"<(a|form|button|input)\b", screen.open("/display/live").text)


def test_no_number_of_anybody_is_on_it(screen: Visitor, desk: Desk) -> None:
    ask(desk)
    ask(desk, None, number=STRANGER_PHONE)
    page = screen.open("/display").text
    shown = re.sub(r"\D", "", re.sub(r"<[^>]*>", "", page))
    assert STRANGER_PHONE[-7:] not in shown
    assert STRANGER_PHONE[-7:] not in page


def test_a_code_begins_one_screen_and_no_second(screens: Flask, sara: Visitor) -> None:
    code = code_of(hang(sara))
    assert begin(Visitor(screens), code).status_code == 302
    again = begin(Visitor(screens), code)
    assert again.status_code == 401
    assert "That code begins no display" in again.text


def test_a_code_may_be_typed_as_people_type(screens: Flask, sara: Visitor) -> None:
    code = code_of(hang(sara))
    assert begin(Visitor(screens), f" {code.lower().replace('-', ' ')} ").status_code == 302


def test_a_link_that_is_found_an_hour_later_begins_nothing(
    screens: Flask, sara: Visitor, clock: Clock
) -> None:
    code = code_of(hang(sara))
    clock.forward(display.CODE_LASTS)
    assert begin(Visitor(screens), code).status_code == 401
    assert "its link was never opened" in signed_in(screens, "sara").open("/wall/displays").text


@pytest.mark.parametrize("typed", ["", "\x00", "ABCDE-FGHJK", HOSTILE, "9" * 10_000])
def test_what_is_no_code_begins_nothing(screens: Flask, typed: str) -> None:
    assert begin(Visitor(screens), typed).status_code == 401


def test_who_guesses_codes_waits(screens: Flask, sara: Visitor) -> None:
    code = code_of(hang(sara))
    eve = Visitor(screens)
    for _ in range(5):
        assert begin(eve, "ABCDE-FGHJK").status_code == 401
    assert begin(eve, "ABCDE-FGHJK").status_code == 429
    assert begin(eve, code).status_code == 429


def test_neither_the_code_nor_the_key_is_to_be_had_from_the_desk(
    screen: Visitor, sara: Visitor, desk: Desk
) -> None:
    code, key = code_of(hang(sara, "Kitchen")), held(screen)
    with desk.reading() as work:
        rows = [str(vars(each)) for each in work.session.scalars(select(Display))]
        lines = [str((line.facts, line.personal and line.personal.body))
                 for line in journal.lines(work.session, "desk")]  # fmt: skip
    assert len(rows) == 2
    kept = "".join(rows + lines)
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert key not in kept


def test_its_key_is_kept_from_scripts_and_sent_to_displays_alone(screens: Flask, sara: Visitor) -> None:
    given = begin(Visitor(screens), code_of(hang(sara))).headers.getlist("Set-Cookie")
    key = next(each for each in given if each.startswith("display="))
    assert "Path=/display" in key
    assert "HttpOnly" in key
    assert "SameSite=Lax" in key
    assert "Max-Age=34560000" in key


def test_once_it_is_ended_it_is_dark(screen: Visitor, screens: Flask, sara: Visitor, desk: Desk) -> None:
    room: Room = screens.extensions["console"]
    assert heard_of(room, held(screen))
    with desk.reading() as work:
        number = display.listed(work.session)[0].id
    proof = token(sara.open("/wall/displays"))
    assert sara.send(f"/wall/displays/{number}/revoke", csrf_token=proof).status_code == 302
    assert sara.send(f"/wall/displays/{number}/revoke", csrf_token=proof).status_code == 302
    assert screen.open("/display/live").status_code == 401
    assert screen.open("/display/events").status_code == 401
    assert screen.open("/display").location == "/display/begin"
    assert heard_of(room, held(screen)) is None
    assert sara.send(f"/wall/displays/{number}/link", csrf_token=proof).status_code == 404
    page = sara.open("/wall/displays").text
    assert f"{DOOR}” shows nothing any more." in page
    assert "ended today" in page


def test_a_new_link_moves_it_to_another_screen(
    screen: Visitor, screens: Flask, sara: Visitor, desk: Desk
) -> None:
    with desk.reading() as work:
        number = display.listed(work.session)[0].id
    proof = token(sara.open("/wall/displays"))
    code = code_of(sara.send(f"/wall/displays/{number}/link", csrf_token=proof))
    assert screen.open("/display/live").status_code == 200
    other = Visitor(screens)
    begin(other, code)
    assert other.open("/display/live").status_code == 200
    assert screen.open("/display/live").status_code == 401


def test_the_list_says_whether_it_is_there(
    screen: Visitor, screens: Flask, sara: Visitor, clock: Clock
) -> None:
    assert "shows the desk now" in sara.open("/wall/displays").text
    clock.set("2026-11-24 10:00")
    assert "last heard of yesterday" in signed_in(screens, "sara").open("/wall/displays").text
    screen.open("/display/live")
    assert "shows the desk now" in signed_in(screens, "sara").open("/wall/displays").text


def test_who_hung_it_up_and_ended_it_stands_in_the_journal(
    screen: Visitor, screens: Flask, desk: Desk
) -> None:
    dora = signed_in(screens, "dora")
    with desk.reading() as work:
        number = display.listed(work.session)[0].id
    dora.send(f"/wall/displays/{number}/revoke", csrf_token=token(dora.open("/wall/displays")))
    with desk.reading() as work:
        lines = [line for line in journal.lines(work.session, "desk") if line.move.startswith("display")]
        told = [(line.move, line.by, line.facts) for line in lines]
    assert told == [
        ("display_made", "agent:sara", {"name": DOOR}),
        ("display_began", "desk", {"name": DOOR}),
        ("display_revoked", "agent:dora", {"name": DOOR}),
    ]
    assert "ended the display" in dora.open("/setup/journal").text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\u202eb"])
def test_a_name_that_says_nothing_is_refused(sara: Visitor, name: str) -> None:
    refused = hang(sara, name)
    assert refused.status_code == 400
    assert "Say where it hangs" in refused.text


def test_no_two_displays_have_one_name(sara: Visitor) -> None:
    hang(sara)
    again = hang(sara, DOOR.upper())
    assert again.status_code == 400
    assert "There is a display" in again.text


def test_a_name_is_shown_as_text(sara: Visitor) -> None:
    assert "<script>alert" not in hang(sara, "<script>alert(1)</script>").text
    assert "&lt;script&gt;alert" in sara.open("/wall/displays").text


def held(screen: Visitor) -> str:
    """The key that its browser keeps."""
    cookie = screen.client.get_cookie("display", path="/display")
    return cookie.value if cookie else ""
