"""A caller rings the company and does what callers do."""

import pytest

from exchange.phone import BadTwimlError, CallOverError, Exchange, WrongMomentError
from exchange.signature import sign
from tests.exchange.conftest import ANNA, SID, TOKEN, Company


def test_a_caller_hears_the_welcome_and_the_line_goes_dead(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Say>Welcome.</Say><Pause length='3'/><Say language='it-IT'>Ciao.</Say>")
    call = exchange.ring(ANNA)
    assert call.heard == ["Welcome.", "Ciao."]
    assert call.verb == "ended"
    assert call.state == "completed"


def test_the_first_request_says_who_rings_whom_and_is_signed(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Hangup/>")
    exchange.ring(ANNA, params={"StirVerstat": "TN-Validation-Passed-A", "Caller": None})
    path, fields, head = company.asked[0]
    assert path == "/call"
    assert fields["From"] == ANNA
    assert fields["To"] == "+18005550100"
    assert fields["AccountSid"] == SID
    assert fields["CallStatus"] == "ringing"
    assert fields["Direction"] == "inbound"
    assert fields["StirVerstat"] == "TN-Validation-Passed-A"
    assert "Caller" not in fields
    assert head["X-Twilio-Signature"] == sign(TOKEN, company.url + "/call", fields.items())
    assert head["I-Twilio-Idempotency-Token"]


def test_keys_end_with_pound_which_is_not_passed_on(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather action='/code'><Say>The code?</Say></Gather><Say>Nothing typed.</Say>")
    company.says("/code", "<Say>Thank you.</Say>")
    call = exchange.ring(ANNA)
    assert (call.verb, call.heard) == ("gather", ["The code?"])
    assert call.press("1234#") == ["Thank you."]
    assert company.asked[1][1]["Digits"] == "1234"


def test_so_many_digits_end_a_gather_by_themselves(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather action='/code' numDigits='2'/>")
    company.says("/code", "<Gather action='/more' numDigits='1'/>")
    company.says("/more", "<Hangup/>")
    exchange.ring(ANNA).press("123")
    assert [fields.get("Digits") for path, fields, _ in company.asked] == [None, "12", "3"]


def test_silence_falls_through_unless_the_document_asks_to_know(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather action='/code'/><Gather action='/told' actionOnEmptyResult='true'/>")
    company.says("/told", "<Say>Nothing came.</Say>")
    call = exchange.ring(ANNA)
    call.press("#")
    assert call.verb == "gather"
    assert call.silence() == ["Nothing came."]
    assert [path for path, *_ in company.asked] == ["/call", "/told"]
    assert company.asked[1][1]["Digits"] == ""


def test_speech_is_heard_only_where_it_is_listened_for(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather action='/a'/><Gather input='dtmf speech' action='/b'/>")
    company.says("/b", "<Hangup/>")
    call = exchange.ring(ANNA)
    call.speak("tomorrow")
    assert len(company.asked) == 1
    call.silence()
    call.speak("tomorrow at three", confidence=None)
    assert company.asked[1][1]["SpeechResult"] == "tomorrow at three"
    assert "Confidence" not in company.asked[1][1]


def test_keys_that_nothing_listens_for_are_lost(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Say>First.</Say><Gather numDigits='1' action='/code'><Say>Second.</Say></Gather>")
    call = exchange.ring(ANNA, step=True)
    assert call.heard == ["First."]
    call.press("7")
    call.listen()
    assert (call.verb, call.heard) == ("gather", ["Second."])
    company.says("/code", "<Say>Third.</Say>")
    assert call.press("8") == ["Third."]
    assert company.asked[1][1]["Digits"] == "8"


def test_a_message_is_recorded_and_its_notice_waits_in_hand(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Record action='/kept' recordingStatusCallback='/sound'/><Say>Never.</Say>")
    company.says("/kept", "<Say>Goodbye.</Say>")
    call = exchange.ring(ANNA)
    assert call.record(seconds=20, then="#") == ["Goodbye."]
    fields = company.asked[1][1]
    assert fields["RecordingDuration"] == "20"
    assert fields["Digits"] == "#"
    assert fields["RecordingUrl"].endswith(fields["RecordingSid"])
    assert [notice.kind for notice in call.notices] == ["recording", "ended"]
    company.says("/sound", "")
    call.notices[0].deliver(times=2)
    told = [fields for path, fields, _ in company.asked if path == "/sound"]
    assert told[0] == told[1]
    assert told[0]["RecordingStatus"] == "completed"
    assert "From" not in told[0]


def test_a_caller_who_hangs_up_while_recording_is_heard_out(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Record action='/kept'/>")
    company.says("/kept", "<Redirect>/never</Redirect>")
    call = exchange.ring(ANNA)
    call.record(seconds=7, then="hangup")
    path, fields, _ = company.asked[1]
    assert (path, fields["Digits"], fields["CallStatus"]) == ("/kept", "hangup", "completed")
    assert len(company.asked) == 2
    with pytest.raises(CallOverError):
        call.press("1")


def test_a_caller_gone_before_the_first_word_leaves_no_recording(
    exchange: Exchange, company: Company
) -> None:
    company.says(
        "/call",
        "<Record action='/kept' recordingStatusCallback='/sound' recordingStatusCallbackEvent='absent'/>",
    )
    call = exchange.ring(ANNA)
    call.hang_up(kept=False)
    assert [path for path, *_ in company.asked] == ["/call"]
    assert call.notices[0].fields["RecordingStatus"] == "absent"
    assert not exchange.store.recordings


def test_only_what_waits_can_be_answered(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather/>")
    call = exchange.ring(ANNA)
    with pytest.raises(WrongMomentError):
        call.record(seconds=3)
    with pytest.raises(WrongMomentError):
        call.dial_result("busy")


def test_a_broken_company_is_asked_for_its_fallback(exchange: Exchange, company: Company) -> None:
    company.says("/fallback", "<Say>Please hold the line.</Say>")
    call = exchange.ring(ANNA)
    assert call.heard == ["Please hold the line."]
    path, fields, _ = company.asked[1]
    assert (path, fields["ErrorCode"], fields["ErrorUrl"]) == ("/fallback", "11200", company.url + "/call")


def test_without_a_fallback_the_caller_hears_an_application_error(exchange: Exchange) -> None:
    call = exchange.ring(ANNA)
    assert "application error" in call.heard[0]
    assert call.state == "completed"


def test_a_misspelt_attribute_is_refused_loudly(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather numdigits='4'/>")
    with pytest.raises(BadTwimlError, match="numdigits"):
        exchange.ring(ANNA)
    exchange.strict = False
    assert exchange.ring(ANNA).faults == [
        '12200: <Gather numdigits="4">: numdigits is not an attribute of it (names are case-sensitive)'
    ]


def test_a_caller_may_be_gone_at_any_moment(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Say>One.</Say><Redirect>/two</Redirect>")
    company.says("/two", "<Say>Two.</Say><Record action='/kept'/>")
    company.says("/kept", "<Hangup/>")
    whole = exchange.ring(ANNA)
    reached = []
    for moment in range(whole.moments + 1):
        company.asked.clear()
        call = exchange.ring(ANNA, hangs_up_at=moment)
        reached.append(([path for path, *_ in company.asked], call.heard, call.verb))
    assert reached == [
        (["/call"], [], "ended"),
        (["/call"], ["One."], "ended"),
        (["/call", "/two"], ["One."], "ended"),
        (["/call", "/two"], ["One.", "Two."], "ended"),
        (["/call", "/two"], ["One.", "Two."], "ended"),  # as the tone sounds
        (["/call", "/two", "/kept"], ["One.", "Two."], "ended"),
        (["/call", "/two"], ["One.", "Two."], "record"),
    ]


def test_a_transcript_tells_the_call(exchange: Exchange, company: Company) -> None:
    company.says("/call", "<Gather action='/call'><Say>The code?</Say></Gather>")
    call = exchange.ring(ANNA)
    call.press("12#")
    call.hang_up()
    told = call.transcript()
    for part in ("POST /call -> 200", "The code?", "caller pressed 12#", "Digits=12", "hung up", "completed"):
        assert part in told
