"""The board while phones ring: who may be rung, who is on a dial with what, and ringing by a button."""

from datetime import timedelta

import pytest

from callbacks import handling
from callbacks.agent import Presence, by_sign_in
from callbacks.callback import Callback, by_reference
from callbacks.dial import Dial, live_of
from callbacks.moves import State
from callbacks.work import Desk, Work
from tests.people import Clock
from tests.ringing import at_their_phones
from tests.screens import Visitor, ask, token
from tests.test_board import plain
from tests.test_board_request import now_of


def be(visitor: Visitor, presence: str) -> int:
    """Press one of the three at the head of the page."""
    page = visitor.open("/board")
    return visitor.send("/presence", presence=presence, csrf_token=token(page), next="/").status_code


def presence_of(desk: Desk, sign_in: str) -> str:
    with desk.reading() as work:
        found = by_sign_in(work.session, sign_in)
        assert found is not None
        return found.presence


def phone_for(desk: Desk, *sign_ins: str) -> None:
    """These have a phone and are ready."""
    with desk.work() as work:
        at_their_phones(work, *sign_ins)


def live(work: Work, callback: Callback) -> Dial:
    """The attempt that is under way."""
    row = work.held(Callback, callback.id)
    assert row is not None
    dial = live_of(work.session, row)
    assert dial is not None
    return dial


def test_ada_is_ready_busy_and_away_by_one_click(ada: Visitor, desk: Desk) -> None:
    for presence in ("ready", "busy", "away"):
        assert be(ada, presence) == 302
        assert presence_of(desk, "ada") == presence
        assert f'value="{presence}" aria-pressed="true"' in ada.open("/board").text


def test_who_goes_away_lets_go_of_what_they_had(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    be(ada, "away")
    assert now_of(desk, callback).state == State.WAITING


def test_who_is_ready_without_a_phone_is_told_that_nobody_rings_them(ada: Visitor, desk: Desk) -> None:
    be(ada, "ready")
    assert "no phone: the desk cannot ring you" in ada.open("/board").text
    phone_for(desk, "ada")
    assert "no phone" not in ada.open("/board").text


@pytest.mark.parametrize("presence", ["", "asleep", "READY"])
def test_what_is_no_presence_changes_nothing(ada: Visitor, desk: Desk, presence: str) -> None:
    assert be(ada, presence) == 400
    assert presence_of(desk, "ada") == Presence.AWAY


def test_nobody_is_made_ready_by_a_forged_form_or_led_elsewhere(ada: Visitor, desk: Desk) -> None:
    assert ada.send("/presence", presence="ready").status_code == 400
    assert presence_of(desk, "ada") == Presence.AWAY
    page = ada.open("/board")
    told = ada.send("/presence", presence="busy", csrf_token=token(page), next="https://evil.example/")
    assert told.headers["Location"] == "/"


def test_the_head_of_a_page_follows_what_is_said_by_phone(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    phone_for(desk, "ada")
    for path in ("/board/live", f"/requests/{callback.reference}/live"):
        assert ada.open(path).text.count('value="ready" aria-pressed="true"') == 1
    assert ada.open("/board").text.count('id="presence"') == 1


def test_ada_calls_now_and_everybody_sees_how_far_it_is(
    ada: Visitor, bruno: Visitor, desk: Desk, clock: Clock
) -> None:
    callback = ask(desk)
    phone_for(desk, "ada")
    assert ada.press(callback, "call_now").status_code == 302
    assert "Your phone rings in a moment." in ada.open(f"/requests/{callback.reference}").text
    assert now_of(desk, callback).state == State.OFFERED
    with desk.work() as work:
        dial = live(work, callback)
        assert (dial.agent.sign_in, dial.number) == ("ada", callback.number)
        dial.take(work.now)
        dial.placed("CAagent")
    assert "Ada's phone is ringing" in unescaped(ada.open("/board").text)
    assert "squilla il telefono di Ada" in unescaped(bruno.open(f"/requests/{callback.reference}").text)
    with desk.work() as work:
        assert handling.accepted(work, live(work, callback))
    assert "Ada accepted; ringing the customer" in plain(ada.open("/board").text)
    with desk.work() as work:
        handling.customer_rings(work, live(work, callback), "CAcustomer")
    assert "Ada: the customer's phone is ringing" in unescaped(ada.open("/board").text)
    with desk.work() as work:
        handling.customer_answered(work, live(work, callback), "CAcustomer")
    clock.forward(timedelta(seconds=42))
    assert "Ada is talking, 0:42" in plain(ada.open("/board").text)
    assert "Connected 0:42" in plain(ada.open(f"/requests/{callback.reference}/live").text)
    with desk.work() as work:
        handling.customer_leg_over(work, live(work, callback), "completed", 42, bridged=True)
    assert "Ada says how it went" in plain(ada.open("/board").text)
    assert ada.press(callback, "close", disposition="solved").status_code == 302
    assert "Ada says" not in plain(ada.open("/board").text)


def unescaped(page: str) -> str:
    return plain(page).replace("&#39;", "'")


def test_while_it_is_rung_there_is_nothing_to_press_but_the_note(
    ada: Visitor, sara: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    phone_for(desk, "ada")
    ada.press(callback, "call_now")
    for visitor in (ada, sara):
        for button in ("call_now", "take", "give_back", "reached", "close"):
            assert visitor.press(callback, button, disposition="solved").status_code == 409
        assert visitor.press(callback, "note", note="she rings now").status_code == 302


def test_without_a_phone_there_is_no_calling(ada: Visitor, desk: Desk) -> None:
    told = ada.press(ask(desk), "call_now", note="kept")
    assert told.status_code == 409
    assert "The desk knows no phone of yours to ring" in told.text
    assert ">kept</textarea>" in told.text


def test_who_is_on_a_call_begins_no_other(ada: Visitor, desk: Desk, clock: Clock) -> None:
    phone_for(desk, "ada")
    ada.press(ask(desk), "call_now")
    clock.forward(timedelta(minutes=1))
    other = ask(desk, "Bolt", number="+390255512345")
    told = ada.press(other, "call_now")
    assert (told.status_code, "finish that one first" in told.text) == (409, True)
    assert now_of(desk, other).state == State.WAITING


def test_what_is_with_a_colleague_is_not_called_over_their_head(
    ada: Visitor, bruno: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    phone_for(desk, "ada", "bruno")
    ada.press(callback, "take")
    assert "call_now" not in bruno.open(f"/requests/{callback.reference}").text
    assert bruno.press(callback, "call_now").status_code == 409
    assert ada.press(callback, "call_now").status_code == 302


def test_without_a_number_there_is_nothing_to_call(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    phone_for(desk, "ada")
    with desk.work() as work:
        row = by_reference(work.session, callback.reference)
        assert row is not None
        row.number = None
    assert "There is no number to ring" in ada.press(callback, "call_now").text


def test_why_a_person_is_to_decide_stands_on_the_board(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    for why, words in (
        ("failed", "the carrier could not ring it"),
        ("number", "its number may not be rung"),
        ("limit", "more than the day's limit"),
    ):
        with desk.work() as work:
            row = work.held(Callback, callback.id)
            assert row is not None
            row.hand_to_person(work, why)
        assert words in unescaped(ada.open("/board").text)
