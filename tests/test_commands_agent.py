"""The people of the desk, by command: what they take, when they are there, and that they may leave."""

import json
from typing import Any

import pytest
from flask import Flask

from callbacks.agent import Agent, by_sign_in
from callbacks.callback import by_reference
from callbacks.journal import DESK, lines
from callbacks.moves import State
from callbacks.work import Desk
from settings import Settings
from tests.people import rome
from tests.ringing import PHONES
from tests.screens import Visitor, ask, make_screens, signed_in
from tests.test_commands import run


def person(desk: Desk, sign_in: str) -> Agent:
    """As the desk keeps them."""
    with desk.reading() as work:
        found = by_sign_in(work.session, sign_in)
        assert found is not None
        return found


def listed(app: Flask, sign_in: str) -> dict[str, Any]:
    """As other programs read them."""
    people = json.loads(run(app, "agent", "list", "--json").output)
    (one,) = [each for each in people if each["sign_in"] == sign_in]
    return dict(one)


def written(desk: Desk) -> list[str]:
    """What the desk's own journal says, by the names of the moves."""
    with desk.reading() as work:
        return [line.move for line in lines(work.session, DESK)]


def test_carla_joins_with_a_phone_topics_shifts_and_days_off(screens: Flask, desk: Desk) -> None:
    told = run(
        screens, "agent", "add", "carla", "--name", "Carla", "--phone", "02 1234 0009", "--language", "it",
        "--topic", "access", "--topic", "delivery", "--day-off", "2026-12-24",
        "--shift", "mon-thu 09:00-13:00 14:00-16:00", "--shift", "fri,sat 09:00-13:00",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    carla = listed(screens, "carla")
    assert (carla["phone"], carla["topics"]) == ("+390212340009", ["delivery", "access"])
    assert (carla["days_off"], carla["presence"]) == (["2026-12-24"], "away")
    assert list(carla["shifts"]) == ["mon", "tue", "wed", "thu", "fri", "sat"]
    assert carla["shifts"]["mon"] == [["09:00", "13:00"], ["14:00", "16:00"]]
    kept = person(desk, "carla")
    with desk.reading() as work:
        assert kept.on_shift(work.hours, rome("2026-11-23 15:30"))
        assert not kept.on_shift(work.hours, rome("2026-11-23 16:30"))
        assert not kept.on_shift(work.hours, rome("2026-12-24 10:00"))


def test_what_is_left_out_of_a_change_stays_and_a_word_for_none_empties(screens: Flask, desk: Desk) -> None:
    run(screens, "agent", "change", "ada", "--phone", PHONES["ada"], "--shift", "mon 09:00-12:00")
    run(screens, "agent", "change", "ada", "--topic", "delivery", "--day-off", "2026-12-24", "--level", "2")
    ada = listed(screens, "ada")
    assert (ada["phone"], ada["level"], ada["topics"]) == (PHONES["ada"], 2, ["delivery"])
    assert ada["shifts"] == {"mon": [["09:00", "12:00"]]}
    words = ("--topic", "all", "--shift", "office", "--day-off", "none", "--phone", "")
    assert run(screens, "agent", "change", "ada", *words).exit_code == 0
    ada = listed(screens, "ada")
    assert [ada[name] for name in ("topics", "shifts", "days_off", "phone")] == [[], {}, [], None]
    assert written(desk)[-3:] == ["agent_changed"] * 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "nothing to change was said"),
        (("--shift", "mon-fri"), "is no shift: write it like mon-fri 09:00-13:00"),
        (("--shift", ""), "is no shift"),
        (("--shift", "lun 09:00-13:00"), "weekdays are mon, tue"),
        (("--shift", "mon 25:00-26:00"), "is no time of a day"),
        (("--shift", "mon 9-13"), "is no time of a day"),
        (("--shift", "mon 09:00-13:00", "--shift", "mon-tue 12:00-14:00"), "of mon overlap"),
        (("--day-off", "24/12/2026"), "is no date"),
        (("--topic", "cooking"), "is no topic of the policy"),
        (("--phone", "12"), "is no phone number"),
    ],
)
def test_a_slip_is_refused_in_one_line(screens: Flask, words: tuple[str, ...], why: str) -> None:
    told = run(screens, "agent", "change", "ada", *words)
    assert (told.exit_code, len(told.stderr.strip().splitlines())) == (1, 1)
    assert why in told.stderr


