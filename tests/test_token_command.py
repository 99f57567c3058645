"""An administrator makes, lists and revokes tokens; each is shown once."""

import json

from click.testing import Result
from flask import Flask

from tests.api import Program


def run(app: Flask, *words: str) -> Result:
    """`script/desk token …`."""
    return app.test_cli_runner().invoke(args=["token", *words])


def test_a_token_is_shown_once_and_opens_what_it_was_made_for(screens: Flask) -> None:
    told = run(screens, "add", "crm", "--scope", "read")
    assert told.exit_code == 0
    crm = Program(screens.test_client(), told.stdout.strip())
    assert crm.ask("/callbacks").status_code == 200
    listed = run(screens, "list")
    assert "crm" in listed.output
    assert crm.shown not in listed.output


def test_what_programs_read_of_it(screens: Flask) -> None:
    made = json.loads(run(screens, "add", "crm", "--scope", "act", "--scope", "read", "--json").stdout)
    assert made["token"].startswith("rb_")
    (known,) = json.loads(run(screens, "list", "--json").stdout)
    assert known == {
        "name": "crm", "scopes": ["read", "act"], "made_at": "2026-11-23T11:10:00Z",
        "last_used_at": None, "revoked_at": None,
    }  # fmt: skip


def test_a_revoked_token_is_listed_as_such(screens: Flask) -> None:
    shown = run(screens, "add", "crm", "--scope", "read").stdout.strip()
    assert run(screens, "revoke", "crm").exit_code == 0
    assert "revoked 2026-11-23 11:10 UTC" in run(screens, "list").output
    assert Program(screens.test_client(), shown).ask("/callbacks").status_code == 401


def test_what_cannot_be_done_is_refused_in_a_line(screens: Flask) -> None:
    run(screens, "add", "crm", "--scope", "read")
    again = run(screens, "add", "crm", "--scope", "read")
    assert (again.exit_code, again.stderr) == (
        1,
        "there is or was a token named crm: choose another name\n",
    )
    assert run(screens, "revoke", "nobody").exit_code == 1
    assert run(screens, "add", "other").exit_code == 2
    assert run(screens, "add", "other", "--scope", "everything").exit_code == 2
