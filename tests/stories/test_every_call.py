"""Whatever callers answer, wherever they hang up, however notices fare: one request for every message."""

from dataclasses import replace

import pytest

from callbacks.work import Desk
from script.calls import drive
from tests.people import Clock


@pytest.mark.timeout(600)
def test_no_call_is_lost_and_none_is_doubled(desk: Desk, clock: Clock) -> None:
    """Under a policy of two tries; `script/calls --every` drives the rest, which takes half an hour."""
    policy = replace(desk.policy, call=replace(desk.policy.call, tries=2))
    walk = drive(replace(desk, policy=policy), clock)
    assert not walk.wrong, "\n".join(walk.wrong[:10])
    assert walk.driven > 200
    assert {place[2] for place in walk.places} >= set(walk.acts) - {"sales"}
