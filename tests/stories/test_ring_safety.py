"""However bad the day: nobody is rung twice for one attempt, no request is lost, none ends untold."""

from collections import Counter
from collections.abc import Iterator

import pytest

from script.ringing_safely import a_ground, overheard, without_lease
from tests.ring_ground import Ground, live_through

RUNS = 60
"""`script/ring_safety` does 2,000."""


@pytest.fixture
def here() -> Iterator[Ground]:
    """Servers and a database, kept from day to day."""
    with a_ground() as made:
        yield made


def test_on_sixty_bad_days_nobody_is_rung_twice_and_every_request_ends(here: Ground) -> None:
    counts = Counter[str]()
    with overheard() as faults:
        wrong = [each for seed in range(1, RUNS + 1) for each in live_through(here, seed, counts)]
    assert not wrong + faults
    assert sum(number for what, number in counts.items() if what.startswith("crashed")) > RUNS
    assert counts["customers rung"] >= 3 * RUNS


def test_without_the_lease_the_same_days_ring_somebody_twice(here: Ground) -> None:
    counts = Counter[str]()
    with without_lease(), overheard():
        wrong = (each for seed in range(1, RUNS + 1) for each in live_through(here, seed, counts))
        assert "times for one dial" in next(wrong, "nobody was rung twice")
