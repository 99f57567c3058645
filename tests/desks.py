"""Fixtures that open a desk with its cast on each database."""

import pytest
from sqlalchemy import Engine

from callbacks.work import Desk
from tests.people import Cast, Clock, fill, make_desk


@pytest.fixture
def clock() -> Clock:
    """Monday 23 November 2026, ten past noon in Rome, until a test says otherwise."""
    return Clock()


@pytest.fixture
def desk(engine: Engine, clock: Clock) -> Desk:
    """An empty desk under the policy that ships."""
    return make_desk(engine, clock)


@pytest.fixture
def cast(desk: Desk) -> Cast:
    """The people and companies that every story is about."""
    return fill(desk)
