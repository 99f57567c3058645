"""Sara's hands on requests: one on its page, several at once; the first wins, and nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from callbacks import handling
from callbacks.agent import Agent, Role
from callbacks.callback import Callback
from callbacks.moves import State
from callbacks.work import Desk
from tests.people import Cast, Clock
from tests.screens import CHEAP, PASSWORD, Visitor, ask, hidden, signed_in, token
from tests.test_board import HOSTILE, plain
from tests.test_reason import change, person

ACTS: dict[str, dict[str, Any]] = {
    "give": {"give_to": "ada"},
    "to_queue": {},
    "level": {"level": "2"},
    "cancel": {"cancel_as": "withdrawn", "why": "they wrote a mail"},
}


@pytest.fixture
def nils(desk: Desk, cast: Cast) -> None:
    """A second supervisor."""
    with desk.work() as work:
        work.session.add(
            Agent(
                sign_in="nils",
                name="Nils",
                roles=[Role.SUPERVISOR],
                languages=["en"],
                level=1,
                created_at=work.now,
                password_hash=CHEAP.digest(PASSWORD),
            )
        )


def supervise(
    visitor: Visitor, callback: Callback, name: str, page: TestResponse | None = None, **typed: Any
) -> TestResponse:
    """Press one of the supervisor's buttons on this page, or on a fresh one."""
    page = page or visitor.open(f"/requests/{callback.reference}")
    form = {"csrf_token": token(page), "seen": hidden(page, "seen"), **typed}
    return visitor.send(f"/requests/{callback.reference}/supervise/{name}", **form)


def as_it_stands(desk: Desk, callback: Callback) -> Callback:
    with desk.reading() as work:
        found = work.session.get_one(Callback, callback.id)
        assert found.agent is None or found.agent.name
        return found


# --- one ---


