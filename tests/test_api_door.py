"""Nobody gets in without a good token, and whatever is thrown at the door has one clear answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from callbacks import token
from callbacks.database import open_engine
from callbacks.token import Scope
from callbacks.work import Desk
from settings import Settings
from tests.api import BASE, Program, ask, program
from tests.people import Clock
from tests.screens import make_screens, signed_in


@pytest.fixture
def crm(desk: Desk, screens: Flask) -> Program:
    """A program that may do everything."""
    return program(screens, desk)


PATHS = ("/callbacks", "/callbacks/123456", "/callbacks/123456/journal", "/callbacks/123456/audio")


def knock(app: Flask, path: str, **headers: str) -> Any:
    """A request without more than these headers."""
    return app.test_client().get(BASE + path, headers=headers)


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_sees_nothing(screens: Flask, path: str) -> None:
    answer = knock(screens, path)
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer ", "Basic YTpi", "bearer\trb_x", "Bearer rb_" + "x" * 43, "Bearer é", "rb_x"]
)
def test_a_wrong_key_opens_nothing(crm: Program, screens: Flask, shown: str) -> None:
    assert knock(screens, "/callbacks", Authorization=shown).status_code == 401


def test_a_signed_in_person_is_no_program(screens: Flask) -> None:
    assert signed_in(screens, "ada").open(f"{BASE}/callbacks").status_code == 401


def test_a_revoked_token_is_out_at_once(crm: Program, desk: Desk) -> None:
    assert crm.ask("/callbacks").status_code == 200
    with desk.work() as work:
        token.revoke(work, "crm")
    answer = crm.ask("/callbacks")
    assert answer.status_code == 401
    assert "error=invalid_token" in answer.headers["WWW-Authenticate"]


def test_a_token_does_what_it_was_made_for_and_no_more(screens: Flask, desk: Desk) -> None:
    reference = ask(desk).reference
    writer = program(screens, desk, "writer", Scope.ACT)
    assert writer.ask("/callbacks").status_code == 403
    assert writer.act(reference, "note", text="hello").status_code == 200


def test_when_a_token_was_last_used_is_seen_by_the_administrator(
    crm: Program, desk: Desk, clock: Clock
) -> None:
    clock.forward(timedelta(hours=1))
    crm.ask("/callbacks")
    with desk.reading() as work:
        assert [known.last_used_at for known in token.listed(work.session)] == [clock()]


def test_who_asks_too_fast_is_told_how_long_to_wait(crm: Program, clock: Clock) -> None:
    codes = [crm.ask("/callbacks/123456").status_code for _ in range(125)]
    assert codes == [404] * 120 + [429] * 5
    assert crm.ask("/callbacks").headers["Retry-After"] == "1"
    clock.forward(timedelta(seconds=1))
    assert crm.ask("/callbacks").status_code == 200


def test_a_guessing_stranger_is_slowed_and_a_program_beside_them_is_not(
    crm: Program,
    screens: Flask,
) -> None:
    codes = {knock(screens, "/callbacks", Authorization=f"Bearer rb_{n}").status_code for n in range(40)}
    assert codes == {401, 429}
    assert crm.ask("/callbacks").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("DELETE", "/callbacks", 405),
        ("TRACE", "/callbacks", 405),
        ("POST", "/callbacks/123456", 405),
        ("GET", "/callbacks/123456/note", 405),
        ("GET", "", 404),
        ("GET", "/", 404),
        ("GET", "/nothing", 404),
        ("POST", "/callbacks/123456/explode", 404),
        ("GET", "/callbacks/123456", 404),
        ("GET", "/callbacks/12345", 404),
        ("GET", "/callbacks/%00", 404),
        ("GET", "/callbacks/%F0%9F%8D%90", 404),
        ("GET", "/callbacks/" + "9" * 5000, 404),
        ("GET", "/callbacks/١٢٣٤٥٦", 404),
        ("GET", "/callbacks/123456/", 404),
    ],
)
def test_what_is_not_here_is_refused_in_the_same_words_as_all_else(
    crm: Program, method: str, path: str, code: int
) -> None:
    answer = crm.ask(path, method)
    assert (answer.status_code, answer.content_type) == (code, "application/problem+json")
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert ("Allow" in answer.headers) == (code == 405)


def test_options_tell_what_may_be_done(crm: Program) -> None:
    answer = crm.ask("/callbacks", "OPTIONS")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_a_head_has_the_answers_headers_and_no_body(crm: Program, desk: Desk) -> None:
    answer = crm.ask(f"/callbacks/{ask(desk).reference}", "HEAD")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"]


@pytest.mark.parametrize(
    ("accept", "code"),
    [("application/json", 200), ("*/*", 200), ("application/*", 200), ("text/html", 406), (";;q=x", 406),
     ("application/json;q=0", 406), ("text/html, application/json;q=0.1", 200)],
)  # fmt: skip
def test_who_reads_no_json_is_told(crm: Program, accept: str, code: int) -> None:
    assert crm.ask("/callbacks", headers={"Accept": accept}).status_code == code


def test_the_description_is_open_to_all_and_names_every_address(screens: Flask) -> None:
    drawn = knock(screens, "/openapi.json").json
    assert drawn["openapi"].startswith("3.1")
    assert "/api/v1/callbacks/{reference}/wrap-up" in drawn["paths"]
    secured = [op for path in drawn["paths"].values() for op in path.values() if "security" in op]
    assert len(secured) == 14


def test_with_the_database_away_the_door_says_try_again(
    desk: Desk,
    settings: Settings,
) -> None:
    away = replace(desk, engine=open_engine("sqlite:////nowhere/at/all.sqlite3"))
    answer = Program(make_screens(away, settings).test_client(), "rb_x").ask("/callbacks")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "try again in a moment" in answer.json["detail"]
    away.engine.dispose()
