"""`callbacks`: what became of each attempt, for a person at a terminal and for other programs."""

import json

from flask import Flask

from callbacks import handling
from callbacks.agent import by_sign_in
from callbacks.callback import Callback
from callbacks.work import Desk
from tests.people import Clock
from tests.ringing import at_their_phones
from tests.screens import ask
from tests.test_board_ringing import live
from tests.test_commands import run


def test_attempts_and_whether_the_promise_was_kept_are_listed(
    screens: Flask, desk: Desk, clock: Clock
) -> None:
    callback = ask(desk)
    clock.set("2026-11-23 15:30")
    with desk.work() as work:
        at_their_phones(work, "ada")
        row, ada = work.held(Callback, callback.id), by_sign_in(work.session, "ada")
        assert row
        assert ada
        dial = handling.ring_agent(work, row, ada)
        dial.take(work.now)
        dial.placed("CAagent")
    assert "Ada's phone is ringing" in run(screens, "callbacks").output
    with desk.work() as work:
        handling.accepted(work, live(work, callback))
        handling.customer_leg_over(work, live(work, callback), "busy", None, bridged=False)
    (one,) = json.loads(run(screens, "callbacks", "--json").output)
    assert one["attempts"] == [
        {"started": "2026-11-23T14:30:00Z", "agent": "ada", "leg": "ended", "outcome": "busy",
         "rang_at": "2026-11-23T14:30:00Z", "seconds": None}
    ]  # fmt: skip
    assert (one["rings"], one["misses"], one["for_person"]) == (1, 1, None)
    assert one["lateness"] == {"state": "kept", "working_minutes": 0}
    assert (one["first_rang_at"], one["first_reached_at"]) == ("2026-11-23T14:30:00Z", None)
    assert one["ring_from"] == "2026-11-23T14:40:00Z"
    assert "ring again from 15:40" in run(screens, "callbacks").output


def test_what_a_person_must_decide_says_why(screens: Flask, desk: Desk) -> None:
    callback = ask(desk)
    with desk.work() as work:
        row = work.held(Callback, callback.id)
        assert row
        row.hand_to_person(work, "failed")
    (one,) = json.loads(run(screens, "callbacks", "--json").output)
    assert (one["for_person"], one["ring_from"]) == ("failed", None)


def test_a_request_is_rung_for_by_command_and_its_outcome_said(
    screens: Flask, desk: Desk, clock: Clock
) -> None:
    one = ask(desk)
    clock.set("2026-11-23 15:30")
    with desk.work() as work:
        at_their_phones(work, "ada")
    told = run(screens, "callback", "dial", one.reference, "--agent", "ada")
    assert (told.exit_code, "dial is done" in told.output) == (0, True)
    again = run(screens, "callback", "dial", one.reference, "--agent", "ada")
    assert again.exit_code == 1
    assert "is being rung just now" in again.output
    with desk.work() as work:
        dial = live(work, one)
        dial.take(work.now)
        dial.placed("CAagent")
        handling.accepted(work, dial)
        handling.customer_leg_over(work, dial, "completed", 42, bridged=True)
    ended = run(screens, "callback", "wrap-up", one.reference, "--disposition", "solved", "--note", "a typo")
    assert ended.exit_code == 0, ended.output
    shown = json.loads(run(screens, "callback", "show", one.reference, "--json").output)
    assert (shown["state"], shown["lateness"]["state"], shown["rings"]) == ("closed", "kept", 1)
    assert "a typo" in " ".join(line["says"] for line in shown["journal"])
    assert shown["journal"][-1]["by"] == "administrator"
    read = run(screens, "callback", "show", one.reference).output
    assert "first_rang_at" in read
    assert "attempt" in read


def test_a_request_that_is_not_there_and_an_agent_whom_nobody_knows_are_refused(
    screens: Flask, desk: Desk
) -> None:
    one = ask(desk)
    for words in (
        ("show", "000000"),
        ("dial", one.reference, "--agent", "nobody"),
        ("note", "x", "--text", "y"),
    ):
        told = run(screens, "callback", *words)
        assert told.exit_code == 1
        assert "Traceback" not in told.output
    assert run(screens, "callback", "note", one.reference, "--text", "rings at noon").exit_code == 0
    assert "rings at noon" in run(screens, "callback", "show", one.reference).output
