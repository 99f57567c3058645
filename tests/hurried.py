"""A process of the desk by whose clock time runs faster: `python -m tests.hurried worker.clock`.

So a minute's pause, a lease and a look-up take seconds, and all of the process is as it runs in earnest.
"""

import os
import runpy
import sys
from datetime import UTC, datetime

import launch.desk

SINCE, BY = "HURRIED_SINCE", "HURRIED_BY"


class HurriedClock:
    """From `since` on, `by` seconds go by in one."""

    def __init__(self, since: datetime, by: float) -> None:
        self._since, self._by = since, by

    def __call__(self) -> datetime:
        """The time by this clock."""
        return self._since + (datetime.now(UTC) - self._since) * self._by

    def environ(self) -> dict[str, str]:
        """For processes that are to share it."""
        return {SINCE: self._since.isoformat(), BY: str(self._by)}


if __name__ == "__main__":
    clock = HurriedClock(datetime.fromisoformat(os.environ[SINCE]), float(os.environ[BY]))
    launch.desk.now = clock
    module = sys.argv.pop(1)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