def test_sara_gives_it_to_ada_and_the_page_tells_so(sara: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert supervise(sara, callback, "give", give_to="ada", why="she knows them").status_code == 302
    page = plain(sara.open(f"/requests/{callback.reference}").text)
    for said in ("Given.", "With Ada", "Sara gave it to Ada.", "she knows them"):
        assert said in page, said


def test_back_to_the_queue_up_a_level_and_cancelled(sara: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    supervise(sara, callback, "give", give_to="ada")
    supervise(sara, callback, "to_queue")
    assert as_it_stands(desk, callback).agent is None
    supervise(sara, callback, "level", level="2", why="an old case")
    page = plain(sara.open(f"/requests/{callback.reference}").text)
    assert "Sara changed the level from 1 to 2. an old case" in page
    supervise(sara, callback, "cancel", cancel_as="withdrawn", why="they wrote a mail")
    page = plain(sara.open(f"/requests/{callback.reference}").text)
    assert "Outcome: withdrawn by the caller" in page
    assert "they wrote a mail" in page
    assert 'id="supervising"' not in sara.open(f"/requests/{callback.reference}").text


@pytest.mark.parametrize("name", ACTS)
def test_an_agent_may_do_none_of_it(ada: Visitor, desk: Desk, name: str) -> None:
    callback = ask(desk)
    page = ada.open(f"/requests/{callback.reference}")
    assert 'id="supervising"' not in page.text
    assert supervise(ada, callback, name, page=page, **ACTS[name]).status_code == 403
    assert as_it_stands(desk, callback).version == callback.version


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("give", {}, "Choose who is to have it first."),
        ("give", {"give_to": "nobody"}, "Choose who is to have it first."),
        ("level", {"level": "9"}, "Choose the level first."),
        ("cancel", {"why": "because"}, "Choose what it is first"),
        ("cancel", {"cancel_as": "solved", "why": "because"}, "Choose what it is first"),
        ("cancel", {"cancel_as": "withdrawn", "why": " \x00 "}, "Say why first"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    sara: Visitor, desk: Desk, name: str, typed: dict[str, Any], says: str
) -> None:
    callback = ask(desk)
    answer = supervise(sara, callback, name, note="half a thought", **typed)
    assert answer.status_code == 409
    assert says in answer.text
    assert "half a thought" in answer.text
    if typed.get("why", "").strip(" \x00"):
        assert 'name="why" maxlength="1000" value="because"' in answer.text
    assert as_it_stands(desk, callback).is_open


@pytest.mark.parametrize("name", ACTS)
def test_of_two_supervisors_the_second_is_told_who_was_first(
    screens: Flask, desk: Desk, nils: None, name: str
) -> None:
    callback = ask(desk)
    sara, other = signed_in(screens, "sara"), signed_in(screens, "nils")
    page = sara.open(f"/requests/{callback.reference}")
    assert supervise(other, callback, "give", give_to="bruno").status_code == 302
    answer = supervise(sara, callback, name, page, **{"why": "mine", **ACTS[name]})
    assert answer.status_code == 409
    assert "Nils was first: gave it to Bruno." in answer.text
    with desk.reading() as work:
        assert work.session.get_one(Callback, callback.id).agent_id == person(work, "bruno").id


def test_a_page_an_hour_old_still_counts_where_only_time_has_passed(
    sara: Visitor, desk: Desk, clock: Clock
) -> None:
    callback = ask(desk)
    page = sara.open(f"/requests/{callback.reference}")
    clock.forward(timedelta(hours=1))
    assert supervise(sara, callback, "give", page, give_to="ada").status_code == 302


def test_while_it_is_being_rung_it_stays_with_whom_it_is(sara: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    change(desk, "ada", phone="+390255512301")
    page = sara.open(f"/requests/{callback.reference}")
    with desk.work() as work:
        handling.ring_agent(work, work.session.get_one(Callback, callback.id), person(work, "ada"))
    answer = supervise(sara, callback, "cancel", page, **ACTS["cancel"])
    assert "A telephone is ringing for it" in answer.text
    assert as_it_stands(desk, callback).state == State.OFFERED


def test_hostile_reasons_are_text(sara: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    supervise(sara, callback, "give", give_to="ada", why=HOSTILE + "x" * 10_000)
    page = sara.open(f"/requests/{callback.reference}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_forms_without_a_token_and_acts_without_a_name_are_refused(sara: Visitor, desk: Desk) -> None:
    callback = ask(desk)
    assert sara.send(f"/requests/{callback.reference}/supervise/give", give_to="ada").status_code == 400
    assert supervise(sara, callback, "burn").status_code == 404
    assert as_it_stands(desk, callback).agent_id is None


# --- several ---


@pytest.fixture
def three(desk: Desk, cast: Cast, clock: Clock) -> list[Callback]:
    asked = []
    for caller in range(3):
        asked.append(ask(desk, number=f"+39021234459{caller}"))
        clock.forward(timedelta(seconds=1))
    return asked


def move(
    visitor: Visitor, chosen: list[Callback], page: TestResponse | None = None, **typed: str
) -> TestResponse:
    page = page or visitor.open("/wall/move")
    seen = {f"seen-{each.reference}": hidden(page, f"seen-{each.reference}") for each in chosen}
    references = [each.reference for each in chosen]
    return visitor.send("/wall/move", csrf_token=token(page), chosen=references, **seen, **typed)


def holders(desk: Desk, callbacks: list[Callback]) -> list[str | None]:
    with desk.reading() as work:
        found = [work.session.get_one(Callback, each.id) for each in callbacks]
        return [each.agent.sign_in if each.agent else None for each in found]


def test_several_are_given_to_bruno_at_once(sara: Visitor, desk: Desk, three: list[Callback]) -> None:
    assert move(sara, three[:2], act="give", give_to="bruno", why="Ada is ill").status_code == 302
    assert "2 moved." in sara.open("/wall/move").text
    assert holders(desk, three) == ["bruno", "bruno", None]


def test_the_level_of_several_is_changed_and_they_go_back_to_the_queue(
    sara: Visitor, desk: Desk, three: list[Callback]
) -> None:
    move(sara, three, act="give", give_to="ada")
    move(sara, three[:1], act="level", level="2")
    move(sara, three[1:2], act="to_queue")
    assert holders(desk, three) == [None, None, "ada"]
    with desk.reading() as work:
        assert work.session.get_one(Callback, three[0].id).level == 2


def test_those_that_cannot_go_are_named_with_their_reason_and_the_others_go(
    sara: Visitor, screens: Flask, desk: Desk, three: list[Callback], nils: None
) -> None:
    page = sara.open("/wall/move")
    supervise(signed_in(screens, "nils"), three[1], "give", give_to="ada")
    answer = move(sara, three, page, act="give", give_to="bruno", why="Ada is ill")
    read = plain(answer.text)
    assert answer.status_code == 409
    assert "2 moved." in read
    assert f"These did not go: Acme {three[1].reference[:3]}" in read
    assert "Nils was first: gave it to Ada." in read
    assert 'value="Ada is ill"' in answer.text
    assert re.findall(r'value="(\d+)"[^>]* checked', answer.text) == [three[1].reference]
    assert holders(desk, three) == ["bruno", "ada", "bruno"]


def test_what_was_closed_meanwhile_is_named_too(sara: Visitor, desk: Desk, three: list[Callback]) -> None:
    page = sara.open("/wall/move")
    supervise(sara, three[0], "cancel", **ACTS["cancel"])
    read = plain(move(sara, three[:1], page, act="give", give_to="bruno").text)
    assert f"These did not go: Acme {three[0].reference[:3]}" in read
    assert "moved." not in read


def test_nobody_chosen_and_nobody_named_is_said(sara: Visitor, desk: Desk, three: list[Callback]) -> None:
    assert "Choose at least one request first." in move(sara, [], act="give", give_to="ada").text
    answer = move(sara, three[:1], act="give", why="typed")
    assert "Choose who is to have it first." in answer.text
    assert 'value="typed"' in answer.text
    assert holders(desk, three) == [None, None, None]


def test_what_is_no_act_for_several_and_no_request_at_all(
    sara: Visitor, desk: Desk, three: list[Callback]
) -> None:
    assert move(sara, three, act="cancel", cancel_as="withdrawn", why="x").status_code == 404
    page = sara.open("/wall/move")
    for reference in ("0", "<script>", "9" * 500):
        form = {"csrf_token": token(page), "chosen": reference, "act": "to_queue"}
        answer = sara.send("/wall/move", **form)
        assert answer.status_code == 409
        assert "<script>" not in answer.text.split('name="csrf_token"')[1].split("several.js")[0]


def test_moving_several_is_not_for_agents(ada: Visitor, desk: Desk, three: list[Callback]) -> None:
    assert ada.open("/wall/move").status_code == 403
    page = ada.open(f"/requests/{three[0].reference}")
    form = {"csrf_token": token(page), "chosen": three[0].reference, "act": "give", "give_to": "ada"}
    assert ada.send("/wall/move", **form).status_code == 403
    assert holders(desk, three) == [None, None, None]
