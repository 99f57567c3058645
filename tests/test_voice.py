"""Steps become TwiML: what keys do, how long is waited, which voice speaks."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from callbacks.phone_number import PhoneNumber, read
from ivr.flow import FLOW
from ivr.spoken import Sentence, Spoken
from ivr.steps import Ask, Connect, End, Take
from ivr.trouble import Trouble
from ivr.voice import Voice
from tests.people import shipped_policy
from tests.twiml_check import faults_in

ADDRESS = "https://desk.example.com/ivr"
HELLO = Sentence("en", "welcome", "Acme & <Support>.")


def with_sales() -> Voice:
    policy, number = shipped_policy(), read("+390287654321")
    assert isinstance(number, PhoneNumber)
    return Voice(replace(policy, sales=replace(policy.sales, number=number)), ADDRESS)


def document(name: str, pause: int = 0) -> ElementTree.Element:
    twiml = with_sales().twiml(Spoken(FLOW[name], 7, "it", (HELLO,), pause))
    assert not faults_in(twiml)
    return ElementTree.fromstring(twiml)


@pytest.mark.parametrize("name", FLOW.steps)
def test_every_step_makes_a_good_document(name: str) -> None:
    kinds = {Ask: "Gather", Take: "Record", Connect: "Dial", End: "Hangup"}
    root = document(name)
    assert root[-1].tag == kinds.get(type(FLOW[name]), "Hangup")
    said = root.find(".//Say")
    assert said is not None
    assert said.text == "Acme & <Support>."
    assert said.attrib == {"voice": "Polly.Joanna-Neural", "language": "en-US"}


def test_a_question_is_interrupted_by_keys_and_hears_of_silence() -> None:
    (gather,) = document("topic")
    assert gather.attrib == {
        "action": f"{ADDRESS}/turn/7", "method": "POST", "input": "dtmf", "timeout": "5", "finishOnKey": "#",
        "actionOnEmptyResult": "true", "numDigits": "1",
    }  # fmt: skip


def test_a_number_or_code_may_be_said_in_the_callers_language() -> None:
    (gather,) = document("extension")
    assert (gather.get("input"), gather.get("language")) == ("dtmf speech", "it-IT")
    assert gather.get("numDigits") is None


def test_where_silence_means_yes_it_is_waited_for_shorter() -> None:
    assert document("number")[0].get("timeout") == "4"
    assert document("confirm_number")[0].get("timeout") == "5"


def test_a_message_is_told_of_twice_and_the_notice_insists() -> None:
    record = document("message")[-1]
    assert record.get("action") == f"{ADDRESS}/turn/7"
    assert record.get("recordingStatusCallback") == f"{ADDRESS}/recording/7#rc=5&rp=all"
    assert (record.get("maxLength"), record.get("timeout")) == ("180", "10")
    assert (record.get("finishOnKey"), record.get("playBeep")) == ("#", "true")


def test_sales_rings_while_the_caller_still_pays_nothing_for_it() -> None:
    dial = document("sales")[-1]
    assert (dial.text, dial.get("answerOnBridge"), dial.get("timeout")) == ("+390287654321", "true", "20")


def test_a_guesser_waits_before_the_next_question() -> None:
    root = document("extension", pause=8)
    assert (root[0].tag, root[0].get("length")) == ("Pause", "8")


def test_the_trouble_line_records_in_each_language() -> None:
    policy = shipped_policy()
    for language in ("en", "it"):
        numbers = replace(policy.languages, by_number={"+390200000000": language})
        changed = replace(policy, languages=numbers)
        twiml = Trouble(changed, Voice(changed, ADDRESS)).line("+390200000000")
        assert not faults_in(twiml)
        say, record = ElementTree.fromstring(twiml)
        assert say.get("language", "").startswith(language)
        assert record.get("action") == f"{ADDRESS}/trouble"
        assert record.get("recordingStatusCallback") == f"{ADDRESS}/recording/0#rc=5&rp=all"
