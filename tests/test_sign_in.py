"""Only people of the desk come in: names, passwords, guessing, and stays that end."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from callbacks import journal, sign_in, sign_in_guard
from callbacks.agent import by_sign_in
from callbacks.errors import Refused
from callbacks.journal import Entry
from callbacks.sign_in import SignIn
from callbacks.work import Desk
from console.passwords import Busy, Passwords
from settings import Settings
from tests.people import Clock
from tests.screens import CHEAP, PASSWORD, Visitor, ask, by_the_form, make_screens, token


def moves(desk: Desk) -> list[str]:
    """What the desk's own journal tells, oldest first."""
    with desk.reading() as work:
        return [entry.move for entry in journal.lines(work.session, journal.DESK)]


def test_ada_signs_in_sees_the_board_and_signs_out(screens: Flask, desk: Desk) -> None:
    ada = Visitor(screens)
    assert ada.sign_in("ada").location == "/"
    page = ada.open("/board")
    assert page.status_code == 200
    assert "Ada" in page.text
    ada.send("/sign-out", csrf_token=token(page))
    assert ada.open("/board").status_code == 302
    assert moves(desk) == ["signed_in", "signed_out"]


def test_a_name_is_not_fussy_about_capitals(screens: Flask) -> None:
    assert Visitor(screens).sign_in(" Ada ").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["/board", "/board/live", "/requests/123456", "/requests/123456/live", "/requests/123456/messages/1"],
)
def test_a_stranger_sees_nothing(screens: Flask, path: str) -> None:
    answer = Visitor(screens).open(path)
    assert answer.status_code in {302, 401}
    assert "Acme" not in answer.text


def test_a_stranger_presses_nothing(screens: Flask, desk: Desk) -> None:
    callback = ask(desk)
    before = len(moves(desk))
    answer = Visitor(screens).send(f"/requests/{callback.reference}/take", seen="9")
    assert answer.location == "/sign-in"
    assert len(moves(desk)) == before


def test_after_signing_in_one_is_where_one_wanted_to_be(screens: Flask, desk: Desk) -> None:
    reference = ask(desk).reference
    visitor = Visitor(screens)
    assert visitor.open(f"/requests/{reference}").location == f"/sign-in?next=/requests/{reference}"
    assert visitor.sign_in("ada", next=f"/requests/{reference}").location == f"/requests/{reference}"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "/\t/evil.example",
        "/\n/x",
        "//[",
        "/a\\b",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(screens: Flask, elsewhere: str) -> None:
    assert Visitor(screens).sign_in("ada", next=elsewhere).location == "/"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ada", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("ada", ""),
        ("a\x00da", "\x00"),
        ("é" * 999, "x" * 99_999),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    screens: Flask, desk: Desk, name: str, password: str
) -> None:
    answer = Visitor(screens).sign_in(name, password)
    assert answer.status_code == 401
    assert "Name or password is not right." in answer.text
    assert moves(desk) == ["sign_in_failed"]


def test_who_has_no_password_yet_cannot_come_in(screens: Flask, desk: Desk) -> None:
    with desk.work() as work:
        person = by_sign_in(work.session, "bruno")
        assert person
        person.password_hash = ""
    assert Visitor(screens).sign_in("bruno", "").status_code == 401


def test_what_was_typed_as_a_name_hangs_beside_the_chain(screens: Flask, desk: Desk) -> None:
    Visitor(screens).sign_in("hunter2-my-password", "x")
    with desk.reading() as work:
        line = journal.lines(work.session, journal.DESK)[0]
        assert "hunter2" not in str(line.facts)
        assert line.personal is not None
        assert line.personal.body["name"] == "hunter2-my-password"


def test_a_key_is_new_at_every_sign_in_and_worthless_after_signing_out(screens: Flask, desk: Desk) -> None:
    first, second = by_the_form(screens, "ada"), by_the_form(screens, "ada")
    stolen = first.client.get_cookie("desk")
    other = second.client.get_cookie("desk")
    assert stolen
    assert other
    assert stolen.value != other.value
    first.send("/sign-out", csrf_token=token(first.open("/board")))
    thief = Visitor(screens)
    thief.client.set_cookie("desk", stolen.value)
    assert thief.open("/board").status_code == 302
    assert second.open("/board").status_code == 200


def test_the_database_holds_no_key_that_opens_anything(screens: Flask, desk: Desk) -> None:
    with desk.work() as work:
        ada = by_sign_in(work.session, "ada")
        assert ada
        key = sign_in.begin(work, ada, "127.0.0.1")
    with desk.reading() as work:
        assert key not in [stay.digest for stay in work.session.scalars(select(SignIn))]
        assert sign_in.person(work.session, key, work.now) is not None


def test_a_stay_ends_after_twelve_hours_however_busy_one_was(screens: Flask, clock: Clock) -> None:
    ada = by_the_form(screens, "ada")
    for _hour in range(11):
        clock.forward(timedelta(hours=1))
        assert ada.open("/board").status_code == 200
    clock.forward(timedelta(hours=1))
    assert ada.open("/board").status_code == 302


