"""What the carrier would refuse or overlook is seen before it is sent, by the carrier's own description."""

import pytest

from tests import carrier_check
from tests.carrier_check import faults_in

ACCOUNT = "https://api.twilio.com/2010-04-01/Accounts/AC" + "0" * 32
CALLS, CALL = f"{ACCOUNT}/Calls.json", f"{ACCOUNT}/Calls/CA{'1' * 32}.json"
PLACED = {
    "To": "+390212340001", "From": "+18889624587", "Url": "https://desk.example/ivr/agent/a/0",
    "Timeout": 120, "StatusCallbackEvent": ["completed"],
}  # fmt: skip


def test_a_call_as_the_desk_places_it_is_taken() -> None:
    assert not faults_in("POST", CALLS, data=PLACED)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"From": None}, "From is missing"),
        ({"StatusCallBack": "https://desk.example/"}, "StatusCallBack is no parameter"),
        ({"StatusCallbackEvent": ["over"]}, "is none of"),
        ({"Timeout": "2m"}, "is no whole number"),
        ({"Url": "/ivr/agent"}, "is no uri"),
        ({"To": "0212340001"}, "is no endpoint"),
        ({"To": ["+390212340001", "+390212340002"]}, "To is given 2 times"),
        ({"Record": "maybe"}, "neither true nor false"),
    ],
)
def test_a_call_that_the_carrier_would_not_understand_is_told(changed: dict[str, object], fault: str) -> None:
    faults = faults_in("POST", CALLS, data=PLACED | changed)
    assert faults, "nothing was wrong"
    assert fault in faults[0]


def test_what_is_asked_of_a_list_is_judged_too() -> None:
    assert not faults_in("GET", CALLS, params={"ParentCallSid": "CA" + "2" * 32, "PageSize": 5})
    (fault,) = faults_in("GET", CALLS, params={"ParentCallSid": "RE2", "PageSize": 5})
    assert "does not look like" in fault
    (fault,) = faults_in("GET", CALLS, params={"PageSize": 5000})
    assert "out of range" in fault


def test_an_address_that_the_desk_is_not_known_to_use_is_told() -> None:
    for method, url in (("GET", f"{ACCOUNT}/Conferences.json"), ("DELETE", CALL), ("GET", f"{CALLS}/1")):
        (fault,) = faults_in(method, url)
        assert "no operation" in fault


def test_a_call_can_be_ended_and_never_begun_anew_by_its_state() -> None:
    assert not faults_in("POST", CALL, data={"Status": "completed"})
    assert faults_in("POST", CALL, data={"Status": "ringing"})


def test_what_is_kept_names_its_licence() -> None:
    assert "Apache-2.0" in carrier_check.KEPT.read_text()
