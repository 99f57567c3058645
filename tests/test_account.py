"""A person's own page: a new password for who knows the old, and the stays that they may end."""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from callbacks import journal, sign_in, sign_in_guard, staffing
from callbacks.work import Desk
from console.own.browsers import browser
from console.password_rules import weakness
from tests.people import Clock
from tests.screens import CHEAP, PASSWORD, Visitor, by_the_form, token
from tests.test_sign_in import moves

NEW = "montagna verde dentro"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def changes(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> TestResponse:
    """Fill in the form of the account page and send it."""
    proof = token(visitor.open("/account"))
    typed = {"old": old, "new": new, "again": new if again is None else again}
    return visitor.send("/account/password", csrf_token=proof, **typed)


def press(visitor: Visitor, path: str) -> TestResponse:
    """A button of the account page."""
    return visitor.send(path, csrf_token=token(visitor.open("/account")))


def test_ada_chooses_another_password_and_the_old_one_opens_nothing(screens: Flask, ada: Visitor) -> None:
    told = changes(ada)
    assert (told.status_code, told.location) == (302, "/account")
    assert "Your password is changed." in ada.open("/account").text
    assert Visitor(screens).sign_in("ada").status_code == 401
    assert Visitor(screens).sign_in("ada", NEW).status_code == 302


def test_a_new_password_ends_every_other_stay_and_not_the_one_it_was_typed_in(
    screens: Flask, ada: Visitor, bruno: Visitor, desk: Desk
) -> None:
    elsewhere = by_the_form(screens, "ada")
    changes(ada)
    assert elsewhere.open("/board").status_code == 302
    assert ada.open("/board").status_code == 200
    assert bruno.open("/board").status_code == 200
    with desk.reading() as work:
        line = journal.lines(work.session, journal.DESK)[-1]
    assert (line.move, line.by, line.facts["agent"]) == ("agent_password", "agent:ada", "ada")


@pytest.mark.parametrize(
    ("new", "again", "why"),
    [
        ("short", None, "at least 10 characters"),
        ("x" * 201, None, "at most 200 characters"),
        ("Passw0rd!!", None, "one of the first that a stranger would try"),
        ("ada-ada-ada", None, "little more than your name"),
        (NEW, NEW + " ", "not written the same both times"),
        ("", "", "at least 10 characters"),
        ("\x00", None, "at least 10 characters"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_one_sentence(
    ada: Visitor, desk: Desk, new: str, again: str | None, why: str
) -> None:
    told = changes(ada, new=new, again=again)
    assert (told.status_code, why in told.text) == (422, True)
    assert "agent_password" not in moves(desk)
    assert changes(ada).status_code == 302


def test_who_does_not_know_the_old_password_changes_nothing_and_is_slowed(
    ada: Visitor, desk: Desk, clock: Clock
) -> None:
    for _guess in range(sign_in_guard.HERE.free):
        assert "is not right" in changes(ada, old="a guess").text
    refused = changes(ada)
    assert (refused.status_code, "Too many tries" in refused.text) == (429, True)
    assert "agent_password" not in moves(desk)
    assert moves(desk).count("sign_in_failed") == sign_in_guard.HERE.free
    clock.forward(timedelta(seconds=5))
    assert changes(ada).status_code == 302


def test_nothing_that_was_typed_as_a_password_stands_in_the_page_or_the_journal(
    ada: Visitor, desk: Desk
) -> None:
    told = changes(ada, old="my-secret-of-old", new=NEW)
    assert "my-secret-of-old" not in told.text
    changes(ada)
    with desk.reading() as work:
        kept = str(
            [
                (line.facts, line.personal and line.personal.body)
                for line in journal.lines(work.session, "desk")
            ]
        )
    assert "my-secret" not in kept
    assert NEW not in kept


@pytest.mark.parametrize(
    "password",
    ["password123", "P@ssw0rd2026", "1234567890", "qwertyuiop1", "aaaaaaaaaaaa", "abcabcabcabc",
     "Welcome2026!", "juventus1897", "1q2w3e4r5t", "letmein12345",
     "ciaociaociao", "RINGBACK-2026", "0987654321"],
)  # fmt: skip
def test_what_a_stranger_would_try_first_is_no_password(password: str) -> None:
    assert weakness(password, ["ada"]) == "common"


@pytest.mark.parametrize(
    "password",
    [
        "montagna verde dentro",
        "k7fm-p2xw-9aqt-h3vz",
        "Ada likes green mountains",
        "日本語のパスワードです",
        PASSWORD,
    ],
)
def test_a_few_words_that_do_not_belong_together_will_do(password: str) -> None:
    assert weakness(password, ["ada", "Ada Rossi"]) == ""


def test_where_one_is_signed_in_stands_on_the_page_with_address_and_browser(
    screens: Flask, ada: Visitor, clock: Clock
) -> None:
    clock.forward(timedelta(minutes=50))
    other = Visitor(screens)
    other.client.environ_base |= {"REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": FIREFOX}
    other.sign_in("ada")
    page = ada.open("/account").text
    assert "Firefox, Linux" in page
    assert "198.51.100.7" in page
    assert "since today 13:00" in page
    assert page.count('class="here"') == 1
    assert page.count("Sign out there") == 1


def test_a_browser_that_calls_itself_a_script_is_shown_by_our_words_alone(
    screens: Flask, ada: Visitor
) -> None:
    other = Visitor(screens)
    other.client.environ_base["HTTP_USER_AGENT"] = "<script>alert(1)</script> Firefox " + "x" * 9_000
    assert other.sign_in("ada").status_code == 302
    page = ada.open("/account").text
    assert "alert(1)" not in page
    assert "Firefox" in page


def test_ada_signs_out_the_telephone_she_lost(screens: Flask, ada: Visitor, desk: Desk) -> None:
    lost = by_the_form(screens, "ada")
    with desk.reading() as work:
        person = staffing.the_person(work, "ada")
        newest, _here = sign_in.stays(work, person)
    assert press(ada, f"/account/stays/{newest.id}").location == "/account"
    assert lost.open("/board").status_code == 302
    assert ada.open("/board").status_code == 200


def test_nobody_signs_somebody_else_out(ada: Visitor, bruno: Visitor, desk: Desk) -> None:
    with desk.reading() as work:
        (theirs,) = sign_in.stays(work, staffing.the_person(work, "bruno"))
    before = len(moves(desk))
    press(ada, f"/account/stays/{theirs.id}")
    press(ada, "/account/stays/99999999")
    assert bruno.open("/board").status_code == 200
    assert len(moves(desk)) == before


def test_out_everywhere_is_out_here_too(screens: Flask, ada: Visitor, desk: Desk) -> None:
    other = by_the_form(screens, "ada")
    assert press(ada, "/account/stays").location == "/sign-in"
    assert [each.open("/board").status_code for each in (ada, other)] == [302, 302]
    assert moves(desk)[-1] == "signed_out"


def test_who_is_not_heard_of_for_two_hours_is_out(ada: Visitor, clock: Clock) -> None:
    clock.forward(sign_in.IDLE - timedelta(seconds=1))
    assert ada.open("/board").status_code == 200
    clock.forward(sign_in.IDLE - timedelta(seconds=1))
    assert ada.open("/board/live").status_code in {200, 304}
    clock.forward(sign_in.IDLE)
    assert ada.open("/board").status_code == 302
    assert "Where you are signed in" not in ada.open("/account").text


def test_to_look_costs_no_write_more_often_than_every_five_minutes(
    ada: Visitor, clock: Clock, statements: list[str]
) -> None:
    for _look in range(3):
        ada.open("/board")
    assert not [each for each in statements if each.startswith("UPDATE")]
    clock.forward(sign_in.NOTED_EVERY)
    ada.open("/board")
    ada.open("/board")
    assert len([each for each in statements if each.startswith("UPDATE sign_ins")]) == 1


def test_who_has_no_password_here_is_not_asked_for_the_old_one(ada: Visitor, desk: Desk) -> None:
    with desk.work() as work:
        staffing.the_person(work, "ada").password_hash = ""
    assert "through your organisation" in ada.open("/account").text
    assert "is not right" not in changes(ada, old="").text
    with desk.reading() as work:
        assert staffing.the_person(work, "ada").password_hash == ""


def test_a_password_given_by_an_administrator_meanwhile_stands(ada: Visitor, desk: Desk) -> None:
    page = token(ada.open("/account"))
    with desk.work() as work:
        staffing.new_password(
            work, staffing.the_person(work, "ada"), CHEAP.digest("given-by-dora"), "agent:dora"
        )
    told = ada.send("/account/password", csrf_token=page, old=PASSWORD, new=NEW, again=NEW)
    assert told.location is not None
    assert told.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_known_by_the_name_its_person_would_use(sent: str, known: str) -> None:
    assert browser(sent) == known


def test_the_account_leads_to_ones_notices_where_one_has_any(screens: Flask) -> None:
    assert "Where I am told</a>" in by_the_form(screens, "ada").open("/account").text
    assert "/account/notices" not in by_the_form(screens, "dora").open("/account").text
