"""The carrier's REST side: what it is asked, where credentials go, and what is made of bad answers."""

from datetime import timedelta

import pytest

from tests.at_carrier import ACCOUNT, CALLER, AtCarrier, a_while_ago
from tests.timed import NOWHERE, TimedDesk
from worker.carrier import Carrier
from worker.line import CarrierAway, Line, NotThere
from worker.sound import NotSound

GOOD = {"Content_Type": "audio/x-wav"}


def heard(carrier: AtCarrier, timed: TimedDesk, sid: str, address: str = "") -> bytes:
    """The whole sound."""
    with timed.means.carrier.sound(sid, address) as sound:
        return b"".join(sound.chunks)


def test_a_call_is_told_with_its_recordings_and_when_they_were_left(
    timed: TimedDesk, carrier: AtCarrier
) -> None:
    made_at = a_while_ago(timed)
    call = carrier.call(made_at)
    recording = carrier.recording(call, made_at, seconds=40)
    found = timed.means.carrier.call(call)
    assert (found.from_, found.over, found.settled, found.inbound) == (CALLER, True, True, True)
    assert [(each.sid, each.seconds, each.left_at) for each in found.recordings] == [
        (recording, 40, made_at + timedelta(seconds=40))
    ]


def test_a_recording_that_is_not_ready_is_waited_for(timed: TimedDesk, carrier: AtCarrier) -> None:
    call = carrier.call(a_while_ago(timed))
    carrier.recording(call, a_while_ago(timed), ready=False)
    found = timed.means.carrier.call(call)
    assert (found.settled, found.recordings) == (False, ())


def test_a_call_that_goes_on_is_not_over(timed: TimedDesk, carrier: AtCarrier) -> None:
    assert not timed.means.carrier.call(carrier.call(a_while_ago(timed), "in-progress")).over


def test_a_call_the_carrier_never_had_is_not_there(timed: TimedDesk, carrier: AtCarrier) -> None:
    with pytest.raises(NotThere):
        timed.means.carrier.call("CA" + "f" * 32)


def test_a_look_back_finds_what_was_recorded_since_and_nothing_older(
    timed: TimedDesk, carrier: AtCarrier
) -> None:
    now, call = timed.clock(), carrier.call(a_while_ago(timed))
    carrier.recording(call, now - timedelta(hours=3))
    young = carrier.recording(call, now - timedelta(hours=1))
    found = timed.means.carrier.recorded_since(now - timedelta(hours=2))
    assert [each.recording.sid for each in found] == [young]


@pytest.mark.parametrize("code", [500, 503, 429, 401, 302])
def test_a_carrier_in_trouble_is_away(timed: TimedDesk, carrier: AtCarrier, code: int) -> None:
    carrier.answers(code, b"{}")
    with pytest.raises(CarrierAway):
        timed.means.carrier.call("CA1")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"so"', b'{"sid": 7}', b"\xff\xfe"])
def test_an_answer_that_is_no_answer_makes_it_away(timed: TimedDesk, carrier: AtCarrier, body: bytes) -> None:
    carrier.answers(200, body, Content_Type="application/json")
    with pytest.raises(CarrierAway):
        timed.means.carrier.recorded_since(timed.clock())


def test_a_carrier_that_is_nowhere_is_away(timed: TimedDesk) -> None:
    with pytest.raises(CarrierAway):
        timed.means.carrier.call("CA1")
    with pytest.raises(CarrierAway):
        timed.means.carrier.delete("RE1")
    with pytest.raises(CarrierAway), timed.means.carrier.sound("RE1", ""):
        pass


def test_a_read_is_tried_again_and_a_deletion_is_not(timed: TimedDesk, carrier: AtCarrier) -> None:
    carrier.answers(500)
    for act in (timed.means.carrier.call, timed.means.carrier.delete):
        with pytest.raises(CarrierAway):
            act("RE1")
    assert [method for method, _path in carrier.requests] == ["GET", "GET", "DELETE"]


def test_what_was_deleted_already_is_deleted(timed: TimedDesk, carrier: AtCarrier) -> None:
    timed.means.carrier.delete("RE" + "0" * 32)


