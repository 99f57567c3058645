"""People who answer, refuse or are a mailbox, a carrier with bad moments: all of it again from one seed."""

from collections.abc import Iterator

import pytest
import requests

from exchange.live_box import LiveExchange
from exchange.order import Order
from exchange.people import MAILBOX, Person
from exchange.phone import Exchange
from exchange.plan import Plan, Rates
from exchange.server import serve
from exchange.trouble import DOWN, LOST, TOO_MANY
from tests.exchange.conftest import ANNA, SID, TOKEN, Company

DESK, ADA = "+18005550100", "+390255512301"
CALM = Rates()


@pytest.fixture
def desk_that_calls_back(company: Company) -> Company:
    """Rings Ada, who accepts with 1, then Anna, who may press a key; asks Ada how it ended."""
    company.says("/agent", "<Gather action='/accepted' numDigits='1'><Say>Press one.</Say></Gather>")
    company.says(
        "/accepted",
        f"<Dial action='/over'><Number url='/whisper' statusCallback='/state' "
        f"statusCallbackEvent='ringing completed'>{ANNA}</Number></Dial>",
    )
    company.says(
        "/whisper", "<Gather action='/not-now' numDigits='1' timeout='1'><Say>You asked.</Say></Gather>"
    )
    company.says("/not-now", "<Hangup/>")
    company.says("/over", "<Hangup/>")
    company.says("/state", "")
    return company


def outcome(company: Company) -> str | None:
    """How the customer's leg ended, as the desk was told."""
    told = [fields for path, fields, _ in company.asked if path == "/over"]
    return f"{told[-1]['DialCallStatus']} {told[-1]['DialBridged']}" if told else None


@pytest.mark.parametrize(
    ("anna", "ended"),
    [
        (Person(keys=""), "completed true"),
        (Person("busy"), "busy false"),
        (Person("no-answer"), "no-answer false"),
        (Person(keys="1"), "completed false"),
        (Person(leaves="mid-word"), "completed false"),
        (MAILBOX, "completed true"),
    ],
)
def test_the_customer_does_what_people_do(
    exchange: Exchange, desk_that_calls_back: Company, anna: Person, ended: str
) -> None:
    exchange.people = {ADA: Person(keys="1"), ANNA: anna}
    exchange.place(DESK, ADA, Order(desk_that_calls_back.url + "/agent"))
    exchange.run_until_quiet()
    assert outcome(desk_that_calls_back) == ended
    assert len(exchange.rings(ANNA)) == 1


def test_an_agents_mailbox_never_rings_the_customer(
    exchange: Exchange, desk_that_calls_back: Company
) -> None:
    exchange.people = {ADA: MAILBOX}
    exchange.place(DESK, ADA, Order(desk_that_calls_back.url + "/agent"))
    exchange.run_until_quiet()
    assert exchange.rings(ANNA) == []


def a_day(exchange: Exchange, company: Company, seed: int) -> list[str]:
    """Twenty callbacks on the bad day of this seed: every address the desk was asked, and how calls stood."""
    company.asked.clear()
    exchange.plan = Plan(seed, Rates.all(0.5))
    for _ in range(20):
        exchange.place(DESK, ADA, Order(company.url + "/agent", told=(company.url + "/state", "POST")))
        exchange.run_until_quiet()
    return [f"{path} {fields['CallStatus']}" for path, fields, _ in company.asked]


def test_a_bad_day_can_be_had_again(exchange: Exchange, desk_that_calls_back: Company) -> None:
    first = a_day(exchange, desk_that_calls_back, seed=7)
    assert a_day(exchange, desk_that_calls_back, seed=7) == first
    assert a_day(exchange, desk_that_calls_back, seed=8) != first


def test_what_somebody_does_hangs_on_nobody_else() -> None:
    alone, among = Plan(3), Plan(3)
    for number in range(50):
        among.person(f"+39{number}")
        among.delivery(ADA, "ended")
    assert [alone.person(ADA) for _ in range(20)] == [among.person(ADA) for _ in range(20)]


def test_troubles_come_about_as_often_as_their_rates_say() -> None:
    plan = Plan(1, Rates(people=0.3, machines=0.2, refused=0.1, lost=0.1, doubled=0.2, missing=0.1))
    troubles = [plan.trouble("POST calls") for _ in range(2000)]
    assert 150 < troubles.count(LOST) < 250
    assert 150 < troubles.count(DOWN) + troubles.count(TOO_MANY) < 250
    times = [plan.delivery(ANNA, "ended").times for _ in range(2000)]
    assert 140 < times.count(0) < 260
    assert 320 < times.count(2) < 480


def test_without_rates_nothing_goes_wrong() -> None:
    plan = Plan(5, CALM)
    assert plan.trouble("POST calls") is None
    assert plan.delivery(ANNA, "ended").times == 1
    assert plan.person(ANNA).how == "answers"


def test_the_carrier_has_its_bad_moments_over_rest(exchange: Exchange, company: Company) -> None:
    exchange.plan = Plan(1, Rates(refused=1.0))
    with serve(exchange) as rest:
        address = f"{rest.url}/2010-04-01/Accounts/{SID}/Calls.json"
        answer = requests.post(address, {"To": ADA}, auth=(SID, TOKEN), timeout=30)
    assert answer.json()["code"] in (20429, 20503)


@pytest.fixture
def live(company: Company) -> Iterator[LiveExchange]:
    box = LiveExchange(SID, TOKEN, voice_url=company.url + "/call", numbers=[DESK])
    yield box
    box.close()


def until_over(live: LiveExchange, number: str) -> None:
    """Until the call at this number has ended."""
    for news in live.feeds.of(number).after(0):
        if any(one["kind"] == "ended" for one in news):
            return


def test_people_act_in_real_time_too(live: LiveExchange, desk_that_calls_back: Company) -> None:
    live.people = {ADA: Person(after=0, keys="1"), ANNA: Person("busy", after=0)}
    live.place(DESK, ADA, Order(desk_that_calls_back.url + "/agent"))
    until_over(live, ADA)
    assert outcome(desk_that_calls_back) == "busy false"


def test_whoever_has_a_phone_on_the_page_acts_for_themselves(live: LiveExchange) -> None:
    live.plan = Plan(1, CALM)
    live.held[ADA] = "Ada"
    assert not live.acts_by_itself(ADA)
    assert live.acts_by_itself(ANNA)
    live.ring_live(ANNA, "", {}).hang_up()
    until_over(live, ANNA)
    assert not live.acts_by_itself(ANNA)