def test_who_has_left_is_out_at_once(screens: Flask, desk: Desk) -> None:
    ada = by_the_form(screens, "ada")
    with desk.work() as work:
        person = by_sign_in(work.session, "ada")
        assert person
        person.left_at = work.now
    assert ada.open("/board").status_code == 302


def test_guessing_grows_slower_and_a_right_password_after_the_wait_comes_in(
    screens: Flask, clock: Clock
) -> None:
    guesser = Visitor(screens)
    for _guess in range(sign_in_guard.HERE.free):
        assert guesser.sign_in("ada", "a guess").status_code == 401
    refused = guesser.sign_in("ada")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "1"
    clock.forward(timedelta(seconds=1))
    assert guesser.sign_in("ada", "a guess").status_code == 401
    assert guesser.sign_in("ada").headers["Retry-After"] == "2"
    clock.forward(timedelta(seconds=2))
    assert guesser.sign_in("ada").status_code == 302


def test_a_stranger_elsewhere_does_not_lock_ada_out(screens: Flask, desk: Desk, clock: Clock) -> None:
    by_the_form(screens, "ada")
    with desk.work() as work:
        for n in range(100):
            sign_in_guard.begin(work, "ada", f"198.51.100.{n}")
    assert Visitor(screens).sign_in("ada").status_code == 302


def test_one_name_guessed_from_many_addresses_is_slowed_too(desk: Desk, clock: Clock) -> None:
    with desk.work() as work:
        for n in range(sign_in_guard.NAME.free + 10):
            sign_in_guard.begin(work, "ada", f"198.51.100.{n}")
        wait = sign_in_guard.wait(work, "ada", "203.0.113.9")
        assert timedelta() < wait <= sign_in_guard.NAME.longest
        assert sign_in_guard.wait(work, "bruno", "203.0.113.9") == timedelta()


def test_one_address_that_tries_many_names_is_slowed(desk: Desk) -> None:
    with desk.work() as work:
        for n in range(sign_in_guard.ADDRESS.free):
            sign_in_guard.begin(work, f"name{n}", "203.0.113.9")
        assert sign_in_guard.wait(work, "ada", "203.0.113.9") > timedelta()


def test_tries_are_forgotten_after_a_quarter_of_an_hour(desk: Desk, clock: Clock) -> None:
    with desk.work() as work:
        for _try in range(20):
            sign_in_guard.begin(work, "ada", "203.0.113.9")
    clock.forward(sign_in_guard.COUNTED)
    with desk.work() as work:
        assert sign_in_guard.wait(work, "ada", "203.0.113.9") == timedelta()


def test_a_form_that_is_not_ours_is_refused(screens: Flask, desk: Desk) -> None:
    visitor = Visitor(screens)
    answer = visitor.send("/sign-in", name="ada", password=PASSWORD)
    assert answer.status_code == 400
    assert "open too long" in answer.text
    assert moves(desk) == []


def test_the_cookie_is_kept_from_scripts_and_other_sites(screens: Flask) -> None:
    cookie = Visitor(screens).sign_in("ada").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_behind_https_the_cookie_travels_by_tls_alone(
    desk: Desk, screens: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    var = str(tmp_path_factory.mktemp("var"))
    settings = Settings.load({"VAR_FOLDER": var, "PUBLIC_URL": "https://desk.example"})
    visitor = Visitor(make_screens(desk, settings))
    page = visitor.client.get("/sign-in", base_url="https://desk.example")
    assert "Secure" in page.headers["Set-Cookie"]
    assert page.headers["Set-Cookie"].startswith("__Host-desk=")
    assert page.headers["Strict-Transport-Security"]


def test_every_page_carries_its_safety(screens: Flask, desk: Desk) -> None:
    ada = by_the_form(screens, "ada")
    for path in ("/", "/sign-in", "/console/desk.css", "/requests/000000", "/board/live"):
        headers = ada.open(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_a_page_about_people_is_kept_by_no_cache(screens: Flask) -> None:
    assert by_the_form(screens, "ada").open("/board").headers["Cache-Control"] == "no-store"


def test_a_short_password_is_refused() -> None:
    with pytest.raises(Refused, match="at least 10"):
        CHEAP.digest("short")


def test_no_more_passwords_are_worked_out_at_once_than_the_machine_can_bear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("console.passwords.PATIENCE", 0.01)
    passwords = Passwords(at_once=1)
    with passwords._turn(), pytest.raises(Busy):
        passwords.is_right("", "x")


def test_every_failure_stands_in_a_chain_that_verifies(screens: Flask, desk: Desk) -> None:
    for _try in range(3):
        Visitor(screens).sign_in("ada", "wrong")
    with desk.reading() as work:
        lines = list(work.session.scalars(select(Entry).order_by(Entry.seq)))
        assert [line.digest == line.computed_digest() for line in lines] == [True] * 3


def test_old_stays_and_tries_are_forgotten_and_a_running_stay_is_not(
    screens: Flask, desk: Desk, clock: Clock
) -> None:
    Visitor(screens).sign_in("ada", "wrong")
    by_the_form(screens, "ada")
    clock.forward(sign_in.KEPT + timedelta(days=1))
    running = by_the_form(screens, "ada")
    with desk.work() as work:
        assert sign_in.forget_old(work) == 3
        assert sign_in.forget_old(work) == 0
    assert running.open("/board").status_code == 200
