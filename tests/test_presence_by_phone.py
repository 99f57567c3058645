"""Ada rings the support number from her own phone: hears her day, and says whether to be rung."""

import pytest
from flask import Flask
from sqlalchemy import select

from callbacks import presence
from callbacks.agent import Agent, Presence, by_sign_in
from callbacks.callback import Callback
from callbacks.journal import DESK, lines
from callbacks.moves import State
from callbacks.work import Desk, Work
from tests import open_request
from tests.people import ACME_PHONE, Cast
from tests.phone import Phone, heard, requests, then, then_silence
from tests.ringing import PHONES
from tests.test_commands import run


@pytest.fixture
def code(desk: Desk, cast: Cast) -> str:
    """Ada's personal code."""
    with desk.work() as work:
        ada(work).phone = PHONES["ada"]
        return presence.new_code(work, ada(work))


def ada(work: Work) -> Agent:
    found = by_sign_in(work.session, "ada")
    assert found is not None
    return found


def adas(desk: Desk) -> str:
    with desk.reading() as work:
        return ada(work).presence


def test_ada_hears_her_day_and_is_ready_by_one_key(phone: Phone, desk: Desk, code: str) -> None:
    with desk.work() as work:
        open_request.leave(work)
    call = phone.ring_with_code(PHONES["ada"], code)
    assert heard(call) == (
        "Hello Ada. Callbacks for you today: 1."
        " Acme, a problem with sending or receiving, between 3:10 and 5:10 this afternoon."
        " To be rung, press 1; busy, 2; away, 3."
    )
    assert then(call, "1") == "You are ready. Thank you. Goodbye."
    assert adas(desk) == Presence.READY
    with desk.reading() as work:
        assert [(each.move, each.by) for each in lines(work.session, DESK)][-1] == ("presence", "agent:ada")


@pytest.mark.parametrize(("key", "then_is"), [("2", Presence.BUSY), ("3", Presence.AWAY)])
def test_ada_is_busy_or_away_by_one_key(
    phone: Phone, desk: Desk, code: str, key: str, then_is: Presence
) -> None:
    then(phone.ring_with_code(PHONES["ada"], code), key)
    assert adas(desk) == then_is


def test_what_ada_had_goes_back_to_the_queue_in_its_old_place_when_she_goes_away(
    phone: Phone, desk: Desk, code: str
) -> None:
    with desk.work() as work:
        work.session.scalars(select(Agent).where(Agent.sign_in == "ada")).one().presence = Presence.READY
        left = open_request.leave(work)
        left.assign(work, ada(work), "agent:sara")
        closes = left.closes
    then(phone.ring_with_code(PHONES["ada"], code), "3")
    (callback,) = requests(desk)
    assert (callback.state, callback.agent_id, callback.closes) == (State.WAITING, None, closes)
    assert callback.is_open


def test_a_stranger_with_adas_code_is_no_agent(phone: Phone, desk: Desk, code: str) -> None:
    assert "is not one of ours" in heard(phone.ring_with_code(ACME_PHONE, code))


def test_adas_phone_without_her_code_is_any_caller(phone: Phone, cast: Cast, code: str) -> None:
    wrong = "482917" if code != "482917" else "482918"
    assert "is not one of ours" in heard(phone.ring_with_code(PHONES["ada"], wrong))
    assert "press 1" in heard(phone.ring_with_code(PHONES["ada"], cast.acme_code))


def test_silence_changes_nothing_and_says_how_ada_stands(phone: Phone, desk: Desk, code: str) -> None:
    call = phone.ring_with_code(PHONES["ada"], code)
    for _ in range(3):
        said = then_silence(call)
    assert said == "You are away. What was with you goes to others. Thank you. Goodbye."
    assert adas(desk) == Presence.AWAY


def test_ada_hanging_up_leaves_no_request(phone: Phone, desk: Desk, code: str) -> None:
    phone.ring_with_code(PHONES["ada"], code).hang_up()
    with desk.reading() as work:
        assert work.session.scalars(select(Callback)).all() == []


def test_a_new_code_ends_the_one_before(phone: Phone, desk: Desk, code: str) -> None:
    with desk.work() as work:
        presence.new_code(work, ada(work))
    assert "is not one of ours" in heard(phone.ring_with_code(PHONES["ada"], code))


def test_the_code_is_made_by_command_and_shown_once(screens: Flask, desk: Desk) -> None:
    run(screens, "agent", "add", "carla", "--name", "Carla", "--phone", "+390212340009")
    told = run(screens, "agent", "code", "carla")
    assert told.output.startswith("code for Carla at +390212340009: ")
    with desk.work() as work:
        found = presence.of_code(work, "+390212340009", told.output.split(": ")[1].strip())
    assert found is not None
    assert found.sign_in == "carla"


def test_who_has_no_phone_gets_no_code(screens: Flask) -> None:
    told = run(screens, "agent", "code", "ada")
    assert (told.exit_code, "ada is nobody here with a phone" in told.output) == (1, True)
