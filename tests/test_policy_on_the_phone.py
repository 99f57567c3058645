"""A phone call in the middle of which an administrator changes the policy."""

import pytest

from callbacks import policy_book
from callbacks.policy_book import Hand
from callbacks.policy_in_force import Judge, PolicyInForce
from callbacks.work import Desk
from tests.desk import Served, phone_app
from tests.people import CODE_KEY, POLICY_FILE, Cast, Clock, shipped_policy
from tests.phone import Phone, heard, the_request


@pytest.fixture
def living(desk: Desk, served_desk: Served, clock: Clock) -> Desk:
    """The desk that is rung takes each new version in."""
    desk.do(lambda work: policy_book.take_file(work, POLICY_FILE.read_text()))
    living = Desk(desk.engine, PolicyInForce(desk.engine, shipped_policy, Judge({})), CODE_KEY, clock)
    served_desk.app = phone_app(living, served_desk.url)
    return living


def test_a_promise_is_made_by_the_hours_of_the_moment_it_is_given(
    living: Desk, phone: Phone, cast: Cast
) -> None:
    call = phone.ring_with_code(code=cast.acme_code)
    living.do(
        lambda work: policy_book.change(
            work, {("office", "hours", "mon"): ["09:00-13:00", "14:00-24:00"], ("promise", "window"): "5h"},
            Hand("agent:dora"),
        )
    )  # fmt: skip
    living.look_again()
    call.press("1")
    call.record(seconds=12)
    call.silence()
    assert "3:10" in heard(call)
    assert "8:10" in heard(call)
    request = the_request(living)
    assert request.calendar == living.policy.office_hours.version
    call.deliver_all()


def test_a_topic_that_went_while_its_question_was_being_asked_is_asked_again(
    living: Desk, phone: Phone, cast: Cast
) -> None:
    call = phone.ring_with_code(code=cast.acme_code)
    before = heard(call)
    text = living.policy.text
    living.do(
        lambda work: policy_book.take(work, text.replace("a problem with sending", "trouble"), Hand("x"))
    )
    living.look_again()
    assert "a problem with sending" in before
    call.press("9")
    assert "trouble" in heard(call)
    call.hang_up()
    call.deliver_all()
