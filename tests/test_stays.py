"""A stay is nobody's but its person's: not fixed before, not stolen by a link, and over when it is over."""

from datetime import timedelta

import pytest
from flask import Flask

from callbacks import sign_in, staffing
from callbacks.work import Desk
from tests.people import Clock
from tests.screens import PASSWORD, Visitor, by_the_form, token
from tests.test_commands import run


def cookie(visitor: Visitor) -> str:
    """What the browser holds."""
    held = visitor.client.get_cookie("desk")
    return held.value if held else ""


def holding(app: Flask, value: str) -> Visitor:
    """Somebody with a cookie that is not theirs."""
    other = Visitor(app)
    other.client.set_cookie("desk", value)
    return other


def test_a_cookie_planted_before_signing_in_opens_nothing_after(screens: Flask) -> None:
    eve = Visitor(screens)
    eve.open("/sign-in")
    planted = cookie(eve)
    assert planted
    ada = holding(screens, planted)
    assert ada.sign_in("ada").status_code == 302
    assert ada.open("/board").status_code == 200
    assert eve.open("/board").status_code == 302
    assert holding(screens, planted).open("/board").status_code == 302


def test_eves_own_stay_planted_in_adas_browser_is_eves_no_more_once_ada_signs_in(
    screens: Flask, desk: Desk
) -> None:
    eve = by_the_form(screens, "bruno")
    ada = holding(screens, cookie(eve))
    ada.send("/sign-out", csrf_token=token(ada.open("/account")))
    ada.sign_in("ada")
    assert "signs in as <b>ada" in ada.open("/account").text
    assert eve.open("/account").status_code == 302


def test_the_proof_of_a_form_is_new_after_signing_in(screens: Flask) -> None:
    ada = Visitor(screens)
    before = token(ada.open("/sign-in"))
    ada.sign_in("ada")
    assert ada.send("/sign-out", csrf_token=before).status_code == 400
    assert ada.open("/board").status_code == 200


def test_anothers_proof_is_worth_nothing(screens: Flask) -> None:
    eve, ada = by_the_form(screens, "bruno"), by_the_form(screens, "ada")
    stolen = token(eve.open("/account"))
    assert ada.send("/sign-out", csrf_token=stolen).status_code == 400


@pytest.mark.parametrize(
    "link",
    ["/board?desk={key}", "/board?session={key}", "/board?_id={key}", "/board;desk={key}",
     "/board?remember_token={key}", "/board?csrf_token={key}", "/?_user_id={key}"],
)  # fmt: skip
def test_no_link_carries_a_stay(screens: Flask, desk: Desk, link: str) -> None:
    with desk.work() as work:
        key = sign_in.begin(work, staffing.the_person(work, "ada"), "127.0.0.1")
    for value in (key, cookie(by_the_form(screens, "ada"))):
        eve = Visitor(screens)
        assert eve.open(link.format(key=value)).status_code in {302, 404}
        assert eve.open("/board").status_code == 302


def test_a_cookie_that_was_changed_opens_nothing(screens: Flask, ada: Visitor) -> None:
    real = cookie(ada)
    body, _, proof = real.rpartition(".")
    for made_up in (
        f"{body}.{proof[::-1]}",
        f"x{real}",
        real.replace(".", ".."),
        "x",
        "a" * 3_000,
        f"{body}.",
    ):
        assert holding(screens, made_up).open("/board").status_code == 302, made_up
    assert holding(screens, real).open("/board").status_code == 200


def test_no_address_of_the_desk_carries_a_key(ada: Visitor) -> None:
    for path in ("/board", "/account"):
        assert cookie(ada) not in ada.open(path).text


def test_who_leaves_or_gets_a_new_password_is_out_everywhere(screens: Flask) -> None:
    here, there = by_the_form(screens, "ada"), by_the_form(screens, "ada")
    run(screens, "user", "password", "ada", "--password-stdin", typed="montagna verde dentro\n")
    assert [each.open("/board").status_code for each in (here, there)] == [302, 302]
    assert Visitor(screens).sign_in("ada", PASSWORD).status_code == 401
    again = Visitor(screens)
    again.sign_in("ada", "montagna verde dentro")
    run(screens, "user", "leave", "ada")
    assert again.open("/board").status_code == 302


def test_a_page_left_open_over_the_end_of_a_stay_presses_nothing(
    screens: Flask, ada: Visitor, clock: Clock
) -> None:
    proof = token(ada.open("/account"))
    clock.forward(timedelta(hours=12))
    answer = ada.send("/presence", csrf_token=proof, presence="ready")
    assert answer.location == "/sign-in"
