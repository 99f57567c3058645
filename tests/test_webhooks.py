"""The addresses that Twilio asks: strangers get 403 and nothing else, Twilio always gets an answer."""

import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from callbacks import journal
from callbacks.call import Call, Kind
from callbacks.journal import Entry
from callbacks.work import Desk
from tests.desk import AUTH_TOKEN, phone_app
from tests.people import ACME_PHONE, Clock, rome
from tests.phone import messages, requests, the_request
from tests.signed import CALL_SID, PUBLIC_URL, RECORDING, USUAL, Signed
from tests.twiml_check import faults_in

ROUTES = (
    "/ivr/call",
    "/ivr/turn/1",
    "/ivr/recording/1",
    "/ivr/ended",
    "/ivr/fallback",
    "/ivr/trouble",
    "/ivr/message",
)
SPEAKING = ("/ivr/call", "/ivr/turn/1", "/ivr/fallback", "/ivr/trouble", "/ivr/message")
FORM = b"CallSid=CA1&AccountSid=AC1&From=%2B390212344587"


@pytest.fixture
def carrier(desk: Desk) -> Signed:
    """The carrier, who knows the token."""
    return Signed(phone_app(desk, PUBLIC_URL))


def rows(desk: Desk) -> int:
    with desk.reading() as work:
        counts = [
            work.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Call, Entry)
        ]
    return sum(counts)


HOSTILE_HEADERS: list[Mapping[str, str]] = [
    {},
    {"X-Twilio-Signature": ""},
    {"X-Twilio-Signature": "wrong"},
    {"X-Twilio-Signature": "ü" * 28},
    {"X-Twilio-Signature": "A" * 10_000},
    {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
    {"X-Twilio-Signature": "wrong", "Host": "[::1]:99999"},
    {
        "X-Twilio-Signature": "wrong",
        "X-Forwarded-Host": "desk.example.com:bad",
        "X-Forwarded-Proto": "gopher",
    },
]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("headers", HOSTILE_HEADERS, ids=range(len(HOSTILE_HEADERS)))
def test_a_stranger_gets_403_and_leaves_no_trace(
    carrier: Signed, desk: Desk, route: str, headers: Mapping[str, str]
) -> None:
    response = carrier.raw(route, FORM, headers)
    assert response.status_code == 403
    assert rows(desk) == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"CallSid": "CA1"}', "application/json"),
        (b"{broken", "application/json"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"x=" + b"y" * 2_000_000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 5_000, "application/x-www-form-urlencoded"),
        (b"", ""),
    ],
    ids=["json", "broken json", "no text", "broken parts", "too large", "many", "nothing"],
)
def test_whatever_a_stranger_sends_is_refused_and_never_an_error(
    carrier: Signed, body: bytes, kind: str
) -> None:
    for path in ("/ivr/call", "/ivr/call?bodySHA256=1", "/ivr/turn/1?x=%ff&y=ü"):
        assert carrier.raw(path, body, {"X-Twilio-Signature": "wrong"}, kind).status_code == 403


def test_a_get_is_no_way_in(carrier: Signed) -> None:
    client = carrier.app.test_client()
    assert {client.get(route).status_code for route in ROUTES} == {405}


def test_a_signature_is_judged_by_our_public_address_and_never_by_the_host(carrier: Signed) -> None:
    signature = RequestValidator(AUTH_TOKEN).compute_signature("http://internal:8080/ivr/call", USUAL)
    body = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in USUAL.items()).encode()
    assert carrier.raw("/ivr/call", body, {"X-Twilio-Signature": signature}).status_code == 403
    assert carrier.usual("/ivr/call").status_code == 200


def test_a_signature_covers_the_query(carrier: Signed) -> None:
    assert carrier.usual("/ivr/call?foo=1&bar=It's+amazing").status_code == 200
    validator = RequestValidator(AUTH_TOKEN)
    signature = validator.compute_signature(f"{PUBLIC_URL}/ivr/call", {})
    assert carrier.raw("/ivr/call", b"", {"X-Twilio-Signature": signature}).status_code == 200
    assert carrier.raw("/ivr/call?foo=1", b"", {"X-Twilio-Signature": signature}).status_code == 403