def test_the_sound_is_fetched_with_the_accounts_credentials(timed: TimedDesk, carrier: AtCarrier) -> None:
    call = carrier.call(a_while_ago(timed))
    sid = carrier.recording(call, a_while_ago(timed))
    assert heard(carrier, timed, sid)[:4] == b"RIFF"
    assert heard(carrier, timed, sid, carrier.exchange.recording_url(sid))[:4] == b"RIFF"
    stranger = Carrier("AC" + "2" * 32, "no token", base=carrier.url, waits=())
    with pytest.raises(CarrierAway), stranger.sound(sid, carrier.exchange.recording_url(sid)):
        pass


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/x.wav", "https://api.twilio.com.evil.example/x", "https://evil.example/.twilio.com",
        "http://api.twilio.com/x", "https://api.twilio.com@evil.example/x", "https://[", "file:///etc/passwd",
        "https://api.twilio.com:8443/x", "", "nonsense", "https://twilio.com.evil/x",
    ],
)  # fmt: skip
def test_a_strange_address_is_never_asked_and_the_recording_is_found_by_its_name(
    timed: TimedDesk, carrier: AtCarrier, address: str
) -> None:
    sid = carrier.recording(carrier.call(a_while_ago(timed)), a_while_ago(timed))
    assert not Line(carrier.url).is_carriers(address)
    assert heard(carrier, timed, sid, address)[:4] == b"RIFF"
    assert [path for _method, path in carrier.requests] == [
        f"/2010-04-01/Accounts/{ACCOUNT[0]}/Recordings/{sid}"
    ]


def test_the_carriers_own_addresses_lead_to_what_stands_in_for_it() -> None:
    line = Line("http://127.0.0.1:5050")
    assert (
        line.reached_at("https://api.twilio.com/2010-04-01/x?y=1") == "http://127.0.0.1:5050/2010-04-01/x?y=1"
    )
    assert line.reached_at("http://127.0.0.1:5050/x") == "http://127.0.0.1:5050/x"
    assert Line().reached_at("https://api.dublin.ie1.twilio.com/x") == "https://api.dublin.ie1.twilio.com/x"


@pytest.mark.parametrize("to", ["http://evil.example/sound.wav", "//evil.example/x", "https://[", ""])
def test_a_recording_that_leads_elsewhere_is_not_followed(
    timed: TimedDesk, carrier: AtCarrier, to: str
) -> None:
    carrier.answers(302, Location=to)
    with pytest.raises(CarrierAway), timed.means.carrier.sound("RE1", ""):
        pass


def test_a_circle_of_redirects_is_left(timed: TimedDesk, carrier: AtCarrier) -> None:
    carrier.answers(302, Location="/round")
    with pytest.raises(CarrierAway), timed.means.carrier.sound("RE1", ""):
        pass
    assert len(carrier.requests) == 3


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html>sorry</html>", "text/html"), (b"<html>sorry</html>", "audio/x-wav"), (b"", "audio/x-wav"),
        (b"RIFF1234AVI ....", "audio/wav"), (b"RI", "audio/wav"), (b"MZ" * 50, "application/octet-stream"),
        (b"RIFF1234WAVE", "application/json"),
    ],
)  # fmt: skip
def test_what_is_no_sound_is_not_taken_for_one(
    timed: TimedDesk, carrier: AtCarrier, body: bytes, content_type: str
) -> None:
    carrier.answers(200, body, Content_Type=content_type)
    with pytest.raises(NotSound):
        heard(carrier, timed, "RE1")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"RIFF1234WAVEfmt ", "audio/wav"),
        (b"ID3\x04 tagged mp3", "audio/mpeg"),
        (b"\xff\xfb\x90d" * 9, "audio/mpeg"),
    ],
)
def test_sound_is_known_by_its_first_bytes(
    timed: TimedDesk, carrier: AtCarrier, body: bytes, media_type: str
) -> None:
    carrier.answers(200, body, **GOOD)
    with timed.means.carrier.sound("RE1", "") as sound:
        assert (sound.media_type, b"".join(sound.chunks)) == (media_type, body)


def test_a_recording_larger_than_any_message_is_left(timed: TimedDesk, carrier: AtCarrier) -> None:
    carrier.answers(200, b"RIFF1234WAVE" + bytes(31 * 1024 * 1024), **GOOD)
    with pytest.raises(NotSound):
        heard(carrier, timed, "RE1")


def test_a_recording_cut_off_half_way_is_no_recording(timed: TimedDesk, carrier: AtCarrier) -> None:
    def cut_off(_environ: object, start_response: object) -> object:
        start_response("200 OK", [("Content-Length", "5000"), ("Content-Type", "audio/x-wav")])  # type: ignore[operator]
        return [b"RIFF1234WAVE", b"and that was all"]

    carrier.app = cut_off
    with pytest.raises(CarrierAway):
        heard(carrier, timed, "RE1")


def test_a_name_that_is_a_path_leads_nowhere_else(timed: TimedDesk, carrier: AtCarrier) -> None:
    with pytest.raises(NotThere):
        heard(carrier, timed, "../../Accounts/x?y#z")
    assert "/../" not in carrier.requests[0][1].replace("/../../Accounts/x?y#z", "")


def test_nothing_is_asked_of_anybody_before_it_is_needed() -> None:
    assert Carrier(*ACCOUNT, base=NOWHERE)
