"""From the message to the statement through real processes: two webs, three workers, one clock."""

from pathlib import Path

from callbacks.policy import Policy
from script.whole_story import drive, never_closed
from tests.rome import at
from tests.valkey import Server


def test_whoever_leaves_a_message_is_rung_once_talks_and_finds_it_in_the_statement(
    database_url: str, redis_server: Server, tmp_path: Path
) -> None:
    story = drive(tmp_path, database_url, redis_server.url, 8, 3)
    assert not story.faults, story
    assert "8 promised: 8 kept, 0 broken" in story.statement


def test_the_office_of_the_story_never_closes() -> None:
    hours = Policy.parse(never_closed(), environ={}).office_hours
    assert all(hours.is_open(at(f"2026-12-25 {hour:02d}:30")) for hour in range(24))
