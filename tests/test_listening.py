"""Pages that listen, over real HTTP: told within two seconds, never too many, let go when they must go."""

import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from callbacks.database import open_engine
from callbacks.work import Desk
from console import listening
from console.changes import AT_ONCE, PATIENCE, WAITING, YIELDS, Turns
from console.listening import covers
from launch.web import command
from settings import Settings
from tests.databases import MakeDatabase
from tests.desk import served
from tests.people import Cast, Clock, fill, make_desk
from tests.processes import Processes, environment, until
from tests.screens import PASSWORD, ask, give_passwords
from tests.started import free_port


@dataclass
class Ear:
    """A page that listens: what it was told, and when; `is_over` once the line has ended."""

    answer: requests.Response
    heard: list[tuple[float, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for line in self.answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("event: "):
                    self.heard.append((time.monotonic(), line.removeprefix("event: ")))
                if line.startswith("data: "):
                    self.said.append(line.removeprefix("data: "))
        except requests.RequestException:
            pass
        self.is_over = True

    def hang_up(self) -> None:
        """Its page is closed."""
        connection: Any = self.answer.raw
        connection._fp.fp.raw._sock.shutdown(socket.SHUT_RDWR)

    def times(self, word: str) -> int:
        """How often it was told this."""
        return sum(said == word for _, said in self.heard)


class Web:
    """The web server in processes of its own."""

    def __init__(self, folder: Path, database_url: str, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        more = {"PORT": str(self.port), "WEB_WORKERS": "2", **more}
        self.processes = Processes(environment(folder, database_url, "redis://127.0.0.1:9", **more), folder)
        self.server = self.processes.start("launch.web")
        until(self.answers, self.processes.said)

    def answers(self) -> bool:
        """Whether it lives."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def signed_in(self, name: str) -> requests.Session:
        """This person at a browser."""
        browser = requests.Session()
        page = browser.get(f"{self.url}/sign-in", timeout=30).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        form = {"name": name, "password": PASSWORD, "csrf_token": found[1]}
        assert browser.post(f"{self.url}/sign-in", form, timeout=30, allow_redirects=False).status_code == 302
        return browser

    def listen(self, browser: requests.Session) -> Ear:
        """Open a line, and wait for its first word."""
        answer = browser.get(f"{self.url}/events", stream=True, timeout=30, allow_redirects=False)
        assert answer.status_code == 200, answer.text
        ear = Ear(answer)
        until(lambda: bool(ear.heard))
        return ear

    def workers(self) -> list[int]:
        """The ids of the server's processes."""
        found = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        return [pid for pid in map(int, found) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
                or b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()]  # fmt: skip


@contextmanager
def web(folder: Path, database_url: str, **more: str) -> Iterator[Web]:
    """Served, and gone afterwards."""
    place = Web(folder, database_url, **more)
    try:
        yield place
    finally:
        place.processes.kill_all()


@pytest.fixture
def place(tmp_path: Path, database_url: str, desk: Desk, cast: Cast) -> Iterator[Web]:
    """Two processes, in which Ada and Sara may sign in."""
    give_passwords(desk)
    with web(tmp_path, database_url) as place:
        yield place


class Here(Web):
    """The web server in this process."""

    def __init__(self, url: str) -> None:
        self.url = url


@pytest.fixture
def here(screens: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Where silence is short."""
    monkeypatch.setattr(listening, "BEATS_EVERY", 0.2)
    with served(lambda _url: screens) as place:
        yield Here(place.url)
        screens.extensions["console"].listening.end()


@pytest.fixture
def lonely(tmp_path: Path, make_sqlite: MakeDatabase, clock: Clock) -> Iterator[Web]:
    """Two processes of which only places and signals are asked: the database is nobody's business."""
    engine = open_engine(url := make_sqlite())
    desk = make_desk(engine, clock)
    fill(desk)
    give_passwords(desk)
    with web(tmp_path, url) as place:
        yield place
    engine.dispose()


def test_every_page_hears_of_a_call_within_two_seconds_whichever_process_it_is_at(
    place: Web, desk: Desk
) -> None:
    ears = [place.listen(place.signed_in(name)) for name in ("ada", "sara") for _ in range(3)]
    time.sleep(1.2)  # the looks that come with the first ear have been told
    assert min(seconds_until_told(ears, desk, number) for number in ("+390212349876", "+390212349877")) < 2


def seconds_until_told(ears: list[Ear], desk: Desk, number: str) -> float:
    """Of a call that comes in now, until the last of them knows; a machine may be slow once."""
    before = [ear.times("changed") for ear in ears]
    ask(desk, None, number=number)
    began = time.monotonic()
    until(lambda: all(ear.times("changed") > past for ear, past in zip(ears, before, strict=True)))
    return time.monotonic() - began


def test_what_is_said_is_when_to_look_and_the_number_to_bring_back(place: Web, desk: Desk) -> None:
    ear = place.listen(place.signed_in("ada"))
    until(lambda: bool(ear.said))
    within, before = ear.said[-1].split()
    ask(desk)
    until(lambda: ear.said[-1].split()[1] != before)
    assert int(within) <= 1000
    assert covers(ear.said[-1].split()[1], before)


def test_who_knows_of_a_change_knows_of_those_before_it_but_not_of_another_process(desk: Desk) -> None:
    assert covers("ab:12", "ab:12")
    assert covers("ab:12", "ab:9")
    for unknown in ("ab:13", "cd:9", "9", "", "ab:", "ab:-1", "ab:" + "9" * 5000):
        assert not covers("ab:12", unknown)
    assert covers("4-5-6", "4-5-6")
    assert not covers("4-5-6", "4-5-5")


def test_who_has_signed_out_hears_no_more(here: Web) -> None:
    ada = here.signed_in("ada")
    ear, sara = here.listen(ada), here.listen(here.signed_in("sara"))
    page = ada.get(f"{here.url}/board", timeout=30).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    ada.post(f"{here.url}/sign-out", {"csrf_token": token[1]}, timeout=30)
    until(lambda: ear.is_over)
    assert not sara.is_over


def test_the_server_stops_at_once_though_pages_listen(lonely: Web) -> None:
    ears = [lonely.listen(lonely.signed_in("ada")) for _ in range(4)]
    began = time.monotonic()
    lonely.server.send_signal(signal.SIGTERM)
    lonely.server.wait(10)
    assert time.monotonic() - began < 3  # then what is left would be killed
    until(lambda: all(ear.is_over for ear in ears))


def test_when_a_process_is_killed_its_pages_come_again_and_hear(place: Web, desk: Desk) -> None:
    ada = place.signed_in("ada")
    ears = [place.listen(ada) for _ in range(4)]
    for pid in place.workers():
        os.kill(pid, signal.SIGKILL)
    until(lambda: all(ear.is_over for ear in ears))
    until(place.answers)
    ear = place.listen(ada)
    ask(desk)
    until(lambda: ear.times("changed") > 0)


def test_when_all_places_are_taken_the_next_page_is_told_so_and_callers_are_answered(
    tmp_path: Path, database_url: str, desk: Desk, cast: Cast
) -> None:
    give_passwords(desk)
    few = {"WEB_WORKERS": "1", "WEB_THREADS": "1", "WEB_LISTENERS": "4"}
    with web(tmp_path, database_url, **few) as place:
        sara = place.signed_in("sara")
        ears = [place.listen(place.signed_in("ada")) for _ in range(4)]
        refused = sara.get(f"{place.url}/events", timeout=30)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
        assert place.answers()
        assert sara.get(f"{place.url}/board/live", timeout=30).status_code == 200
        ears[0].hang_up()
        until(lambda: sara.get(f"{place.url}/events", stream=True, timeout=30).status_code == 200)


def test_a_ninth_page_of_one_sign_in_takes_the_place_of_the_first(lonely: Web) -> None:
    ada = lonely.signed_in("ada")
    ears = [lonely.listen(ada) for _ in range(18)]
    until(lambda: sum(ear.is_over for ear in ears) >= 2)
    assert not ears[-1].is_over


def test_nobody_listens_without_having_signed_in(here: Web) -> None:
    assert requests.get(f"{here.url}/events", timeout=30, allow_redirects=False).status_code == 401


def begin(turns: Turns, began: threading.Event) -> None:
    """A look, as soon as it may."""
    if turns.take():
        began.set()


def test_a_look_waits_while_a_caller_is_being_answered_and_begins_after() -> None:
    turns, app, began = Turns(), Flask("calls"), threading.Event()
    turns.guard(app)
    look = threading.Thread(target=begin, args=(turns, began))

    @app.get("/ivr/call")
    def _answer() -> str:
        look.start()
        return str(began.wait(0.3))

    assert app.test_client().get("/ivr/call").text == "False"
    look.join(30)
    assert began.is_set()


def test_who_was_told_of_a_change_waits_little_for_callers_and_its_turn_for_others_like_it() -> None:
    turns, app, waited, began = Turns(), Flask("calls"), list[float](), threading.Event()
    app.add_url_rule("/board/live", "console.board_live", lambda: "what is at hand")
    turns.guard(app)

    @app.get("/ivr/call")
    def _answer() -> str:
        began = time.monotonic()
        told = app.test_client().get("/board/live", headers={"Desk-Heard": "ab:1"}).text
        waited.append(time.monotonic() - began)
        return told

    assert app.test_client().get("/ivr/call").text == "what is at hand", "though the caller is not answered"
    assert YIELDS <= waited[0] < PATIENCE
    assert turns.take_at_hand()
    look = threading.Thread(target=lambda: began.set() if turns.take_at_hand() else None)
    look.start()
    assert not began.wait(0.2)
    turns._at_hand.release()
    look.join(5)
    assert began.is_set()


def test_what_takes_long_gives_way_to_a_caller_and_not_for_ever() -> None:
    turns, app = Turns(), Flask("calls")
    turns.guard(app)
    waited = []

    @app.get("/ivr/call")
    def _answer() -> str:
        began = time.monotonic()
        turns.give_way(began + 0.2)
        waited.append(time.monotonic() - began)
        return ""

    app.test_client().get("/ivr/call")
    began = time.monotonic()
    turns.give_way(began + 30)
    assert waited[0] >= 0.2
    assert time.monotonic() - began < 5


def test_two_looks_at_once_and_the_third_begins_when_one_has_ended() -> None:
    turns, began = Turns(), threading.Event()
    assert turns.take()
    assert turns.take()
    third = threading.Thread(target=begin, args=(turns, began))
    third.start()
    assert not began.wait(0.2)
    turns.give_back()
    third.join(30)
    assert began.is_set()


def test_as_many_threads_are_there_as_may_listen_look_and_answer(tmp_path: Path) -> None:
    settings = Settings.load(
        {"VAR_FOLDER": str(tmp_path), "WEB_WORKERS": "2", "WEB_THREADS": "4", "WEB_LISTENERS": "200"}
    )
    words = command(settings)
    assert words[words.index("--blocking-threads") + 1] == str(4 + 100 + AT_ONCE + WAITING)
