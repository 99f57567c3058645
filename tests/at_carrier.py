"""A carrier for the timed side's tests: the exchange's REST side over real HTTP, filled by the test."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from werkzeug.serving import make_server

from exchange.phone import Exchange
from exchange.records import CallRecord, RecordingRecord, new_sid
from exchange.server import Quiet, make_app
from exchange.sound import tone
from tests.timed import TimedDesk
from worker.carrier import Carrier
from worker.setup import Means

ACCOUNT = ("AC" + "1" * 32, "a token for tests alone")
CALLER, SUPPORT = "+390212345678", "+18889624587"

App = Callable[[WSGIEnvironment, StartResponse], object]


@dataclass
class AtCarrier:
    """What a test arranges at the carrier, and asks of it."""

    exchange: Exchange
    url: str
    app: App
    requests: list[tuple[str, str]]

    def call(self, made_at: datetime, state: str = "completed") -> str:
        """The SID of a call that somebody made."""
        call = CallRecord(new_sid("CA"), CALLER, SUPPORT, "inbound", made_at, state=state)
        self.exchange.store.keep(call)
        return call.sid

    def recording(
        self,
        call_sid: str,
        made_at: datetime,
        seconds: int = 20,
        sound: bytes | None = None,
        ready: bool = True,
    ) -> str:
        """The SID of a message recorded in that call."""
        made = RecordingRecord(new_sid("RE"), call_sid, made_at, seconds, "RecordVerb", ready=ready)
        self.exchange.store.keep(made)
        self.exchange.store.keep_audio(made.sid, sound or tone(1))
        return made.sid

    def has(self, recording_sid: str) -> bool:
        """Whether it has the recording still."""
        return recording_sid in self.exchange.store.recordings

    def answers(self, code: int, body: bytes = b"", **headers: str) -> None:
        """To everything, this, from now on."""

        def app(_environ: WSGIEnvironment, start_response: StartResponse) -> object:
            named = [(name.replace("_", "-"), value) for name, value in headers.items()]
            start_response(f"{code} So", [("Content-Length", str(len(body))), *named])
            return [body]

        self.app = app

    def recovers(self) -> None:
        """As it was."""
        self.app = make_app(self.exchange)


@pytest.fixture
def carrier(timed: TimedDesk) -> Iterator[AtCarrier]:
    """A carrier with the account of the test's desk, at the test's time."""
    exchange = Exchange(*ACCOUNT, numbers=[SUPPORT], clock=timed.clock)
    place = AtCarrier(exchange, "", make_app(exchange), [])

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> object:
        place.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return place.app(environ, start_response)

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=Quiet)  # type: ignore[arg-type]
    place.url = exchange.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    timed.means = connected(timed, place)
    yield place
    server.shutdown()
    server.server_close()
    thread.join()


def connected(timed: TimedDesk, place: AtCarrier) -> Means:
    """The desk's means with this carrier at the other end."""
    return replace(timed.means, carrier=Carrier(*ACCOUNT, base=place.url, waits=(0.0,)))


def a_while_ago(timed: TimedDesk) -> datetime:
    """When the calls of a test were made."""
    return timed.clock() - timedelta(minutes=10)
