"""Calling one's own desk: the exchange's telephone behind the desk's doors, and a rehearsal apart from it."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path

import pytest
import requests
from flask import Flask

import console
from app import create_app
from callbacks import policy_book
from callbacks.policy.editing import Changes
from callbacks.policy_book import Hand
from callbacks.work import Desk
from console.room import Lent, Practice
from exchange.feed import Feed
from exchange.live_box import LiveExchange
from exchange.server import serve
from launch.desk import open_desk
from launch.migrate import upgrade
from settings import Settings
from tests.desk import ACCOUNT_SID, AUTH_TOKEN, SUPPORT, Served, phone_app, served
from tests.people import Cast
from tests.processes import Processes, until
from tests.screens import CHEAP, PASSWORD, give_passwords
from tests.started import free_port

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def line(desk: Desk) -> Iterator[Served]:
    """The phone line that the telephone rings."""
    with served(lambda url: phone_app(desk, url)) as place:
        yield place


@pytest.fixture
def exchange(line: Served) -> Iterator[str]:
    """An exchange with a telephone, on a port of its own."""
    live = LiveExchange(ACCOUNT_SID, AUTH_TOKEN, voice_url=f"{line.url}/ivr/call", numbers=[SUPPORT])
    with serve(live, free_port()) as there:
        yield there.url
    live.close()


def screens_with(desk: Desk, settings: Settings, exchange: str) -> Flask:
    app = Flask("tests", static_folder=None)
    practice = Practice(exchange, lambda: {"Acme": "123456"}, desk)
    console.register(app, desk, settings, lambda _engine: True, CHEAP, lent=Lent(practice=practice))
    return app


class AtDesk:
    """Somebody at a browser, over real HTTP."""

    def __init__(self, url: str) -> None:
        self.url, self.line = url, requests.Session()

    def sign_in(self, name: str) -> "AtDesk":
        self.line.post(
            f"{self.url}/sign-in",
            {"name": name, "password": PASSWORD, "csrf_token": self.token("/sign-in")},
        )
        return self

    def token(self, path: str) -> str:
        found = re.search(
            r'(?:token=|name="csrf_token" value=")([^"&]+)', self.line.get(self.url + path).text
        )
        assert found
        return found[1]

    def ring(self, **headers: str) -> requests.Response:
        sent = {"from": "+390212345678", "to": SUPPORT}
        return self.line.post(f"{self.url}/telephone/phone/calls", json=sent, headers=headers)


@pytest.fixture
def sara(desk: Desk, cast: Cast, settings: Settings, exchange: str) -> Iterator[AtDesk]:
    give_passwords(desk)
    with served(lambda _url: screens_with(desk, settings, exchange)) as place:
        yield AtDesk(place.url).sign_in("sara")


def test_somebody_rings_the_desk_from_its_own_page_and_hears_it(sara: AtDesk) -> None:
    page = sara.line.get(f"{sara.url}/call-your-desk")
    assert "123456 #" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    with sara.line.get(f"{sara.url}/telephone/phone/feed", stream=True, timeout=20) as feed:
        assert sara.ring(**{"X-CSRFToken": sara.token("/call-your-desk")}).status_code == 200
        heard = ""
        for piece in feed.iter_content(chunk_size=None):
            heard += piece.decode()
            if "Acme Support" in heard:
                break
    assert '"sort": "say"' in heard


def test_the_telephone_speaks_the_language_of_the_page_it_lies_in(
    desk: Desk, cast: Cast, settings: Settings, exchange: str
) -> None:
    give_passwords(desk)
    with served(lambda _url: screens_with(desk, settings, exchange)) as place:
        bruno = AtDesk(place.url).sign_in("bruno")
        asked = re.search(r'src="(/telephone/[^"#]*)', bruno.line.get(f"{place.url}/call-your-desk").text)
        assert asked
        telephone = bruno.line.get(place.url + unescape(asked[1])).text
    assert '<html lang="it">' in telephone
    assert "<span>Chiama</span>" in telephone


def test_a_page_of_another_site_rings_nobody(sara: AtDesk) -> None:
    assert sara.ring().status_code == 400
    assert sara.ring(**{"X-CSRFToken": "guessed"}).status_code == 400


def test_a_stranger_finds_no_telephone(sara: AtDesk) -> None:
    stranger = AtDesk(sara.url)
    for path in ("/telephone/", "/telephone/phone/feed", "/telephone/page/phone.js"):
        told = stranger.line.get(sara.url + path, allow_redirects=False)
        assert told.status_code == 302
        assert told.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["2010-04-01/Accounts.json", "phone/../2010-04-01/Accounts.json", "x"])
def test_what_the_exchange_has_for_programs_is_not_passed_on(sara: AtDesk, path: str) -> None:
    assert sara.line.get(f"{sara.url}/telephone/{path}").status_code == 404


def test_only_the_telephone_may_be_framed_and_only_here(sara: AtDesk) -> None:
    telephone = sara.line.get(f"{sara.url}/telephone/").headers
    assert "frame-ancestors 'self'" in telephone["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in sara.line.get(f"{sara.url}/board").headers["Content-Security-Policy"]
    assert "microphone=()" in sara.line.get(f"{sara.url}/board").headers["Permissions-Policy"]


def test_who_signs_out_hears_the_telephones_no_more(
    sara: AtDesk, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Feed.after, "__defaults__", (0.2,))  # so long nobody says anything
    with sara.line.get(f"{sara.url}/telephone/phone/feed", stream=True, timeout=20) as feed:
        token = sara.token("/account")
        AtDesk.__init__(other := AtDesk(sara.url), sara.url)
        other.line.cookies.update(sara.line.cookies)
        other.line.post(f"{sara.url}/sign-out", {"csrf_token": token})
        began = time.monotonic()
        with suppress(requests.RequestException):
            for _ in feed.iter_content(chunk_size=None):
                assert time.monotonic() - began < 20
    assert sara.line.get(f"{sara.url}/telephone/", allow_redirects=False).status_code == 302


def test_an_exchange_that_is_away_is_no_fault_of_the_page(desk: Desk, cast: Cast, settings: Settings) -> None:
    give_passwords(desk)
    with served(lambda _url: screens_with(desk, settings, NOWHERE)) as place:
        ada = AtDesk(place.url).sign_in("ada")
        assert ada.line.get(f"{place.url}/call-your-desk").status_code == 200
        assert ada.line.get(f"{place.url}/telephone/").status_code == 502


# Where callers are real


def real(folder: Path) -> dict[str, str]:
    """The environment of a desk with an account."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "VAR_FOLDER": str(folder / "var"), "SECRET_KEY": "k" * 32, "PUBLIC_URL": "https://desk.example.com",
        "TWILIO_ACCOUNT_SID": "AC" + "0a" * 16, "TWILIO_AUTH_TOKEN": "a secret of the account",
        "EXCHANGE_PORT": str(free_port()), "REHEARSAL_PORT": str(free_port()), "PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


