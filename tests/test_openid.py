"""People come in through their own organisation; and whatever goes wrong there, nobody else does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from callbacks import journal
from callbacks.work import Desk
from settings import Settings
from tests.openid_provider import CLIENT, SECRET, Provider, new_key, provider
from tests.people import Cast, Clock
from tests.screens import Visitor, give_passwords, make_screens
from tests.test_settings import faults
from tests.test_sign_in import moves

ADA = {"email": "ada", "email_verified": True, "preferred_username": "ada"}


@pytest.fixture
def organisation(clock: Clock) -> Iterator[Provider]:
    """Where Ada is known."""
    with provider(clock) as made:
        made.claims = dict(ADA)
        yield made


def told(organisation: Provider, **more: str) -> dict[str, str]:
    """What the environment says of it."""
    return {"OIDC_ISSUER": organisation.url, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_NAME": "Acme ID", **more}  # fmt: skip


@pytest.fixture
def app(desk: Desk, cast: Cast, organisation: Provider, tmp_path: Path) -> Flask:
    """The screens of a desk that is told of it."""
    give_passwords(desk)
    return make_screens(desk, Settings.load({"VAR_FOLDER": str(tmp_path), **told(organisation)}))


def there(visitor: Visitor, next_: str = "") -> str:
    """Press the button, be let in over there; the address one is sent back to."""
    sent = visitor.open(f"/sign-in/openid?next={next_}")
    assert sent.status_code == 302, sent.text
    answer = requests.get(sent.location, allow_redirects=False, timeout=30)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come(app: Flask, next_: str = "") -> tuple[Visitor, TestResponse]:
    """All the way, in a browser of one's own."""
    visitor = Visitor(app)
    return visitor, visitor.open(there(visitor, next_))


def test_ada_comes_in_through_her_organisation(app: Flask, desk: Desk) -> None:
    assert "Sign in with Acme ID" in Visitor(app).open("/sign-in").text
    ada, told_ = come(app, "/account")
    assert (told_.status_code, told_.location) == (302, "/account")
    assert "Ada" in ada.open("/account").text
    with desk.reading() as work:
        (line,) = journal.lines(work.session, journal.DESK)
    assert (line.move, line.by, line.facts) == ("signed_in", "agent:ada", {"way": "openid"})


def test_the_question_carries_state_nonce_and_the_digest_of_a_proof(app: Flask) -> None:
    asked = [parse_qs(urlsplit(Visitor(app).open("/sign-in/openid").location).query) for _ in range(2)]
    for each in asked:
        assert each["code_challenge_method"] == ["S256"]
        assert each["redirect_uri"] == ["http://127.0.0.1:5000/sign-in/openid/back"]
        assert all(len(each[name][0]) > 30 for name in ("state", "nonce", "code_challenge"))
    assert not [name for name in ("state", "nonce", "code_challenge") if asked[0][name] == asked[1][name]]


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"email": None},
        {"email": ["ada"]},
        {"email": ""},
        {"email_verified": False},
        {"email_verified": None},
    ],
)
def test_what_is_not_so_in_the_token_lets_nobody_in(
    app: Flask, desk: Desk, organisation: Provider, spoil: dict[str, Any]
) -> None:
    organisation.spoil = spoil
    visitor, answer = come(app)
    assert (answer.status_code, "Acme ID did not prove who you are" in answer.text) == (401, True)
    assert visitor.open("/board").status_code == 302
    assert "signed_in" not in moves(desk)


def test_a_token_signed_by_a_stranger_lets_nobody_in(app: Flask, organisation: Provider) -> None:
    organisation.key = new_key()
    assert come(app)[1].status_code == 401


def test_a_key_that_the_organisation_has_changed_is_learned(
    app: Flask, organisation: Provider, clock: Clock
) -> None:
    assert come(app)[1].status_code == 302
    organisation.key = new_key()
    organisation.published = [organisation.key]
    clock.forward(timedelta(minutes=2))
    assert come(app)[1].status_code == 302


def test_strangers_keys_are_asked_for_at_most_once_a_minute(app: Flask, organisation: Provider) -> None:
    come(app)
    organisation.key = new_key()
    for _try in range(4):
        assert come(app)[1].status_code == 401
    assert organisation.hits.count("/keys") == 1


def test_nobody_is_made_by_coming(app: Flask, desk: Desk, organisation: Provider) -> None:
    organisation.claims = {"email": "<b>eve</b>@acme.example", "email_verified": True}
    answer = come(app)[1]
    assert answer.status_code == 403
    assert "is not known at this desk" in answer.text
    assert "<b>eve" not in answer.text
    assert moves(desk) == ["sign_in_failed"]


