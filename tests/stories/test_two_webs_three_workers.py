"""From the message to the statement through real processes: two webs, three workers, one clock."""

from pathlib import Path

import pytest

from callbacks.policy import Policy
from script.whole_story import drive, never_closed
from tests.rome import at
from tests.valkey import Server


@pytest.mark.parametrize(("callers", "agents"), [(1, 1), (8, 3)])
def test_whoever_leaves_a_message_is_rung_once_talks_and_finds_it_in_the_statement(
    database_url: str, redis_server: Server, tmp_path: Path, callers: int, agents: int
) -> None:
    story = drive(tmp_path, database_url, redis_server.url, callers, agents)
    assert not story.faults, story
    assert f"{callers} promised: {callers} kept, 0 broken" in story.statement


def test_the_office_of_the_story_never_closes() -> None:
    hours = Policy.parse(never_closed(), environ={}).office_hours
    assert all(hours.is_open(at(f"2026-12-25 {hour:02d}:30")) for hour in range(24))
