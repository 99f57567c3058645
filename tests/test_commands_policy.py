"""`script/desk policy …`: shown, checked, taken, remembered."""

import json
from pathlib import Path

import pytest
from flask import Flask

from callbacks import policy_book
from callbacks.policy.editing import Changes
from callbacks.policy_book import Hand
from callbacks.policy_in_force import Judge, PolicyInForce
from callbacks.work import Desk
from settings import Settings
from tests.people import CODE_KEY, POLICY_FILE, Clock, shipped_policy
from tests.screens import make_screens
from tests.test_commands import run

SHIPPED = POLICY_FILE.read_text()


@pytest.fixture
def living(desk: Desk, clock: Clock) -> Desk:
    desk.do(lambda work: policy_book.take_file(work, SHIPPED))
    return Desk(desk.engine, PolicyInForce(desk.engine, shipped_policy, Judge({})), CODE_KEY, clock)


@pytest.fixture
def app(living: Desk, settings: Settings) -> Flask:
    return make_screens(living, settings)


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    file = tmp_path / "new.toml"
    file.write_text(SHIPPED.replace("Acme Support", "Zenith"))
    return file


def test_a_file_is_taken_and_holds(app: Flask, living: Desk, renamed: Path) -> None:
    told = run(app, "policy", "take", str(renamed), "--why", "a new name")
    assert told.output == "version 2 holds from now on\n"
    living.look_again()
    assert living.policy.office.name == "Zenith"
    assert run(app, "policy", "export").output == renamed.read_text()


def test_the_same_file_twice_is_refused_in_one_sentence(app: Flask, renamed: Path) -> None:
    run(app, "policy", "take", str(renamed))
    again = run(app, "policy", "take", str(renamed))
    assert again.exit_code == 1
    assert again.stderr == "this is the policy already: nothing was changed\n"


def test_a_file_is_checked_without_being_taken(app: Flask, renamed: Path) -> None:
    told = run(app, "policy", "check", str(renamed))
    assert told.exit_code == 0
    assert "2 lines differ" in told.output
    assert '+ [office] name = "Zenith"' in told.output
    assert "Acme Support" in run(app, "policy", "show").output


def test_every_fault_of_a_file_is_named_and_nothing_is_taken(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(SHIPPED.replace('window = "2h"', "window = 2").replace('"Europe/Rome"', '"Rome"'))
    for word in ("check", "take"):
        told = run(app, "policy", word, str(file))
        assert told.exit_code == 1
        assert len(told.stderr.splitlines()) == 2
    assert "did you mean Europe/Rome?" in told.stderr
    assert len(json.loads(run(app, "policy", "history", "--json").output)) == 1


def test_the_history_says_who_changed_what(app: Flask, renamed: Path) -> None:
    run(app, "policy", "take", str(renamed), "--why", "a new name")
    newest, first = json.loads(run(app, "policy", "history", "--json").output)
    assert (newest["version"], newest["by"], newest["why"]) == (2, "administrator", "a new name")
    assert [line[0] for line in newest["changed"]] == ["-", "+"]
    assert first["by"] == "the file"
    plain = run(app, "policy", "history").output
    assert "2  2026-11-23T11:10:00Z  administrator from the command line: a new name" in plain


def test_what_is_shown_holds_no_secret_and_what_is_exported_does(app: Flask, living: Desk) -> None:
    to: Changes = {("notices", "to"): ["mailtos://dora:hunter2@example.com"]}
    living.do(lambda work: policy_book.change(work, to, Hand("agent:dora")))
    assert "hunter2" not in run(app, "policy", "show", "2").output
    assert "hunter2" not in run(app, "policy", "history").output
    assert "hunter2" in run(app, "policy", "export").output


def test_a_version_that_never_was_is_refused(app: Flask) -> None:
    assert (
        run(app, "policy", "show", "7").stderr == "there is no version 7 of the policy; see policy history\n"
    )