def test_one_phone_is_one_persons(screens: Flask) -> None:
    run(screens, "agent", "change", "ada", "--phone", PHONES["ada"])
    told = run(screens, "agent", "change", "bruno", "--phone", PHONES["ada"])
    assert (told.exit_code, "is the phone of ada already" in told.stderr) == (1, True)
    assert run(screens, "agent", "change", "ada", "--phone", PHONES["ada"]).exit_code == 0


@pytest.mark.parametrize("verb", ["change", "presence", "code", "password", "leave"])
def test_who_is_not_here_is_said_to_be_nobody(screens: Flask, verb: str) -> None:
    more = {"change": ("--level", "2"), "presence": ("ready",)}.get(verb, ())
    told = run(screens, "agent", verb, "eve", *more)
    assert (told.exit_code, "nobody signs in as 'eve'" in told.stderr) == (1, True)


def test_ada_made_away_lets_go_of_what_she_had(screens: Flask, desk: Desk, ada: Visitor) -> None:
    callback = ask(desk)
    ada.press(callback, "take")
    assert run(screens, "agent", "presence", "ada", "ready").output.startswith(
        "ada is ready, but has no phone"
    )
    assert run(screens, "agent", "presence", "ada", "away").output == "ada is away\n"
    with desk.reading() as work:
        found = by_reference(work.session, callback.reference)
        assert found is not None
        assert (found.state, found.agent_id) == (State.WAITING, None)


def test_a_new_password_ends_the_old_one_and_every_stay(screens: Flask, ada: Visitor) -> None:
    told = run(screens, "agent", "password", "ada")
    password = told.output.split("password: ")[1].strip()
    assert ada.open("/board").status_code == 302
    assert Visitor(screens).sign_in("ada").status_code == 401
    assert Visitor(screens).sign_in("ada", password).status_code == 302


def test_who_left_is_let_in_and_rung_no_more_and_nobody_takes_their_name(screens: Flask, desk: Desk) -> None:
    visitor, callback = signed_in(screens, "bruno"), ask(desk)
    visitor.press(callback, "take")
    assert run(screens, "agent", "leave", "bruno").exit_code == 0
    assert visitor.open("/board").status_code == 302
    assert Visitor(screens).sign_in("bruno").status_code == 401
    assert "bruno" not in run(screens, "agent", "list").output
    with desk.reading() as work:
        found = by_reference(work.session, callback.reference)
        assert found is not None
        assert found.state == State.WAITING
    told = run(screens, "agent", "add", "bruno", "--name", "Another")
    assert (told.exit_code, "somebody who left was bruno" in told.stderr) == (1, True)
    assert "agent_left" in written(desk)


def test_a_change_of_phone_ends_the_code_that_was_for_it(screens: Flask, desk: Desk) -> None:
    run(screens, "agent", "change", "ada", "--phone", PHONES["ada"])
    assert run(screens, "agent", "code", "ada").exit_code == 0
    told = run(screens, "agent", "change", "ada", "--phone", "+390212340099")
    assert "make a new one" in told.output
    assert person(desk, "ada").phone_code is None


def test_the_first_who_may_sign_in_is_the_administrator(desk: Desk, settings: Settings) -> None:
    app = make_screens(desk, settings)
    assert "script/desk user add NAME" in Visitor(app).open("/sign-in").text
    told = run(app, "user", "add", "dora")
    assert (told.exit_code, "roles: administrator" in told.output) == (0, True)
    password = told.output.split("password: ")[1].split()[0]
    dora = Visitor(app)
    assert dora.sign_in("dora", password).status_code == 302
    assert dora.open("/setup/journal").status_code == 200
    assert "script/desk user add" not in Visitor(app).open("/sign-in").text
    assert "roles: agent" in run(app, "user", "add", "ada").output


def test_a_person_is_given_several_roles_at_once(screens: Flask) -> None:
    run(screens, "user", "add", "carla", "--name", "Carla Neri", "--role", "agent", "--role", "supervisor")
    assert listed(screens, "carla")["roles"] == ["agent", "supervisor"]
    assert "Carla Neri" in run(screens, "user", "list").output
    assert run(screens, "user", "leave", "carla").exit_code == 0


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "at least 10"), ("Password123", "stranger would try"), ("carla-carla", "your name")],
)
def test_a_password_typed_on_the_command_line_keeps_the_same_rules(
    screens: Flask, desk: Desk, password: str, why: str
) -> None:
    told = run(screens, "user", "add", "carla", "--password-stdin", typed=password + "\n")
    assert (told.exit_code, why in told.stderr) == (1, True)
    assert run(screens, "user", "add", "carla", "--password-stdin", typed="montagna verde\n").exit_code == 0
