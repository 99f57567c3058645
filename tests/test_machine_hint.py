"""Machine detection is wrong as often as it likes: it is a hint, and whoever hears the line decides."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callbacks.dial import Outcome
from callbacks.moves import Disposition, State
from callbacks.work import Desk
from exchange.people import MAILBOX, Person
from exchange.plan import MACHINES, Plan, Rates
from tests.people import ACME_PHONE, Cast, Clock
from tests.phone import heard
from tests.ringing import PHONES, Ringing, at_their_phones, ringing_desk, wants_to_be_rung

FOUND = ("human", *MACHINES)
"""All that it may say."""


@pytest.fixture
def ringing(desk: Desk, cast: Cast, clock: Clock, tmp_path: Path) -> Iterator[Ringing]:
    """Ada's phone rings for somebody of Acme."""
    with ringing_desk(desk, clock, tmp_path) as made:
        with desk.work() as work:
            at_their_phones(work, "ada")
            wants_to_be_rung(work)
        made.look()
        yield made


@pytest.mark.parametrize("seed", range(6))
def test_an_agent_who_is_always_taken_for_a_machine_does_her_work_all_the_same(
    ringing: Ringing, seed: int
) -> None:
    """The exchange's own rate: whoever it draws answers, and is found to be what they are not."""
    ringing.exchange.plan = Plan(seed, Rates(machines=1.0))
    ringing.exchange.people = {ACME_PHONE: Person(keys="")}
    call = ringing.ringing()
    ringing.exchange.run_until_quiet()
    assert call.facts.answered_by in MACHINES
    assert call.webhooks[0].fields["AnsweredBy"] == call.facts.answered_by
    (dial,), callback = ringing.dials(), ringing.callback()
    assert (dial.outcome, callback.disposition, callback.misses) == (Outcome.TALKED, Disposition.SOLVED, 0)
    assert len(ringing.exchange.rung(ACME_PHONE)) == 1


@pytest.mark.parametrize("found", FOUND)
def test_a_customer_who_talks_was_reached_whatever_was_found(ringing: Ringing, found: str) -> None:
    call = ringing.ringing()
    call.pick_up(answered_by=found)
    call.press("1")
    customer = call.answer(answered_by=found)
    assert heard(customer).startswith("This is")
    customer.silence()
    call.talk(90)
    customer.hang_up()
    (dial,), callback = ringing.dials(), ringing.callback()
    assert (dial.outcome, callback.misses, callback.state) == (Outcome.TALKED, 0, State.WRAP_UP)
    assert callback.first_reached_at is not None


@pytest.mark.parametrize("found", FOUND)
def test_a_mailbox_is_one_when_the_agent_says_so_whatever_was_found(ringing: Ringing, found: str) -> None:
    call = ringing.ringing()
    call.pick_up()
    call.press("1")
    mailbox = call.answer(answered_by=found)
    mailbox.silence()
    call.talk(20)
    mailbox.hang_up()
    assert ringing.callback().misses == 0
    call.press("8")
    assert (ringing.dials()[0].outcome, ringing.callback().misses) == (Outcome.MAILBOX, 1)


@pytest.mark.parametrize("found", FOUND)
def test_an_agents_mailbox_takes_nothing_though_it_is_found_to_be_human(ringing: Ringing, found: str) -> None:
    ringing.exchange.people = {PHONES["ada"]: Person(after=MAILBOX.after, keys="", answered_by=found)}
    ringing.exchange.run_until_quiet()
    assert ringing.exchange.rung(ACME_PHONE) == []
    assert ringing.dials()[0].outcome == Outcome.LAPSED
    assert ringing.callback().is_open