def test_who_has_left_is_not_let_in(app: Flask, desk: Desk) -> None:
    from callbacks import staffing

    with desk.work() as work:
        staffing.leave(work, staffing.the_person(work, "ada"), "desk")
    assert come(app)[1].status_code == 403


def test_a_name_in_capitals_is_the_same_person(app: Flask, organisation: Provider) -> None:
    organisation.claims["email"] = "ADA"
    assert come(app)[1].status_code == 302


def test_another_claim_may_be_the_name(
    desk: Desk, cast: Cast, organisation: Provider, tmp_path: Path
) -> None:
    more = told(organisation, OIDC_CLAIM="preferred_username")
    organisation.claims = {"preferred_username": "bruno"}
    app = make_screens(desk, Settings.load({"VAR_FOLDER": str(tmp_path), **more}))
    assert come(app)[1].status_code == 302


def test_an_answer_is_good_once_and_in_the_browser_that_asked(app: Flask, desk: Desk) -> None:
    ada, eve = Visitor(app), Visitor(app)
    back = there(ada)
    assert "began in another window" in eve.open(back).text
    assert ada.open(back).status_code == 302
    assert ada.open(back).status_code == 400
    other = there(eve)
    there(eve)
    assert eve.open(other).status_code == 401
    assert moves(desk) == ["signed_in"]


def test_an_answer_that_took_too_long_is_told_to_begin_again(app: Flask, clock: Clock) -> None:
    ada = Visitor(app)
    back = there(ada)
    clock.forward(timedelta(minutes=16))
    assert ada.open(back).status_code == 400


def test_a_refusal_over_there_is_told_in_one_sentence(app: Flask, organisation: Provider) -> None:
    organisation.error = "access_denied"
    assert come(app)[1].status_code == 401


def test_a_code_that_is_made_up_opens_nothing(app: Flask) -> None:
    ada = Visitor(app)
    state = parse_qs(urlsplit(ada.open("/sign-in/openid").location).query)["state"][0]
    assert ada.open(f"/sign-in/openid/back?state={state}&code=made-up").status_code == 401


@pytest.mark.parametrize(
    "described",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": None}],
)
def test_a_description_that_leads_elsewhere_is_not_believed(
    app: Flask, organisation: Provider, described: dict[str, Any]
) -> None:
    organisation.described = described
    answer = Visitor(app).open("/sign-in/openid")
    assert (answer.status_code, "cannot be reached just now" in answer.text) == (503, True)


def test_where_the_organisation_is_away_a_password_still_lets_in(
    desk: Desk, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    give_passwords(desk)
    with provider(clock) as gone:
        settings = Settings.load({"VAR_FOLDER": str(tmp_path), **told(gone)})
    visitor = Visitor(make_screens(desk, settings))
    answer = visitor.open("/sign-in/openid")
    assert (answer.status_code, "With a password you can still sign in." in answer.text) == (503, True)
    assert visitor.sign_in("ada").status_code == 302


def test_an_organisation_that_goes_away_half_way_is_told_as_away(
    desk: Desk, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    with provider(clock) as going:
        visitor = Visitor(make_screens(desk, Settings.load({"VAR_FOLDER": str(tmp_path), **told(going)})))
        back = there(visitor)
    assert visitor.open(back).status_code == 503


def test_nobody_is_sent_to_another_site_afterwards(app: Flask) -> None:
    assert come(app, "//evil.example")[1].location == "/"


def test_a_desk_that_is_told_of_no_organisation_has_no_such_door(screens: Flask) -> None:
    assert "/sign-in/openid" not in Visitor(screens).open("/sign-in").text
    for path in ("/sign-in/openid", "/sign-in/openid/back?state=x&code=y"):
        assert Visitor(screens).open(path).status_code == 404


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID is missing"),
        ({"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"},
         "OIDC_ISSUER must begin with https://"),
        ({"OIDC_ISSUER": "http://localhost.evil.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"},
         "OIDC_ISSUER must begin with https://"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y",
          "OIDC_CLAIM": "phone"}, "OIDC_CLAIM is none of email, preferred_username"),
    ],
)  # fmt: skip
def test_half_of_an_organisation_is_refused_at_the_start(
    tmp_path: Path, environ: dict[str, str], fault: str
) -> None:
    assert faults(environ, tmp_path)[0].startswith(fault)


def test_the_secret_is_part_of_no_repr(organisation: Provider, tmp_path: Path) -> None:
    assert SECRET not in repr(Settings.load({"VAR_FOLDER": str(tmp_path), **told(organisation)}))
