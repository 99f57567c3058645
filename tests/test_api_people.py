"""A rota or a telephone system says who may be rung; the journal says who said so."""

import pytest
from flask import Flask

from callbacks import handling, journal
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.token import Scope
from callbacks.work import Desk
from tests.api import Program, ask, program
from tests.people import Clock
from tests.ringing import at_their_phones


@pytest.fixture
def rota(desk: Desk, screens: Flask) -> Program:
    """A program that may do everything."""
    return program(screens, desk, "rota")


def be(rota: Program, sign_in: str, presence: str) -> int:
    """Say so; the answer's code."""
    code: int = rota.ask(f"/agents/{sign_in}/presence", "POST", json={"presence": presence}).status_code
    return code


def test_ada_is_made_ready_and_busy_and_looked_at(rota: Program, desk: Desk, clock: Clock) -> None:
    assert rota.ask("/agents/ada/presence").json["presence"] == "away"
    clock.set("2026-11-23 15:00")
    assert be(rota, "ada", "ready") == 200
    assert rota.ask("/agents/ada/presence").json == {
        "agent": "ada", "presence": "ready", "since": "2026-11-23T14:00:00Z",
        "has_phone": False, "on_shift": True, "on_a_dial": False,
    }  # fmt: skip
    clock.set("2026-11-23 19:00")
    assert be(rota, "ADA", "ready") == 200
    seen = rota.ask("/agents/ada/presence").json
    assert (seen["since"], seen["on_shift"]) == ("2026-11-23T14:00:00Z", False)
    with desk.reading() as work:
        said = [line for line in journal.lines(work.session, journal.DESK) if line.move == "presence"]
        assert [(line.by, line.facts["presence"]) for line in said] == [("token:rota", "ready")]


def test_who_is_made_away_lets_go_of_theirs(rota: Program, desk: Desk) -> None:
    reference = ask(desk).reference
    rota.act(reference, "assign", agent="ada")
    assert be(rota, "ada", "away") == 200
    assert rota.ask(f"/callbacks/{reference}").json["agent"] is None


def test_somebody_on_a_dial_is_seen_to_be(rota: Program, desk: Desk) -> None:
    callback = ask(desk)
    with desk.work() as work:
        at_their_phones(work, "ada")
        held, ada = work.held(Callback, callback.id), by_sign_in(work.session, "ada")
        assert held
        assert ada
        handling.ring_agent(work, held, ada)
    assert rota.ask("/agents/ada/presence").json["on_a_dial"] is True


@pytest.mark.parametrize("name", ["eve", "%00", "a%20b", "x" * 81, "%F0%9F%8D%90"])
def test_nobody_is_found_by_a_name_that_nobody_has(rota: Program, name: str) -> None:
    answer = rota.ask(f"/agents/{name}/presence")
    assert (answer.status_code, answer.json["detail"]) == (404, "Nobody signs in by that name at this desk.")
    assert be(rota, name, "away") == 404


def test_what_is_no_presence_is_refused(rota: Program) -> None:
    assert be(rota, "ada", "asleep") == 422


def test_a_token_that_may_only_look_sets_nothing(desk: Desk, screens: Flask) -> None:
    reader = program(screens, desk, "wallboard", Scope.READ)
    assert be(reader, "ada", "ready") == 403
    assert reader.ask("/agents/ada/presence").status_code == 200
