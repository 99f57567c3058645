"""The company's own bad days: it refuses, stumbles, answers nonsense or not at all."""

import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Response

from exchange.phone import Exchange
from exchange.web import Web
from tests.exchange.conftest import ANNA, TOKEN, Company


def xml(inside: str = "", code: int = 200, kind: str = "text/xml") -> Response:
    return Response(f"<Response>{inside}</Response>", code, mimetype=kind)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody who takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (xml(code=500), "11200"),
        (xml(code=404), "11200"),
        (xml(kind="application/json"), "12300"),
        (Response("<Response>", mimetype="text/xml"), "12100"),
        (Response("", mimetype="text/xml"), "12100"),
        (xml("<Say>" + "a " * 33000 + "</Say>"), "11750"),
    ],
)
def test_a_caller_is_caught_by_the_fallback_which_learns_why(
    exchange: Exchange, company: Company, answer: Response, code: str
) -> None:
    company.documents["/call"] = answer
    company.says("/fallback", "<Say>Please hold.</Say>")
    call = exchange.ring(ANNA)
    assert call.heard == ["Please hold."]
    assert company.asked[1][1]["ErrorCode"] == code


def test_a_fallback_that_fails_too_ends_in_an_apology(exchange: Exchange, company: Company) -> None:
    company.documents["/call"] = company.documents["/fallback"] = xml(code=503)
    call = exchange.ring(ANNA)
    assert [path for path, *_ in company.asked] == ["/call", "/fallback"]
    assert "application error" in call.heard[0]
    assert call.verb == "ended"


def test_every_stumble_of_a_call_is_caught_anew(exchange: Exchange, company: Company) -> None:
    company.says("/fallback", "<Gather action='/code' numDigits='1'><Say>Please type.</Say></Gather>")
    call = exchange.ring(ANNA)
    assert call.press("1") == ["Please type."]
    assert call.press("2") == ["Please type."]
    assert [fields["ErrorUrl"] for path, fields, _ in company.asked if path == "/fallback"] == [
        company.url + "/call",
        company.url + "/code",
        company.url + "/code",
    ]


def test_a_lost_answer_is_asked_for_at_the_fallback(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather action='/code' numDigits='1'/>")
    company.says("/code", "<Say>Never heard.</Say>")
    company.says("/fallback", "<Say>Still there?</Say>")
    call = exchange.ring(ANNA)
    call.lose_reply()
    assert call.press("1") == ["Still there?"]
    assert [path for path, *_ in company.asked] == ["/call", "/code", "/fallback"]


def test_where_nobody_listens_it_is_tried_once_more(company: Company) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    web = Web(TOKEN)
    assert web.send(f"http://127.0.0.1:{port}/call", "POST", {}).error == 11205
    web.close()


def test_who_never_answers_is_given_up(silent_port: int) -> None:
    web = Web(TOKEN, seconds=0.1)
    reply = web.send(f"http://127.0.0.1:{silent_port}/call", "POST", {"CallSid": "CA1"})
    assert (reply.code, reply.error) == (0, 11200)
    web.close()


def test_overrides_in_the_address_ask_for_more_tries_under_one_token(company: Company) -> None:
    company.documents["/call"] = xml(code=503)
    web = Web(TOKEN)
    web.send(company.url + "/call#rc=2&rp=5xx,rt", "POST", {"CallSid": "CA1"}, "a-token")
    assert len(company.asked) == 3
    assert {head["I-Twilio-Idempotency-Token"] for _, _, head in company.asked} == {"a-token"}
    web.close()


def test_a_moved_address_is_followed(company: Company) -> None:
    company.documents["/call"] = Response("", 302, {"Location": "/here"})
    company.documents["/here"] = xml("<Hangup/>")
    web = Web(TOKEN)
    assert web.send(company.url + "/call", "POST", {"CallSid": "CA1"}).code == 200
    company.documents["/here"] = Response("", 307, {"Location": "/here"})
    assert web.send(company.url + "/call", "POST", {"CallSid": "CA1"}).error == 11215
    web.close()


def test_a_hundred_callers_at_once_are_kept_apart(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather action='/code' numDigits='4'/>")
    company.says("/code", "<Record action='/kept'/>")
    company.says("/kept", "<Hangup/>")

    def calls(number: int) -> None:
        for n in range(25):
            call = exchange.ring(f"+39021234{number}{n:03}")
            call.press(f"{n:04}")
            call.record(seconds=n + 1)

    people = [threading.Thread(target=calls, args=(number,)) for number in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    kept = exchange.store
    assert len(kept.calls) == len(kept.recordings) == 100
    for recording in kept.recordings.values():
        assert recording.seconds == int(kept.calls[recording.call_sid].from_[-3:]) + 1
