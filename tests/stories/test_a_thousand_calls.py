"""Many callers at one moment, told small; `script/thousand_calls` tells it with a thousand."""

from pathlib import Path

from script.thousand import drive
from tests.valkey import Server


def test_forty_callers_at_one_moment_each_get_what_they_asked_for_and_were_told(
    database_url: str, redis_server: Server, tmp_path: Path
) -> None:
    outcome = drive(tmp_path, database_url, redis_server.url, 40)
    assert outcome.faults == []
