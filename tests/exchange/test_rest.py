"""Twilio's own client finds, fetches and deletes what the exchange keeps."""

import io
import wave
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped,unused-ignore]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped,unused-ignore]
from twilio.http.response import Response  # type: ignore[import-untyped,unused-ignore]
from twilio.rest import Client  # type: ignore[import-untyped,unused-ignore]

from exchange.phone import Exchange
from exchange.server import Served
from exchange.trouble import LOST, TOO_MANY
from tests.exchange.conftest import ANNA, SID, TOKEN, Company

DESK = "+18005550100"


class Elsewhere(TwilioHttpClient):  # type: ignore[misc,unused-ignore]
    """Twilio's client, pointed at the exchange."""

    def __init__(self, origin: str) -> None:
        super().__init__(timeout=30)
        self.origin = origin

    def request(self, method: str, url: str, *rest: object, **more: object) -> Response:
        asked: Any = super().request
        return asked(method, url.replace("https://api.twilio.com", self.origin), *rest, **more)


@pytest.fixture
def client(rest: Served) -> Iterator[Client]:
    http = Elsewhere(rest.url)
    yield Client(SID, TOKEN, http_client=http)
    if http.session:
        http.session.close()


def test_a_stranger_is_refused(rest: Served) -> None:
    answer = requests.get(f"{rest.url}/2010-04-01/Accounts/{SID}/Calls.json", auth=(SID, "wrong"), timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_the_desk_finds_the_call_and_its_recording(
    client: Client, exchange: Exchange, company: Company
) -> None:
    company.says("/call", "<Record action='/kept' maxLength='60'/>")
    company.says("/kept", "<Hangup/>")
    call = exchange.ring(ANNA)
    assert client.calls(call.sid).fetch().status == "in-progress"
    call.record(seconds=12, then="hangup")
    found = client.calls.list(
        from_=ANNA, status="completed", start_time_after=datetime.now(UTC) - timedelta(1)
    )
    assert [one.sid for one in found] == [call.sid]
    assert found[0].duration == "12"
    kept = client.recordings.list(call_sid=call.sid)
    assert [(one.duration, one.status, one.source) for one in kept] == [("12", "completed", "RecordVerb")]
    assert client.calls(call.sid).recordings.list()[0].sid == kept[0].sid


def test_a_recording_is_fetched_with_the_accounts_token_and_deleted(
    client: Client, exchange: Exchange, company: Company
) -> None:
    company.says("/call", "<Record action='/kept' recordingStatusCallback='/sound'/>")
    company.says("/sound", "<Hangup/>")
    call = exchange.ring(ANNA)
    call.record(seconds=3, then="hangup", ready=False)
    url = call.webhooks[-1].fields["RecordingUrl"]
    assert requests.get(url + ".wav", auth=(SID, TOKEN), timeout=30).status_code == 404
    call.notices[0].deliver()
    assert requests.get(url + ".wav", timeout=30).status_code == 401
    sound = requests.get(url + ".mp3", auth=(SID, TOKEN), timeout=30).content
    with wave.open(io.BytesIO(sound)) as opened:
        assert (opened.getframerate(), opened.getnframes()) == (8000, 24000)
    assert client.recordings(url.rsplit("/", 1)[1]).delete()
    assert requests.get(url, auth=(SID, TOKEN), timeout=30).json()["code"] == 20404
    assert client.recordings.list() == []


def test_lists_come_in_pages_newest_first(client: Client, exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Hangup/>")
    calls = [exchange.ring(f"+3902123456{n:02}").sid for n in range(7)]
    assert [call.sid for call in client.calls.list(page_size=3)] == calls[::-1]


@pytest.mark.parametrize(
    ("to", "from_", "code"),
    [("nobody", DESK, 21211), (ANNA, "+390", 21606), ("+15005550004", DESK, 21610), (ANNA, "", 21603)],
)
def test_a_message_that_cannot_go_out_says_why(client: Client, to: str, from_: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=to, from_=from_, body="We will call you.")
    assert refused.value.code == code


def test_who_says_stop_is_never_written_to_again(
    client: Client, exchange: Exchange, company: Company
) -> None:
    company.says("/message", "<Message>We will.</Message>")
    sent = client.messages.create(to=ANNA, from_=DESK, body="We will call you.")
    assert client.messages(sent.sid).fetch().status == "delivered"
    exchange.text(ANNA, "Please hurry")
    assert [one.body for one in client.messages.list(to=ANNA)] == ["We will.", "We will call you."]
    exchange.text(ANNA, "STOP")
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANNA, from_=DESK, body="Sorry.")
    assert refused.value.code == 21610


def test_the_desk_rings_and_somebody_answers(client: Client, exchange: Exchange, company: Company) -> None:
    company.says("/agent", "<Gather numDigits='1' action='/agent'><Say>Press 1.</Say></Gather>")
    placed = client.calls.create(
        to=ANNA,
        from_=DESK,
        url=company.url + "/agent",
        status_callback=company.url + "/rang",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert placed.status == "ringing"
    phone = exchange.outgoing[-1]
    phone.pick_up()
    assert phone.heard == ["Press 1."]
    assert client.calls(placed.sid).fetch().status == "in-progress"
    client.calls(placed.sid).update(status="completed")
    assert phone.verb == "ended"
    assert [notice.fields["CallStatus"] for notice in phone.notices] == [
        "queued",
        "ringing",
        "in-progress",
        "completed",
    ]


def test_a_mailbox_that_answers_is_told_at_once_or_afterwards(
    client: Client, exchange: Exchange, company: Company
) -> None:
    company.says("/agent", "<Gather/>")
    client.calls.create(to=ANNA, from_=DESK, url=company.url + "/agent", machine_detection="Enable")
    exchange.outgoing[-1].pick_up(answered_by="machine_start")
    assert company.asked[-1][1]["AnsweredBy"] == "machine_start"
    client.calls.create(
        to=ANNA,
        from_=DESK,
        url=company.url + "/agent",
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=company.url + "/who",
    )
    exchange.outgoing[-1].pick_up(answered_by="human")
    assert "AnsweredBy" not in company.asked[-1][1]
    assert exchange.outgoing[-1].notices[-1].fields["AnsweredBy"] == "human"


def test_nobody_answers(client: Client, exchange: Exchange, company: Company) -> None:
    for how in ("busy", "no-answer", "failed"):
        placed = client.calls.create(to=ANNA, from_=DESK, twiml="<Response><Hangup/></Response>")
        exchange.outgoing[-1].refuse(how)
        assert client.calls(placed.sid).fetch().status == how


@pytest.mark.parametrize(
    ("to", "from_", "code"), [("", DESK, 21201), ("12", DESK, 21211), (ANNA, ANNA, 21210)]
)
def test_a_call_that_cannot_be_placed_says_why(client: Client, to: str, from_: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to=to, from_=from_, url="http://127.0.0.1/x")
    assert refused.value.code == code


def test_a_running_call_is_sent_elsewhere_and_an_ended_one_is_not(
    client: Client, exchange: Exchange, company: Company
) -> None:
    company.says("/call", "<Gather timeout='60'/>")
    company.says("/other", "<Say>Over here.</Say><Hangup/>")
    call = exchange.ring(ANNA)
    client.calls(call.sid).update(url=company.url + "/other")
    assert call.heard == ["Over here."]
    with pytest.raises(TwilioRestException) as refused:
        client.calls(call.sid).update(url=company.url + "/other")
    assert refused.value.code == 21220


def test_bad_moments_of_the_carrier_can_be_laid_up(client: Client, exchange: Exchange) -> None:
    exchange.troubles.append(TOO_MANY)
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(to=ANNA, from_=DESK, twiml="<Response/>")
    assert (refused.value.status, refused.value.code) == (429, 20429)
    assert exchange.outgoing == []
    exchange.troubles.append(LOST)
    with pytest.raises(requests.ConnectionError):
        client.calls.create(to=ANNA, from_=DESK, twiml="<Response/>")
    assert len(exchange.outgoing) == 1
