"""What may stand in a TwiML document, and what is refused."""

import inspect
import re

import pytest
from twilio.twiml import voice_response  # type: ignore[import-untyped,unused-ignore]

from exchange.grammar import RULES
from exchange.twiml import UnreadableError, read

NOT_ATTRIBUTES = {
    "message",
    "url",
    "number",
    "phone_number",
    "sip_url",
    "identity",
    "words",
    "kwargs",
    "self",
}
BEYOND = {
    "sequential",
    "refer_url",
    "refer_method",
    "events",
    "passports",
    "byoc",
    "recording_configuration_id",
}


def faults(inside: str) -> list[str]:
    return [fault.text for fault in read(f"<Response>{inside}</Response>".encode()).faults]


@pytest.mark.parametrize(
    ("where", "verb"),
    [
        ("VoiceResponse", name)
        for name in ("Say", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Hangup", "Reject")
    ]
    + [("Dial", name) for name in ("Number", "Sip", "Client")],
)
def test_the_attributes_are_those_that_twilios_own_library_writes(where: str, verb: str) -> None:
    method = getattr(getattr(voice_response, where), verb.lower())
    names = set(inspect.signature(method).parameters) - NOT_ATTRIBUTES - BEYOND
    if verb in ("Number", "Sip", "Client"):
        names |= {"url"}
    ours = set(RULES[verb].attributes) - {"sequential"}
    assert ours == {re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in names}


@pytest.mark.parametrize(
    "inside",
    [
        "<Say voice='Polly.Bianca' language='it-IT'><break time='300ms'/> Ciao</Say>",
        "<Gather input='dtmf speech' timeout='5' speechTimeout='auto' finishOnKey=''><Pause/></Gather>",
        "<Record maxLength='180' finishOnKey='#*' recordingStatusCallbackEvent='completed absent'/>",
        "<Dial><Sip>sip:anna@example.com</Sip><Client>anna</Client></Dial>",
        "<Redirect method='GET'>../next?turn=2&amp;x=1</Redirect>",
    ],
)
def test_good_documents_pass(inside: str) -> None:
    assert faults(inside) == []


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<Sai>Hello</Sai>", "<Sai> is not a TwiML element"),
        ("<say>Hello</say>", "<say> is not a TwiML element"),
        ("<Gather><Record/></Gather>", "<Record> may not stand within <Gather>"),
        ("<Number>+123</Number>", "<Number> may not stand within <Response>"),
        ("<Enqueue>sales</Enqueue>", "<Enqueue> is beyond this exchange, which cannot carry it out"),
        ("Hello", "<Response> takes no text of its own"),
        ("<Say/>", "<Say> has nothing in it"),
        ("<Gather timeout='soon'/>", "timeout must be a whole number from 0 to 600"),
        ("<Gather input='keys'/>", "input must be some of dtmf, speech"),
        ("<Gather finishOnKey='A'/>", "finishOnKey must be keys of 0-9, # and *"),
        ("<Record maxLength='0'/>", "maxLength must be a whole number from 1 to 14400"),
        ("<Redirect>java script:x</Redirect>", "must be an http(s) address without blanks"),
        ("<Pause length='٣'/>", "length must be a whole number"),
        (f"<Say>{'a' * 4097}</Say>", "<Say> has 4097 characters; at most 4096 are allowed"),
    ],
)
def test_a_slip_is_named(inside: str, said: str) -> None:
    found = faults(inside)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", 12100),
        (b" <?xml version='1.0'?><Response/>", 12100),
        (b"<Response>", 12100),
        (b"<html/>", 12100),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><Response/>", 12100),
        (b"<Response>" + b" " * 65536 + b"</Response>", 11750),
    ],
)
def test_what_cannot_be_read_sends_the_caller_to_the_fallback(document: bytes, code: int) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(document)
    assert refused.value.fault.code == code


def test_what_is_spoken_is_the_text_alone() -> None:
    said = b"<Say>At <sub alias='half past two'>14:30</sub>,\n  <s>today</s>.</Say>"
    document = read(b"<Response>" + said + b"</Response>")
    assert document.verbs[0].text == "At half past two, today."
