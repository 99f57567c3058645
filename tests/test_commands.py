"""The administrator's verbs: what they print, what they refuse, and with which exit code."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from callbacks.agent import by_sign_in
from callbacks.work import Desk
from console.doctor import findings
from console.room import Room
from settings import Settings
from tests.people import Clock
from tests.screens import CHEAP, Visitor, ask, make_screens


def run(app: Flask, *words: str, typed: str = "") -> Result:
    """`script/desk …` with these words."""
    return app.test_cli_runner().invoke(args=list(words), input=typed)


def test_a_new_agent_signs_in_with_the_password_shown_once(screens: Flask) -> None:
    told = run(screens, "agent", "add", "Carla", "--name", "Carla Neri", "--level", "2", "--language", "it")
    assert told.exit_code == 0
    assert "Carla Neri may sign in as carla" in told.output
    password = told.output.split("password: ")[1].strip()
    assert Visitor(screens).sign_in("carla", password).status_code == 302


def test_a_password_may_be_given_and_is_then_not_shown(screens: Flask) -> None:
    words = ("agent", "add", "carla", "--name", "Carla", "--password-stdin")
    told = run(screens, *words, typed="correct horse battery\n")
    assert told.exit_code == 0
    assert "horse" not in told.output
    assert Visitor(screens).sign_in("carla", "correct horse battery").status_code == 302


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("ada", "--name", "Another"), "somebody signs in as ada already"),
        (("two words", "--name", "X"), "is no name to sign in with"),
        (("carla", "--name", "X", "--phone", "12"), "is no phone number"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(screens: Flask, words: tuple[str, ...], why: str) -> None:
    told = run(screens, "agent", "add", *words)
    assert told.exit_code == 1
    assert why in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1


def test_a_short_password_adds_nobody(screens: Flask, desk: Desk) -> None:
    told = run(screens, "agent", "add", "carla", "--name", "C", "--password-stdin", typed="short\n")
    assert told.exit_code == 1
    with desk.reading() as work:
        assert by_sign_in(work.session, "carla") is None


@pytest.mark.parametrize(
    "words",
    [("agent", "add"), ("agent", "add", "x", "--name", "X", "--level", "9"), ("hours", "explain", "noon"),
     ("callbacks", "--limit", "0"), ("nonsense",)],
)  # fmt: skip
def test_misuse_is_exit_code_two(screens: Flask, words: tuple[str, ...]) -> None:
    assert run(screens, *words).exit_code == 2


def test_agents_are_listed_and_their_passwords_are_not(screens: Flask) -> None:
    assert "Bruno" in run(screens, "agent", "list").output
    people = json.loads(run(screens, "agent", "list", "--json").output)
    assert [one["sign_in"] for one in people] == ["ada", "bruno", "dora", "sara"]
    assert "argon2" not in json.dumps(people)


def test_open_requests_are_listed_in_ringing_order(screens: Flask, desk: Desk, clock: Clock) -> None:
    first = ask(desk, "Acme")
    clock.set("2026-11-23 12:20")
    second = ask(desk, "Bolt")
    clock.set("2026-11-23 17:20")
    lines = run(screens, "callbacks").output.splitlines()
    assert [line[:6] for line in lines] == [first.reference, second.reference]
    assert "late 10 min" in lines[0]
    facts = json.loads(run(screens, "callbacks", "--json").output)
    assert facts[0]["lateness"] == {"state": "late", "working_minutes": 10}
    assert facts[0]["window"] == {"opens": "2026-11-23T14:10:00Z", "closes": "2026-11-23T16:10:00Z"}
    assert facts[0]["number"] == "+390212344587"
    assert len(json.loads(run(screens, "callbacks", "--json", "--limit", "1").output)) == 1


def test_a_promise_is_explained_as_the_rules_tell_it(screens: Flask) -> None:
    told = run(screens, "hours", "explain", "2026-11-27T17:30").output
    assert (
        "Fri 17:30; 30 min counted Fri 17:30-18:00; Sat, Sun closed; 90 min counted Mon 09:00-10:30" in told
    )
    facts = json.loads(run(screens, "hours", "explain", "2026-11-27T16:30Z", "--json").output)
    assert (facts["opens"], facts["closes"]) == ("2026-11-30T09:30:00Z", "2026-11-30T11:30:00Z")
    assert facts["solve_by"] == {"1": "2026-11-30T16:30:00Z", "2": "2026-12-03T16:30:00Z"}


def test_a_wish_is_explained_too_in_italian_as_well(screens: Flask) -> None:
    words = ("hours", "explain", "2026-11-23T17:59", "--wish", "2026-11-25T13:30")
    facts = json.loads(run(screens, *words, "--json").output)
    assert facts["opens"] == "2026-11-25T13:00:00Z"
    assert "chiesta per" in run(screens, *words, "--language", "it").output


def test_a_moment_beyond_all_calendars_is_refused(screens: Flask) -> None:
    told = run(screens, "hours", "explain", "9999-12-31T23:59")
    assert told.exit_code == 1
    assert "Traceback" not in told.output


def test_a_whole_journal_verifies_and_a_changed_line_is_named(screens: Flask, desk: Desk) -> None:
    callback = ask(desk)
    told = run(screens, "verify")
    assert told.exit_code == 0
    assert "as they were written" in told.output
    with desk.work() as work:
        work.session.execute(text("UPDATE entries SET move = 'solved' WHERE seq = 2"))
    told = run(screens, "verify")
    assert told.exit_code == 1
    assert f"{callback.subject}, line 2: was changed after it was written" in told.output
    assert json.loads(run(screens, "verify", "--json").output)["whole"] is False


def test_the_doctor_finds_a_healthy_demo_wanting_in_advice_alone(screens: Flask, clock: Clock) -> None:
    clock.now = datetime.now(UTC)  # the database's own clock cannot be set
    told = run(screens, "doctor")
    assert told.exit_code == 0
    assert "0 faults" in told.output
    assert "redis: does not answer" in told.output
    report = json.loads(run(screens, "doctor", "--json").output)
    assert report["well"] is True


def test_a_database_whose_clock_goes_otherwise_is_told(desk: Desk, settings: Settings, clock: Clock) -> None:
    clock.set("2020-01-01 12:00")
    found = [finding.about for finding in findings(Room(desk, settings, CHEAP, lambda _: True))]
    has_a_clock = desk.engine.dialect.name == "postgresql"
    assert ("clocks" in found) == has_a_clock


def test_the_doctor_names_everything_at_once(
    desk: Desk, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    ask(desk, None)
    clock.set("2026-11-25 10:00")
    (tmp_path / "file").write_text("not a folder")
    place = replace(settings, in_production=True, media_url=f"file://{tmp_path}/file/recordings")
    found = {finding.about: finding for finding in findings(Room(desk, place, CHEAP, lambda _: True))}
    assert {"clock", "recordings", "PUBLIC_URL"} <= {
        about for about, finding in found.items() if finding.weight == "fault"
    }
    assert "agents" in found


def test_the_doctor_says_when_the_database_is_not_migrated(desk: Desk, settings: Settings) -> None:
    found = findings(Room(desk, settings, CHEAP, lambda _: False))
    assert any("not migrated" in finding.says for finding in found)


def test_a_check_that_breaks_hides_no_other(desk: Desk, settings: Settings) -> None:
    place = replace(settings, media_url="nonsense://x", redis_url="nonsense")
    found = [finding.about for finding in findings(Room(desk, place, CHEAP, lambda _: True))]
    assert "recordings" in found
    assert "demo" in found


def test_the_doctor_leaves_nothing_behind(desk: Desk, settings: Settings) -> None:
    findings(Room(desk, settings, CHEAP, lambda _: True))
    assert list(Path(settings.media_url.removeprefix("file://")).iterdir()) == []


def test_nothing_secret_is_ever_printed(screens: Flask, settings: Settings, desk: Desk) -> None:
    app = make_screens(desk, settings)
    for words in (("doctor",), ("agent", "list", "--json"), ("callbacks", "--json"), ("verify",)):
        told = run(app, *words).output
        assert settings.secret_key not in told
        assert settings.twilio_auth_token not in told
