"""The clock: sees what is due, never early, hands it out once, and does it itself where nobody else will."""

from datetime import timedelta

import pytest

from tests.timed import OPENS, TimedDesk
from worker.clock import Clock
from worker.queues import Queues

NO_REDIS = "unix:///nowhere/valkey.sock"
INSTANT = timedelta.resolution


@pytest.fixture
def lonely(timed: TimedDesk) -> Clock:
    """A clock without any Redis."""
    return Clock(timed.means, Queues(NO_REDIS))


def test_a_caller_is_due_at_the_very_instant_and_not_before(timed: TimedDesk, lonely: Clock) -> None:
    waiting = timed.promised()
    timed.clock.now = OPENS - INSTANT
    assert lonely.look() == OPENS
    assert timed.marked(waiting) == []
    timed.clock.now = OPENS
    lonely.look()
    assert timed.marked(waiting) == [("due", OPENS)]
