"""Processes of the desk are killed and stopped while they ring: nobody is rung twice, no request is lost."""

from collections import Counter
from pathlib import Path

from tests.ring_plugs import KILLED, STOPPED
from tests.ring_processes import live_through

SECONDS, PLUGS = 5.0, 2
"""So long everything goes wrong, and longer where a slow machine saw fewer processes killed or stopped.

`script/ring_safety --processes` goes on for as long as it is told.
"""


def test_whichever_process_is_killed_or_sleeps_nobody_is_rung_twice_and_every_request_ends(
    database_url: str, tmp_path: Path
) -> None:
    counts = Counter[str]()
    assert not live_through(tmp_path, database_url, 20261123, SECONDS, counts, plugs=PLUGS)
    assert counts[KILLED] + counts[STOPPED] >= PLUGS
    assert counts["customers rung"] >= SECONDS
