"""A call is put through to somebody else: whispers, refusals, and who hangs up first."""

import pytest

from exchange.phone import Exchange
from tests.exchange.conftest import ANNA, Company

SALES = "+18005550199"


@pytest.fixture
def dialling(company: Company) -> Company:
    company.says(
        "/call",
        f"<Dial action='/done' timeout='20'><Number url='/whisper'>{SALES}</Number></Dial><Say>Never.</Say>",
    )
    company.says("/whisper", "<Gather numDigits='1' action='/accept'><Say>Press 1.</Say></Gather><Hangup/>")
    company.says("/accept", "")
    company.says("/done", "<Say>Goodbye.</Say>")
    return company


@pytest.mark.parametrize("how", ["busy", "no-answer", "failed"])
def test_nobody_takes_the_call(exchange: Exchange, dialling: Company, how: str) -> None:
    call = exchange.ring(ANNA)
    assert call.verb == "dial"
    call.dial_result(how)
    assert call.heard == ["Goodbye."]
    assert dialling.asked[-1][1]["DialCallStatus"] == how
    assert dialling.asked[-1][1]["DialBridged"] == "false"


def test_who_accepts_the_whisper_is_connected(exchange: Exchange, dialling: Company) -> None:
    call = exchange.ring(ANNA)
    agent = call.answer()
    assert agent.heard == ["Press 1."]
    assert dialling.asked[-1][1]["ParentCallSid"] == call.sid
    agent.press("1")
    assert agent.verb == "talking"
    call.talk(75)
    agent.hang_up()
    assert call.heard == ["Goodbye."]
    fields = dialling.asked[-1][1]
    assert (fields["DialCallStatus"], fields["DialBridged"], fields["DialCallSid"]) == (
        "completed",
        "true",
        agent.sid,
    )
    assert int(fields["DialCallDuration"]) >= 75


def test_a_mailbox_that_answers_and_presses_nothing_is_no_person(
    exchange: Exchange, dialling: Company
) -> None:
    call = exchange.ring(ANNA)
    mailbox = call.answer()
    mailbox.silence()
    assert call.heard == ["Goodbye."]
    fields = dialling.asked[-1][1]
    assert (fields["DialCallStatus"], fields["DialBridged"]) == ("completed", "false")


def test_a_caller_gone_while_it_rings_is_reported_and_nothing_more_runs(
    exchange: Exchange, dialling: Company
) -> None:
    call = exchange.ring(ANNA)
    call.hang_up()
    path, fields, _ = dialling.asked[-1]
    assert (path, fields["DialCallStatus"], fields["CallStatus"]) == ("/done", "canceled", "completed")
    assert call.heard == []
    assert call.verb == "ended"


def test_a_caller_gone_while_talking_ends_the_other_leg(exchange: Exchange, dialling: Company) -> None:
    call = exchange.ring(ANNA)
    agent = call.answer()
    agent.press("1")
    call.hang_up()
    assert (agent.verb, call.verb) == ("ended", "ended")
    assert dialling.asked[-1][1]["DialCallStatus"] == "completed"


def test_without_an_action_the_document_goes_on(exchange: Exchange, company: Company) -> None:
    company.says("/call", f"<Dial record='record-from-answer'>{SALES}</Dial><Say>They were out.</Say>")
    call = exchange.ring(ANNA)
    call.dial_result("completed", seconds=40)
    assert call.heard == ["They were out."]
    kept = list(exchange.store.recordings.values())
    assert [(one.source, one.seconds, one.call_sid) for one in kept] == [("DialVerb", 40, call.sid)]


def test_each_leg_tells_how_it_gets_on(exchange: Exchange, company: Company) -> None:
    company.says(
        "/call",
        "<Dial><Number statusCallback='/leg' statusCallbackEvent='initiated ringing answered completed'>"
        f"{SALES}</Number></Dial>",
    )
    call = exchange.ring(ANNA)
    leg = call.answer()
    call.hang_up()
    assert [notice.fields["CallStatus"] for notice in leg.notices] == [
        "queued",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [notice.fields["SequenceNumber"] for notice in leg.notices] == ["0", "1", "2", "3"]