def test_a_json_body_is_good_only_with_its_own_digest(carrier: Signed) -> None:
    body = b'{"CallSid": "CA1"}'
    path = f"/ivr/message?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{PUBLIC_URL}{path}", {})
    headers = {"X-Twilio-Signature": signature}
    assert carrier.raw(path, body, headers, "application/json").status_code == 200
    assert carrier.raw(path, b"{}", headers, "application/json").status_code == 403


def test_another_account_is_a_stranger_even_with_our_token(carrier: Signed, desk: Desk) -> None:
    assert carrier.usual("/ivr/call", {"AccountSid": "AC" + "f" * 32}).status_code == 403
    assert (
        carrier.post("/ivr/call", MultiDict([*USUAL.items(), ("AccountSid", "ACother")])).status_code == 403
    )
    assert rows(desk) == 0


@pytest.mark.parametrize("route", SPEAKING)
@pytest.mark.parametrize("missing", ["CallSid", "From", "To", "CallStatus", "AccountSid", "Direction"])
def test_a_missing_parameter_is_answered_all_the_same(carrier: Signed, route: str, missing: str) -> None:
    response = carrier.usual(route, without=missing)
    assert response.status_code == 200
    assert response.mimetype == "text/xml"
    assert not faults_in(response.data)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("oversized", ["CallSid", "From", "SpeechResult", "RecordingUrl"])
def test_an_oversized_parameter_is_answered_all_the_same(
    carrier: Signed, caplog: pytest.LogCaptureFixture, route: str, oversized: str
) -> None:
    response = carrier.usual(route, {**RECORDING, oversized: "9" * 1_000_000})
    assert response.status_code in {200, 204}
    assert response.status_code == 204 or not faults_in(response.data)
    assert not [line for line in caplog.records if line.exc_info], "and none of them was trouble"


