"""An agent's phone may be an address at a switchboard or in a browser: read, refused, rung, put through."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callbacks.agent import by_sign_in
from callbacks.agent_phone import read_agent_phone
from callbacks.dial import Outcome
from callbacks.moves import State
from callbacks.work import Desk
from tests import open_request
from tests.people import ACME_PHONE, Cast, Clock
from tests.ringing import Ringing, at_their_phones, ringing_desk
from tests.twiml_check import faults_in

SIP, CLIENT = "sip:ada@pbx.example", "client:ada_1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" sip:ada@pbx.example ", "sip:ada@pbx.example"),
        ("SIP:Ada.Rossi+1@PBX.Example", "sip:Ada.Rossi+1@pbx.example"),
        ("sip:ada@pbx.example:5061;transport=TLS", "sip:ada@pbx.example:5061;transport=tls"),
        ("sip:100@192.0.2.7", "sip:100@192.0.2.7"),
        ("Client:Ada_1", "client:Ada_1"),
        ("02 1234 0009", "+390212340009"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_phone_is_kept_as_the_carrier_rings_it(typed: str, kept: str) -> None:
    assert read_agent_phone(typed, "IT") == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "12", "ada", "sip:", "sip:ada", "sip:@pbx.example", "sip:ada@", "sip:ada@-pbx.example",
        "sip:ada@pbx.example.", "sip:ada@pbx.example:0", "sip:ada@pbx.example;transport=carrier-pigeon",
        "sip:ada@pbx.example?Subject=x", "sip:ada rossi@pbx.example", "sip:ada@pbx.example\nTo: x",
        "sip:ada@pbx.example<script>", "sips://pbx.example", "client:", "client:ada rossi", "client:ada-1",
        'client:ada"', "client:ada&x=1", "client:" + "a" * 101, "sip:" + "a" * 41 + "@pbx.example",
        "sip:ada@" + "a" * 49, "sip:ad\u00e0@pbx.example", "client:ad\u00e0", "https://pbx.example",
    ],
)  # fmt: skip
def test_what_cannot_be_rung_is_no_phone(typed: str) -> None:
    assert read_agent_phone(typed, "IT") is None


@pytest.fixture(params=[SIP, CLIENT])
def phone(request: pytest.FixtureRequest) -> str:
    """Where Ada is rung."""
    return str(request.param)


@pytest.fixture
def ringing(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path, phone: str) -> Iterator[Ringing]:
    """Ada's phone, which is no number, rings for Acme's request."""
    with ringing_desk(desk, clock, tmp_path) as made:
        made.exchange.voice_url = f"{made.means.public_url}/ivr/call"
        made.exchange.status_url = f"{made.means.public_url}/ivr/ended"
        with desk.work() as work:
            at_their_phones(work, "ada")
            ada = by_sign_in(work.session, "ada")
            assert ada
            ada.phone = phone
            open_request.leave(work, ACME_PHONE)
        made.look()
        yield made


def test_the_desk_rings_it_and_then_the_customer(ringing: Ringing, phone: str) -> None:
    """By the carrier's own description such a request is valid: tests/carrier_check.py judges each."""
    call = ringing.ringing()
    assert (call.facts.to, call.facts.from_) == (phone, "+18889624587")
    call.pick_up()
    call.press("1")
    assert not faults_in(call.webhooks[-1].body)
    call.answer()
    call.dial_result("completed", seconds=120)
    call.press("1")
    assert ringing.callback().state == State.CLOSED
    assert len(ringing.exchange.rung(phone)) == len(ringing.exchange.rung(ACME_PHONE)) == 1


def test_a_lost_answer_is_looked_up_by_it_and_nobody_is_rung_again(ringing: Ringing, phone: str) -> None:
    (dial,) = ringing.dials()
    with ringing.desk.work() as work:
        held = work.held(type(dial), dial.id)
        assert held
        held.agent_call_sid, held.leg = None, "asked"
        held.alarm_at = work.now
    ringing.look()
    (dial,) = ringing.dials()
    assert dial.agent_call_sid == ringing.exchange.placed[0][1].sid
    assert len(ringing.exchange.rung(phone)) == 1


def test_a_caller_is_put_through_to_it_by_its_own_noun(ringing: Ringing, cast: Cast, phone: str) -> None:
    call = ringing.exchange.ring(ACME_PHONE)
    call.press(f"{cast.acme_code}#")
    document = call.webhooks[-1].body
    assert not faults_in(document)
    (noun,) = ElementTree.fromstring(document).findall("Dial/*")
    expected = ("Sip", SIP) if phone == SIP else ("Client", CLIENT.removeprefix("client:"))
    assert (noun.tag, noun.text) == expected
    call.answer().press("1")
    call.talk(60)
    assert next(dial.outcome for dial in ringing.dials()) == Outcome.CALLED_IN
