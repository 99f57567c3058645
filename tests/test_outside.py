"""No address that a person named makes the desk ask something of the house."""

import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from sqlalchemy import select

from callbacks.house import is_inside
from callbacks.notice_way import Kind, NoticeWay
from tests.people import fill
from tests.test_notices import looked
from tests.test_own_notices import give, way
from tests.timed import TimedDesk, with_policy
from worker.notices import outside
from worker.notices.outside import InTheHouse, outside_only

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


class House(http.server.BaseHTTPRequestHandler):
    """Something within the house that must not be asked."""

    asked: list[str] = []  # noqa: RUF012 - of the one server of a test

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.headers['Host'].rpartition(':')[2]}/secret")
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - as the library names them

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    """Where it listens."""
    House.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), House)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names lead to: one address after another, the last for good."""
    known: dict[str, list[str]] = {}
    ask = outside._ask

    def look_up(host: Any, *args: Any, **named: Any) -> Any:
        addresses = known.get(str(host))
        if addresses is None:
            return ask(host, *args, **named)
        return ask(addresses.pop(0) if len(addresses) > 1 else addresses[0], *args, **named)

    monkeypatch.setattr(outside, "_ask", look_up)
    return known


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.7.7", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.1.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "nonsense",
    ],
)  # fmt: skip
def test_what_is_of_the_house(address: str) -> None:
    assert is_inside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_what_is_of_the_world(address: str) -> None:
    assert not is_inside(address)


def test_a_name_that_leads_into_the_house_is_refused_whatever_it_looks_like(
    names: dict[str, list[str]], port: int
) -> None:
    names["chat.example.com"] = ["127.0.0.1"]
    with outside_only([]), pytest.raises(requests.ConnectionError):
        requests.get(f"http://chat.example.com:{port}/", timeout=5)
    assert House.asked == []


def test_a_name_that_points_elsewhere_a_moment_later_is_judged_when_it_is_used(
    names: dict[str, list[str]],
) -> None:
    names["chat.example.com"] = ["93.184.216.34", "127.0.0.1"]
    with outside_only([]):
        assert socket.getaddrinfo("chat.example.com", 443)[0][4][0] == "93.184.216.34"
        with pytest.raises(InTheHouse):
            socket.create_connection(("chat.example.com", 443), timeout=1)


def test_a_redirect_into_the_house_is_not_followed(names: dict[str, list[str]], port: int) -> None:
    names["hook.example.com"] = ["127.0.0.1"]
    with outside_only(["hook.example.com"]), pytest.raises(requests.ConnectionError):
        requests.get(f"http://hook.example.com:{port}/away", timeout=5)
    assert House.asked == ["/away"]


def test_elsewhere_in_the_process_nothing_is_judged(port: int) -> None:
    with outside_only([]):
        pass
    assert requests.get(f"http://127.0.0.1:{port}/", timeout=5).ok
    inside: list[bool] = []
    with outside_only([]):
        other = threading.Thread(
            target=lambda: inside.append(requests.get(f"http://127.0.0.1:{port}/", timeout=5).ok)
        )
        other.start()
        other.join()
    assert inside == [True]


def test_a_persons_address_within_the_house_is_never_asked_and_shown_as_failing(
    timed: TimedDesk, port: int, names: dict[str, list[str]]
) -> None:
    names["chat.example.com"] = ["127.0.0.1"]
    fill(timed.desk)
    way(timed, "ada", Kind.ADDRESS, f"json://chat.example.com:{port}/?retry=0")
    give(timed, timed.promised(), "ada")
    looked(timed)
    assert House.asked == []
    with timed.desk.reading() as work:
        assert work.session.scalars(select(NoticeWay)).one().failed_at is not None


def test_a_host_of_the_house_that_the_policy_names_is_told(
    timed: TimedDesk, port: int, names: dict[str, list[str]]
) -> None:
    names["chat.example.lan"] = ["127.0.0.1"]
    fill(timed.desk)
    timed.means = with_policy(timed, notices=replace(timed.desk.policy.notices, inside=("Chat.Example.LAN",)))
    way(timed, "ada", Kind.ADDRESS, f"json://chat.example.lan:{port}/?retry=0")
    give(timed, timed.promised(), "ada")
    looked(timed)
    assert len(House.asked) == 1