NAMES = st.sampled_from(
    [
        "CallSid", "From", "To", "CallStatus", "Digits", "SpeechResult", "RecordingSid", "RecordingUrl",
        "RecordingDuration", "RecordingStartTime", "RecordingStatus", "DialCallStatus", "DialBridged",
        "StirVerstat", "MessageSid", "Body", "ErrorCode", "ErrorUrl", "Confidence", "Nobody knows",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(
        ["", CALL_SID, ACME_PHONE, "0", "*", "#", "-1", "99999999999", "completed", "\x00", "१२३४"]
    ),
    st.text("0123456789*#", max_size=40),
    st.integers(100, 6000).map(lambda size: "7" * size),
)
FIELDS = st.lists(st.tuples(NAMES, TEXTS), max_size=12)
PATHS = st.sampled_from(
    [*ROUTES, "/ivr/turn/0", "/ivr/turn/2", "/ivr/turn/99999999999999999999", "/ivr/recording/0"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(PATHS, FIELDS), min_size=1, max_size=5))
def test_any_parameters_at_all_have_a_valid_answer(
    carrier: Signed, caplog: pytest.LogCaptureFixture, asked: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    for path, fields in asked:
        response = carrier.post(path, MultiDict([*(USUAL.items() if len(fields) % 2 else []), *fields]))
        assert response.status_code in {200, 204}, (path, fields)
        assert response.status_code == 204 or not faults_in(response.data)
    assert not [line for line in caplog.records if line.exc_info], "and none of them was trouble"


def test_a_recording_told_of_before_the_call_is_kept_and_joined(carrier: Signed, desk: Desk) -> None:
    notice = {name: value for name, value in USUAL.items() if name not in {"From", "To"}}
    assert carrier.post("/ivr/recording/3", MultiDict({**notice, **RECORDING})).status_code == 204
    assert carrier.usual("/ivr/call").status_code == 200
    callback = the_request(desk)
    assert callback.kind == Kind.TROUBLE
    with desk.reading() as work:
        assert [call.from_ for call in work.session.scalars(select(Call))] == [ACME_PHONE]


def test_an_end_told_of_before_the_call_is_kept_and_joined(carrier: Signed, desk: Desk) -> None:
    assert carrier.usual("/ivr/ended", {"CallStatus": "completed"}).status_code == 204
    assert not faults_in(carrier.usual("/ivr/call").data)
    assert carrier.usual("/ivr/recording/3", RECORDING).status_code == 204
    assert len(requests(desk)) == len(messages(desk)) == 1
    with desk.reading() as work:
        (call,) = work.session.scalars(select(Call))
        assert (call.from_, call.ended_at) == (ACME_PHONE, work.now)


def test_a_notice_that_comes_twice_is_kept_once(carrier: Signed, desk: Desk) -> None:
    for _ in range(2):
        carrier.usual("/ivr/recording/3", RECORDING)
        carrier.usual("/ivr/ended", {"CallStatus": "completed"})
    assert len(requests(desk)) == len(messages(desk)) == 1


def test_a_call_that_only_rings_has_not_ended(carrier: Signed, desk: Desk) -> None:
    assert carrier.usual("/ivr/ended", {"CallStatus": "ringing"}).status_code == 204
    assert rows(desk) == 0


@pytest.mark.parametrize("state", ["absent", "failed"])
def test_a_recording_that_failed_makes_no_message(carrier: Signed, desk: Desk, state: str) -> None:
    assert carrier.usual("/ivr/recording/3", {**RECORDING, "RecordingStatus": state}).status_code == 204
    assert not requests(desk)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0", 0), ("-1", None), ("12.5", None), ("9" * 30, None), ("١٢", None), ("", None), ("999999", 999999)],
)
def test_a_recording_of_a_length_that_cannot_be_is_still_a_message(
    carrier: Signed, desk: Desk, said: str, seconds: int | None
) -> None:
    sent = {**RECORDING, "RecordingDuration": said, "RecordingStartTime": "Mon, 23 Nov 2026 11:11:48 +0000"}
    assert carrier.usual("/ivr/recording/3", sent).status_code == 204
    assert [message.seconds for message in messages(desk)] == [seconds]
    assert the_request(desk).received_at == rome("2026-11-23 12:10")


def test_a_late_notice_promises_from_when_the_message_was_left(
    carrier: Signed, desk: Desk, clock: Clock
) -> None:
    carrier.usual("/ivr/call")
    clock.set("2026-11-23 12:20")
    started = {"RecordingStartTime": "Mon, 23 Nov 2026 11:11:48 +0000"}
    carrier.usual("/ivr/recording/3", {**RECORDING, **started})
    assert the_request(desk).received_at == rome("2026-11-23 12:12")


@pytest.mark.parametrize(
    "started",
    [
        "Sun, 22 Nov 2026 11:11:48 +0000",
        "Tue, 24 Nov 2026 11:11:48 +0000",
        "yesterday",
        "Mon, 99 Nov 2026 1:1:1",
    ],
)
def test_a_carriers_clock_that_cannot_be_right_is_not_promised_by(
    carrier: Signed, desk: Desk, clock: Clock, started: str
) -> None:
    carrier.usual("/ivr/call")
    carrier.usual("/ivr/recording/3", {**RECORDING, "RecordingStartTime": started})
    assert the_request(desk).received_at == clock()


TEXT = {"MessageSid": "SM" + "c" * 32, "Body": "Please ring after four"}


def test_a_text_message_is_a_note_on_the_senders_open_request(carrier: Signed, desk: Desk) -> None:
    carrier.usual("/ivr/call")
    with desk.work() as work:
        call = work.session.scalars(select(Call)).one()
        call.answers = {**call.answers, "number": ACME_PHONE}
    carrier.usual("/ivr/recording/3", RECORDING)
    for _ in range(2):
        response = carrier.usual("/ivr/message", TEXT)
        assert response.data == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
    with desk.reading() as work:
        lines = journal.lines(work.session, the_request(desk).subject)
        notes = [line.personal.body for line in lines if line.move == "noted" and line.personal]
    assert notes == [{"text": "Please ring after four"}]


def test_a_text_message_of_a_stranger_is_kept_in_the_desks_journal(carrier: Signed, desk: Desk) -> None:
    for _ in range(2):
        carrier.usual("/ivr/message", TEXT)
    with desk.reading() as work:
        kept = [line.personal.body for line in journal.lines(work.session, journal.DESK) if line.personal]
    assert kept == [{"from": ACME_PHONE, "text": "Please ring after four"}]