@pytest.fixture
def rehearsed(tmp_path: Path, database_kind: str) -> Iterator[tuple[Settings, Processes]]:
    """A real desk's database, and its rehearsal running."""
    if database_kind != "sqlite":
        pytest.skip("a rehearsal has a database of its own")
    environ = real(tmp_path)
    settings = Settings.load(environ)
    upgrade(settings.database_url)
    processes = Processes(environ, tmp_path)
    runner = processes.start("launch.rehearsal")
    log = settings.var / "rehearsal" / "rehearsal.log"

    def said() -> str:
        return log.read_text() if log.exists() else ""

    try:
        for words in ("The exchange is open", "Ctrl-C stops it all"):  # each has its own patience
            until(lambda words=words: words in said(), lambda: processes.said() + said())  # type: ignore[misc]
        yield settings, processes
        runner.send_signal(signal.SIGTERM)
        assert runner.wait(30) == 0
        assert not _environments(settings.var / "rehearsal")
    finally:
        processes.kill_all()


def test_a_rehearsal_knows_todays_policy_and_nothing_of_the_real_desk(
    rehearsed: tuple[Settings, Processes], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, processes = rehearsed
    var = settings.var / "rehearsal"
    desk = open_desk(settings)
    practice = create_app(settings, desk).extensions["console"].lent.practice
    assert practice.is_apart
    assert practice.codes().keys() == json.loads((var / "demo.json").read_text())["codes"].keys()
    told = _environments(var)
    assert len(told) > 4
    assert "a secret of the account" not in "".join(told)
    assert "data-numbers" in requests.get(practice.exchange, timeout=30).text

    changed: Changes = {("office", "name"): "Bolt Support"}
    desk.do(lambda work: policy_book.change(work, changed, Hand("dora", "10.0.0.1")))
    desk.do(
        lambda work: policy_book.change(work, {("notices", "to"): ["json://chat.example.com"]}, Hand("dora"))
    )
    apart = open_desk(Settings.load({"VAR_FOLDER": str(var), "POLICY_FILE": str(var / "policy.toml")}))

    def has_come() -> bool:
        apart.look_again()
        return apart.policy.office.name == "Bolt Support"

    until(has_come, processes.said)
    assert [str(each) for each in apart.policy.notices.to] == ["log"]
    with desk.reading() as work:
        assert not work.session.connection().exec_driver_sql("SELECT id FROM callbacks").all()
    for each in (desk, apart, practice.desk):
        each.engine.dispose()


def _environments(var: Path) -> list[str]:
    """What the rehearsal's programs were told, while they run."""
    told = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            words = (entry / "environ").read_bytes().decode(errors="replace") if entry.name.isdigit() else ""
            if f"VAR_FOLDER={var}\0" in words:
                told.append(words)
    return told
