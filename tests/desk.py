"""A desk served in this process on a loopback port, under a set clock, with an exchange before it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from callbacks.work import Desk
from exchange.phone import Exchange
from ivr import Line, phone_line
from tests.people import Clock

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "a token for tests alone"
SUPPORT = "+18889624587"


class Quiet(WSGIRequestHandler):
    """Keeps connections open, and says nothing of each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@dataclass
class Served:
    """Where a web application is served, and which: give another and it is served instead."""

    url: str
    app: Callable[[WSGIEnvironment, StartResponse], object]


@contextmanager
def served(make_app: Callable[[str], Flask]) -> Iterator[Served]:
    """Serve what `make_app` makes of its own address."""
    place: Served

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> object:
        return place.app(environ, start_response)

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Quiet)  # type: ignore[arg-type]
    url = f"http://127.0.0.1:{server.server_port}"
    place = Served(url, make_app(url))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def phone_app(desk: Desk, url: str) -> Flask:
    """The phone line alone."""
    app = Flask("desk", static_folder=None)
    app.register_blueprint(phone_line(desk, Line(ACCOUNT_SID, AUTH_TOKEN, url)))
    return app


def exchange_for(url: str, clock: Callable[[], object]) -> Exchange:
    """An exchange whose number is answered by the desk at this address, under the same clock."""
    return Exchange(
        ACCOUNT_SID, AUTH_TOKEN, numbers=[SUPPORT], clock=clock,  # type: ignore[arg-type]
        voice_url=f"{url}/ivr/call", status_url=f"{url}/ivr/ended", fallback_url=f"{url}/ivr/fallback",
        message_url=f"{url}/ivr/message",
    )  # fmt: skip


@pytest.fixture
def served_desk(desk: Desk) -> Iterator[Served]:
    """The phone line of the test's desk, over real HTTP."""
    with served(lambda url: phone_app(desk, url)) as place:
        yield place


@pytest.fixture
def exchange(served_desk: Served, clock: Clock) -> Iterator[Exchange]:
    """The exchange that callers ring the desk by."""
    exchange = exchange_for(served_desk.url, clock)
    yield exchange
    exchange.close()
