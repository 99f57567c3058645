"""Ringing alarms: the one thing the worker does that must not be late."""

from collections.abc import Sequence

from callbacks import watch
from worker.setup import Means


def ring(means: Means, ids: Sequence[int]) -> None:
    """All in one unit of work: they are few and each is short."""
    means.desk.do(lambda work: watch.ring_all(work, ids))
