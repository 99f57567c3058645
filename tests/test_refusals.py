"""Where there is nothing to show: an address that is nobody's, and a desk that cannot reach its records."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Dialect

from callbacks.database import open_engine
from callbacks.work import Desk
from settings import Settings
from tests.people import Cast
from tests.screens import Visitor, ask, give_passwords, make_screens, signed_in, token


@pytest.fixture
def screens(desk: Desk, cast: Cast, settings: Settings) -> Flask:
    """The screens as they are served: what breaks is answered."""
    give_passwords(desk)
    app = make_screens(desk, settings)
    app.testing = False
    return app


@pytest.mark.parametrize(
    ("language", "said"), [("en", "There is no such page."), ("it", "Questa pagina non c&#39;è.")]
)
def test_an_address_that_is_nobodys_is_answered_with_a_page(screens: Flask, language: str, said: str) -> None:
    told = Visitor(screens, language).open("/bord")
    assert told.status_code == 404
    assert said in told.text
    assert "default-src 'none'" in told.headers["Content-Security-Policy"]
    assert "Ada" in signed_in(screens, "ada").open("/bord").text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "cannot reach its records"), ("it", "non raggiunge i suoi dati")],
)
def test_a_desk_without_its_database_says_so_on_its_pages(
    desk: Desk, settings: Settings, language: str, said: str
) -> None:
    for url in ("sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://nobody@127.0.0.1:1/none"):
        away = replace(desk, engine=open_engine(url))
        app = make_screens(away, settings)
        app.testing = False
        ada = Visitor(app, language)
        with ada.client.session_transaction() as cookie:
            cookie["_user_id"] = "a stay"
        for path in ("/board", "/mine", "/requests/123456", "/account"):
            told = ada.open(path)
            assert told.status_code == 503, path
            assert said in told.text
            assert "default-src 'none'" in told.headers["Content-Security-Policy"]
        away.engine.dispose()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "look whether it was kept, then try again"), ("it", "controlla se è stato salvato, poi riprova")],
)
def test_whose_note_was_kept_and_never_answered_is_told_to_look_before_they_write_it_again(
    screens: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    page = f"/requests/{ask(desk).reference}"
    ada = signed_in(screens, "ada")
    form = {"csrf_token": token(ada.open(page)), "note": "their queue is empty again"}
    with monkeypatch.context() as lost:
        lost.setattr(desk.engine.dialect, "do_commit", _commits_and_is_gone(desk.engine.dialect))
        told = ada.client.post(f"{page}/note", data=form, headers={"Accept-Language": language})
    assert told.status_code == 503
    assert said in told.text
    assert "their queue is empty again" in ada.open(page).text


def _commits_and_is_gone(dialect: Dialect) -> Callable[[Any], None]:
    """What was sent is carried out; the answer never comes."""
    commit = dialect.do_commit

    def act(connection: Any) -> None:
        commit(connection)
        raise dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")

    return act


def test_what_breaks_is_a_page_too(screens: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = signed_in(screens, "ada")
    monkeypatch.setitem(screens.view_functions, "console.account", _stumbles)
    told = ada.open("/account")
    assert told.status_code == 500
    assert "Something went wrong here." in told.text
    assert "secret" not in told.text


def _stumbles() -> str:
    raise ValueError("a secret of the program")
