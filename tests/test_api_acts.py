"""A program acts as an agent would: once, by its name in the journal, and never on stale sight."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from callbacks import journal, watch
from callbacks.agent import by_sign_in
from callbacks.call import Kind
from callbacks.moves import Disposition
from callbacks.work import Desk
from tests.api import Program, ask, program
from tests.people import Cast, Clock


@pytest.fixture
def crm(desk: Desk, screens: Flask) -> Program:
    """A program that may do everything."""
    return program(screens, desk)


@pytest.fixture
def reference(desk: Desk, crm: Program) -> str:
    """Of a request that Acme has just made."""
    return ask(desk).reference


def moves(crm: Program, reference: str) -> list[tuple[str, str]]:
    """What was done to it, and by whom, but for its beginning."""
    lines = crm.ask(f"/callbacks/{reference}/journal").json["lines"]
    return [(line["move"], line["by"]) for line in lines[3:]]


def test_a_callback_goes_from_hand_to_hand_and_every_move_bears_the_tokens_name(
    crm: Program, reference: str, clock: Clock
) -> None:
    assert crm.act(reference, "assign", agent="ada").json["agent"] == "ada"
    released = crm.act(reference, "release").json
    assert (released["state"], released["agent"]) == ("waiting", None)
    clock.set("2026-11-23 15:30")
    rang = crm.act(reference, "rang", result="no_answer").json
    assert rang["first_rang_at"] == "2026-11-23T14:30:00Z"
    assert rang["lateness"] == {"state": "kept", "working_minutes": 0}
    assert crm.act(reference, "reached").json["state"] == "wrap_up"
    crm.act(reference, "note", text="wants a weekly report\nand pears: naïve 🍐")
    closed = crm.act(reference, "wrap-up", disposition="solved", note="all well").json
    assert (closed["state"], closed["disposition"]) == ("closed", "solved")
    made = ["assigned", "released", "rang", "reached", "noted", "closed", "noted"]
    assert moves(crm, reference) == [(move, "token:crm") for move in made]


def test_what_the_moves_do_not_allow_is_refused_in_one_sentence(crm: Program, reference: str) -> None:
    answer = crm.act(reference, "release")
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json["detail"] == f"Callback {reference} is waiting, so it cannot be marked released."
    assert moves(crm, reference) == []


def test_a_callback_with_one_agent_is_not_taken_by_another(crm: Program, reference: str) -> None:
    crm.act(reference, "assign", agent="ada")
    assert crm.act(reference, "assign", agent="bruno").status_code == 409
    assert crm.ask(f"/callbacks/{reference}").json["agent"] == "ada"


def test_nobody_unknown_is_given_a_callback(crm: Program, reference: str) -> None:
    answer = crm.act(reference, "assign", agent="eve")
    assert (answer.status_code, answer.json["detail"]) == (409, "Nobody signs in by that name at this desk.")


def test_a_message_for_sales_cannot_end_as_solved(crm: Program, desk: Desk) -> None:
    answer = crm.act(ask(desk, kind=Kind.SALES).reference, "wrap-up", disposition=Disposition.SOLVED.value)
    assert answer.status_code == 409
    assert "handled, out_of_scope, withdrawn" in answer.json["detail"]


# --- once ---


def test_asking_again_with_one_key_does_nothing_again(crm: Program, reference: str) -> None:
    key = {"Idempotency-Key": "9f1c"}
    first = crm.act(reference, "note", key, text="once")
    again = crm.act(reference, "note", key, text="once")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json
    assert moves(crm, reference) == [("noted", "token:crm")]


def test_a_key_answers_for_one_request_alone(crm: Program, reference: str) -> None:
    key = {"Idempotency-Key": "9f1c"}
    crm.act(reference, "note", key, text="once")
    answer = crm.act(reference, "note", key, text="something else")
    assert answer.status_code == 422
    assert "use a new key for each" in answer.json["detail"]


def test_a_key_is_kept_for_a_day_and_belongs_to_its_token(
    crm: Program,
    reference: str,
    clock: Clock,
    desk: Desk,
    screens: Flask,
) -> None:
    key = {"Idempotency-Key": "9f1c"}
    crm.act(reference, "note", key, text="once")
    program(screens, desk, "other").act(reference, "note", key, text="another")
    clock.set("2026-11-24 12:09")
    crm.act(reference, "note", key, text="once")
    assert len(moves(crm, reference)) == 2
    clock.set("2026-11-24 12:10")
    crm.act(reference, "note", key, text="once")
    assert len(moves(crm, reference)) == 3


def test_what_was_refused_is_judged_anew_when_asked_again(crm: Program, reference: str) -> None:
    key = {"Idempotency-Key": "9f1c"}
    assert crm.act(reference, "release", key).status_code == 409
    crm.act(reference, "assign", agent="ada")
    assert crm.act(reference, "release", key).status_code == 200


def test_one_key_sent_by_many_hands_at_once_is_done_once(
    crm: Program,
    reference: str,
    screens: Flask,
) -> None:
    def send(_number: int) -> int:
        hand = Program(screens.test_client(), crm.shown)
        code: int = hand.act(reference, "note", {"Idempotency-Key": "k"}, text="once").status_code
        return code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, range(8))) == {200}
    assert moves(crm, reference) == [("noted", "token:crm")]


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "k" * 201])
def test_a_key_that_cannot_be_kept_is_refused(crm: Program, reference: str, key: str) -> None:
    answer = crm.act(reference, "note", {"Idempotency-Key": key}, text="once")
    assert answer.status_code == 422
    assert moves(crm, reference) == []


# --- on what was seen ---


def seen(crm: Program, reference: str) -> str:
    """The ETag of the callback as it stands."""
    tag: str = crm.ask(f"/callbacks/{reference}").headers["ETag"]
    return tag


def test_who_acts_on_stale_sight_is_told_and_nothing_is_lost(crm: Program, reference: str) -> None:
    tag = seen(crm, reference)
    crm.act(reference, "assign", agent="ada")
    by_header = crm.act(reference, "wrap-up", {"If-Match": tag}, disposition="solved")
    by_version = crm.act(reference, "wrap-up", disposition="solved", version=int(tag.strip('"')))
    assert (by_header.status_code, by_version.status_code) == (412, 409)
    assert "Look again, then decide." in by_header.json["detail"]
    assert crm.act(reference, "release", {"If-Match": seen(crm, reference)}).status_code == 200


def test_time_alone_and_a_note_make_nothing_stale(
    crm: Program, reference: str, clock: Clock, desk: Desk
) -> None:
    tag = seen(crm, reference)
    clock.set("2026-11-23 18:00")
    with desk.work() as work:
        watch.ring(work, 1)
    crm.act(reference, "note", text="rings a lot")
    assert seen(crm, reference) == tag
    assert crm.act(reference, "rang", {"If-Match": tag}, result="busy").status_code == 200


def test_each_act_answers_with_the_version_that_the_next_may_depend_on(crm: Program, reference: str) -> None:
    tag = seen(crm, reference)
    for name, body in (("assign", {"agent": "ada"}), ("rang", {"result": "busy"}), ("reached", {})):
        answer = crm.act(reference, name, {"If-Match": tag}, **body)
        assert answer.status_code == 200
        assert answer.headers["ETag"] not in {tag, None}
        tag = answer.headers["ETag"]


@pytest.mark.parametrize("tag", ["nonsense", 'W/"3"', '"999"', '""', '"3'])
def test_an_etag_that_is_not_the_callbacks_holds_the_act_back(crm: Program, reference: str, tag: str) -> None:
    assert crm.act(reference, "assign", {"If-Match": tag}, agent="ada").status_code == 412


def test_any_version_will_do_for_who_says_so(crm: Program, reference: str) -> None:
    assert crm.act(reference, "assign", {"If-Match": "*"}, agent="ada").status_code == 200


# --- bodies ---


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("assign", {}, "agent is missing"),
        ("assign", {"agent": 5}, "agent must be a text"),
        ("rang", {"result": "vanished"}, "result must be one of answered, busy, no_answer"),
        ("rang", {"result": ["busy"]}, "result must be one of"),
        ("note", {"text": ""}, "text must have 1 to 4000 characters"),
        ("note", {"text": "a\x00b"}, "cannot be kept"),
        ("note", {"txt": "hello"}, "txt is not known; did you mean text?"),
        ("release", {"version": True}, "version must be a whole number"),
        ("release", {"version": -1}, "version must be a whole number"),
        ("wrap-up", {"disposition": "solved", "note": None}, "note must be a text"),
    ],
)
def test_a_body_that_will_not_do_is_refused_by_field(
    crm: Program, reference: str, name: str, body: dict[str, Any], says: str
) -> None:
    answer = crm.act(reference, name, **body)
    assert answer.status_code == 422
    assert says in answer.json["detail"]
    assert moves(crm, reference) == []


@pytest.mark.parametrize(
    ("raw", "media_type", "code"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe{", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 422),
        (b'{"text": 1e999}', "application/json", 422),
        (b'["text"]', "application/json", 422),
        (b"null", "application/json", 422),
        (b"text=hello", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b'{"text": "' + b"x" * 70_000 + b'"}', "application/json", 413),
        (b"", "text/plain", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    crm: Program, reference: str, raw: bytes, media_type: str, code: int
) -> None:
    answer = crm.ask(f"/callbacks/{reference}/note", "POST", data=raw, content_type=media_type)
    assert (answer.status_code, answer.content_type) == (code, "application/problem+json")
    assert answer.json["status"] == code
    assert moves(crm, reference) == []


def test_the_journal_still_verifies_after_a_program_has_acted(
    crm: Program, reference: str, desk: Desk
) -> None:
    crm.act(reference, "note", text="hello")
    with desk.reading() as work:
        lines = journal.lines(work.session, "callback/1")
    assert all(line.digest == line.computed_digest() for line in lines)


# --- ringing ---


@pytest.fixture
def ada_has_a_phone(desk: Desk, cast: Cast) -> None:
    """The desk can ring her."""
    with desk.work() as work:
        ada = by_sign_in(work.session, "ada")
        assert ada is not None
        ada.phone = "+390212345678"


@pytest.mark.usefixtures("ada_has_a_phone")
def test_a_dial_is_begun_once_and_shows_how_far_it_has_come(crm: Program, reference: str, desk: Desk) -> None:
    dialled = crm.act(reference, "dial", agent="ada").json
    assert dialled["state"] == "offered"
    assert dialled["dials"] == [
        {"started": "2026-11-23T11:10:00Z", "agent": "ada", "leg": "to_ask", "outcome": None,
         "rang_at": None, "seconds": None}
    ]  # fmt: skip
    again = crm.act(reference, "dial", agent="ada")
    assert again.status_code == 409
    assert "is being rung just now" in again.json["detail"]
    other = ask(desk, sid="CA2").reference
    assert crm.act(other, "dial", agent="ada").json["detail"] == "Ada is on another call."
    assert len(crm.ask(f"/callbacks/{reference}").json["dials"]) == 1


@pytest.mark.usefixtures("ada_has_a_phone")
@pytest.mark.parametrize(
    ("name", "body"),
    [("release", {}), ("assign", {"agent": "bruno"}), ("rang", {"result": "busy"}), ("reached", {}),
     ("wrap-up", {"disposition": "withdrawn"})],
)  # fmt: skip
def test_nothing_cuts_across_a_dial_but_a_note(
    crm: Program, reference: str, name: str, body: dict[str, str]
) -> None:
    crm.act(reference, "dial", agent="ada")
    assert crm.act(reference, name, **body).status_code == 409
    assert crm.act(reference, "note", text="they also wrote").status_code == 200


def test_an_agent_without_a_phone_is_not_dialled(crm: Program, reference: str) -> None:
    assert crm.act(reference, "dial", agent="ada").json["detail"] == "Ada has no phone to ring."


# --- what came of it ---


def test_a_callback_may_go_up_a_level_or_wait_for_the_customer(crm: Program, reference: str) -> None:
    raised = crm.act(reference, "wrap-up", disposition="escalated").json
    assert (raised["level"], raised["state"], raised["solve_by"]) == (2, "waiting", "2026-11-27T11:10:00Z")
    assert crm.act(reference, "wrap-up", disposition="escalated").status_code == 409
    assert crm.act(reference, "wrap-up", disposition="waiting_for_customer").json["state"] == "paused"
    assert crm.act(reference, "resume").json["state"] == "waiting"


def test_what_is_out_of_scope_names_a_service_of_the_policy(crm: Program, reference: str, desk: Desk) -> None:
    wrong = crm.act(reference, "wrap-up", disposition="out_of_scope", referral="magic")
    service = next(iter(desk.policy.referrals))
    assert wrong.status_code == 409
    assert service in wrong.json["detail"]
    right = crm.act(reference, "wrap-up", disposition="out_of_scope", referral=service)
    assert right.json["disposition"] == "out_of_scope"


def test_a_busy_customer_is_rung_again_by_the_desk(crm: Program, reference: str) -> None:
    crm.act(reference, "assign", agent="ada")
    assert crm.act(reference, "rang", result="busy").json["state"] == "waiting"
    assert [move for move, _by in moves(crm, reference)] == ["assigned", "rang", "missed"]
