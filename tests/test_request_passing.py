"""What becomes of a request beside a talk: passed to a colleague, put off, referred to a paid service."""

from datetime import timedelta

import pytest

from callbacks import journal
from callbacks.callback import Callback
from callbacks.moves import State
from callbacks.work import Desk
from tests.people import Clock, rome
from tests.screens import Visitor, ask
from tests.test_board import plain
from tests.test_board_request import moves, now_of


def page_of(visitor: Visitor, callback: Callback) -> str:
    """What one reads on the request's page."""
    return plain(visitor.open(f"/requests/{callback.reference}").text)


def test_ada_passes_hers_on_to_sara_by_name(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    assert ada.press(callback, "pass_on", to="sara", note="she knows them").status_code == 302
    found = now_of(desk, callback)
    assert found.state == State.ASSIGNED
    assert found.agent is not None
    assert found.agent.sign_in == "sara"
    assert "Ada gave it to Sara." in page_of(ada, callback)
    assert moves(desk, callback)[3:] == ["assigned", "released", "assigned", "noted"]


def test_after_a_talk_whoever_passes_it_on_is_done_with_it(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "reached")
    assert now_of(desk, callback).state == State.WRAP_UP
    assert ada.press(callback, "pass_on", to="sara").status_code == 302
    assert now_of(desk, callback).state == State.ASSIGNED


@pytest.mark.parametrize("to", ["", "bruno", "ada", "dora", "nobody", "sara\x00", "x" * 9000])
def test_it_goes_to_nobody_who_does_not_take_such_requests(ada: Visitor, desk: Desk, to: str) -> None:
    """Bruno speaks Italian alone; Dora sets the desk up; Ada is herself."""
    callback = ask(desk)
    ada.press(callback, "take")
    told = ada.press(callback, "pass_on", to=to, note="kept")
    if to.startswith("sara"):
        assert told.status_code == 302
        return
    assert told.status_code == 409
    assert "Choose a colleague who takes requests like this one." in told.text
    assert now_of(desk, callback).state == State.ASSIGNED


def test_what_is_with_a_colleague_only_a_supervisor_passes_on(
    ada: Visitor, bruno: Visitor, sara: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    assert bruno.press(callback, "pass_on", to="sara").status_code == 409
    assert sara.press(callback, "pass_on", to="ada").status_code == 302


def test_of_two_who_pass_it_on_one_wins_and_the_other_is_told(
    ada: Visitor, sara: Visitor, desk: Desk
) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    hers = sara.open(f"/requests/{callback.reference}")
    ada.press(callback, "pass_on", to="sara")
    told = sara.press(callback, "pass_on", hers, to="ada")
    assert told.status_code == 409
    assert "Ada was first: gave it to Sara." in told.text


def test_later_it_is_in_the_queue_and_not_rung_before(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    assert ada.press(callback, "later", not_before="2026-11-23T16:00").status_code == 302
    found = now_of(desk, callback)
    assert (found.state, found.agent_id, found.ring_from) == (State.WAITING, None, rome("2026-11-23 16:00"))
    assert "put it back into the queue, not before today 16:00." in page_of(ada, callback)


def test_later_at_night_is_when_the_office_opens(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "reached")
    ada.press(callback, "later", not_before="2026-11-23T22:00")
    assert now_of(desk, callback).ring_from == rome("2026-11-24 09:00")


def test_a_promise_not_yet_kept_is_not_put_off_past_its_window(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    told = ada.press(callback, "later", not_before="2026-11-23T17:30")
    assert told.status_code == 409
    assert "after the window closes" in told.text
    assert 'value="2026-11-23T17:30"' in told.text
    assert now_of(desk, callback).state == State.ASSIGNED


def test_what_is_late_already_may_be_put_off(ada: Visitor, desk: Desk, clock: Clock) -> None:
    callback = ask(desk)
    clock.forward(timedelta(hours=24))
    ada.press(callback, "take")
    assert ada.press(callback, "later", not_before="2026-11-24T17:30").status_code == 302


@pytest.mark.parametrize(
    "moment", ["", "soon", "2026-11-23T12:10", "2026-11-22T12:00", "2027-06-01T12:00", "9" * 9000, "\x00"]
)
def test_a_moment_that_does_not_do_is_refused(ada: Visitor, desk: Desk, moment: str) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    told = ada.press(callback, "later", not_before=moment)
    assert told.status_code == 409
    assert "Choose a moment that lies ahead" in told.text


def test_out_of_scope_wants_the_service_that_covers_it(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    told = ada.press(callback, "close", disposition="out_of_scope")
    assert told.status_code == 409
    assert "say which paid service covers it" in told.text
    assert ada.press(callback, "close", disposition="out_of_scope", referral="magic").status_code == 409
    right = ada.press(callback, "close", disposition="out_of_scope", referral="delivery_plus")
    assert right.status_code == 302
    assert "closed it: out of scope; referred to Delivery Plus." in page_of(ada, callback)


def test_that_no_service_covers_it_is_an_answer(ada: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert ada.press(callback, "close", disposition="out_of_scope", referral="none").status_code == 302
    with desk.reading() as work:
        assert "referral" not in journal.lines(work.session, callback.subject)[-1].facts


def test_a_topic_that_is_a_paid_services_proposes_it(ada: Visitor, desk: Desk) -> None:
    page = ada.open(f"/requests/{ask(desk, topic='strategy').reference}").text
    assert '<option value="delivery_plus" selected>' in page
