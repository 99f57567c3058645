"""Sales' own week on the policy's pages: given, changed, taken back, and two who change it at once."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from callbacks import policy_book
from callbacks.policy.editing import Changes
from callbacks.policy_book import Hand
from callbacks.policy_version import newest
from callbacks.work import Desk
from tests.living import filled, keep
from tests.screens import Visitor, signed_in, token
from tests.test_board import plain

NINE_ON_MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TEN_ON_MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def dora(house: Flask) -> Visitor:
    """Dora, who administers, signed in."""
    return signed_in(house, "dora")


def versions(desk: Desk) -> int:
    with desk.reading() as work:
        found = newest(work.session)
        return found.number if found else 0


def test_sales_gets_a_week_of_its_own_and_gives_it_back(dora: Visitor, living: Desk) -> None:
    assert living.policy.sales_hours is living.policy.office_hours
    keep(dora, "numbers", sales__hours__mon="10:00-17:00", sales__hours__wed="10:00-12:00, 13:00-17:00")
    assert not living.policy.sales_hours.is_open(NINE_ON_MONDAY)
    assert living.policy.sales_hours.is_open(TEN_ON_MONDAY)
    assert 'value="10:00-12:00, 13:00-17:00"' in dora.open("/setup/numbers").text
    keep(dora, "numbers", sales__hours__mon="11:00-17:00")
    assert not living.policy.sales_hours.is_open(TEN_ON_MONDAY)
    assert living.policy.office_hours.is_open(NINE_ON_MONDAY)
    keep(dora, "numbers", sales__hours__mon="", sales__hours__wed="")
    assert living.policy.sales.hours is None
    assert living.policy.sales_hours.is_open(NINE_ON_MONDAY)
    assert versions(living) == 4


def test_an_empty_week_shows_the_offices_and_one_of_its_own_what_is_closed(dora: Visitor) -> None:
    assert dora.open("/setup/numbers").text.count('placeholder="09:00-13:00, 14:00-18:00"') == 5
    keep(dora, "numbers", sales__hours__mon="10:00-17:00")
    page = dora.open("/setup/numbers").text
    assert 'placeholder="09:00-13:00' not in page
    assert page.count('placeholder="closed"') == 7


def test_the_versions_tell_of_it(dora: Visitor) -> None:
    keep(dora, "numbers", sales__hours__mon="10:00-17:00", why="their own wish")
    told = dora.open("/setup/history").text
    assert "their own wish" in told
    assert "+ The week of Sales · Monday: 10:00-17:00" in plain(told)


def test_a_week_written_as_none_in_the_file_takes_days_too(dora: Visitor, living: Desk) -> None:
    living.do(lambda work: policy_book.change(work, {("sales", "hours"): ""}, Hand("agent:eva")))
    living.look_again()
    assert keep(dora, "numbers", sales__hours__mon="10:00-17:00").status_code == 302
    assert not living.policy.sales_hours.is_open(NINE_ON_MONDAY)


def test_what_is_no_period_is_refused_beside_its_day_and_stays_typed(dora: Visitor, living: Desk) -> None:
    answer = keep(dora, "numbers", sales__hours__tue="ten to five", sales__email="sales@acme.example")
    assert answer.status_code == 422
    assert 'name="sales.hours.tue" value="ten to five"' in answer.text
    assert 'value="sales@acme.example"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert versions(living) == 1


def test_two_who_give_sales_a_week_at_once_the_second_is_told_and_may_have_the_last_word(
    house: Flask, living: Desk
) -> None:
    dora = signed_in(house, "dora")
    page = dora.open("/setup/numbers")
    theirs: Changes = {("sales", "hours"): {"mon": ["12:00-13:00"]}}
    living.do(lambda work: policy_book.change(work, theirs, Hand("agent:eva")))
    mine = filled(page.text) | {"sales.hours.mon": "10:00-17:00"}
    told = dora.send("/setup/numbers", csrf_token=token(page), **mine)
    assert told.status_code == 409
    assert "eva changed the same" in told.text
    assert "stands now: 12:00-13:00" in told.text
    again = filled(told.text)
    assert again["sales.hours.mon"] == "10:00-17:00"
    assert dora.send("/setup/numbers", csrf_token=token(told), **again).status_code == 302
    living.look_again()
    assert living.policy.sales_hours.is_open(TEN_ON_MONDAY)
    assert not living.policy.sales_hours.is_open(NINE_ON_MONDAY)
