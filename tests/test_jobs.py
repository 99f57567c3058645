"""Real clocks and real RQ workers on a real Redis: whoever dies, each line is written, and once."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq.worker.base import WorkerStatus
from rq.worker_registration import get_keys

from callbacks import seal
from tests.databases import MakeDatabase
from tests.processes import Processes, environment, until
from tests.timed import TimedDesk
from tests.valkey import Server

LONG_AGO = timedelta(days=30)


@pytest.fixture
def processes(database_url: str, redis_server: Server, tmp_path: Path) -> Iterator[Processes]:
    """None yet; all that a test starts are gone after it."""
    made = Processes(environment(tmp_path, database_url, redis_server.url), tmp_path)
    yield made
    made.kill_all()


@pytest.fixture
def mortal(make_sqlite: MakeDatabase, mortal_valkey: Server, tmp_path: Path) -> Iterator[Processes]:
    """Processes of a desk whose Redis dies, and whose database is nobody's business."""
    made = Processes(environment(tmp_path, make_sqlite(), mortal_valkey.url), tmp_path)
    yield made
    made.kill_all()


@pytest.fixture
def today(timed: TimedDesk) -> TimedDesk:
    """The same desk at the true time, for processes know no other."""
    timed.clock.now = datetime.now(UTC)
    return timed


def test_a_caller_whose_time_came_is_marked_by_a_worker(
    today: TimedDesk, processes: Processes, redis_server: Server
) -> None:
    processes.start("worker")
    with redis_server.connection() as redis:
        until(lambda: len(get_keys(connection=redis)) == 3, processes.said)
        waiting = today.promised(left_at=today.clock() - LONG_AGO)
        processes.start("worker.clock")
        until(lambda: len(today.marked(waiting)) == 4, processes.said)
        assert redis.keys("rq:results:*") == []


def test_two_clocks_and_three_workers_write_each_line_once(
    today: TimedDesk, processes: Processes, redis_server: Server
) -> None:
    waiting = [today.promised(f"CA{n}", left_at=today.clock() - LONG_AGO) for n in range(150)]
    for words in (("worker", "alarms"),) * 3 + (("worker.clock",),) * 2:
        processes.start(*words)
    until(lambda: len(today.entries("solve_late")) == 150, processes.said)
    assert {len(today.marked(key)) for key in waiting} == {4}
    with today.desk.reading() as work:
        assert seal.faults(work.session) == []


def test_a_worker_killed_with_alarms_in_hand_costs_nobody_anything(
    today: TimedDesk, processes: Processes, redis_server: Server
) -> None:
    worker = processes.start("worker", "alarms")
    with redis_server.connection() as redis:
        until(lambda: len(get_keys(connection=redis)) == 1, processes.said)
        worker.send_signal(signal.SIGSTOP)
        processes.start("worker.clock")
        waiting = today.promised(left_at=today.clock() - LONG_AGO)
        until(lambda: today.look_at(waiting).claimed_until is not None, processes.said)
        worker.kill()
        until(lambda: len(today.marked(waiting)) == 4, processes.said)


def test_redis_emptied_at_any_moment_forgets_nobody_and_no_worker(
    today: TimedDesk, processes: Processes, redis_server: Server
) -> None:
    processes.start("worker", "alarms")
    processes.start("worker.clock")
    for round_number in range(5):
        today.promised(f"CA{round_number}", left_at=datetime.now(UTC) - LONG_AGO)
        redis_server.empty()
    until(lambda: len(today.entries("solve_late")) == 5, processes.said)
    with redis_server.connection() as redis:
        until(lambda: len(get_keys(connection=redis)) == 1, processes.said)


def test_redis_killed_and_started_again_finds_the_same_workers(
    today: TimedDesk, database_url: str, tmp_path: Path, mortal_valkey: Server
) -> None:
    processes = Processes(environment(tmp_path, database_url, mortal_valkey.url), tmp_path)
    try:
        workers = [processes.start("worker", "alarms"), processes.start("worker.clock")]
        _listening(mortal_valkey, processes)
        mortal_valkey.kill()
        waiting = today.promised(left_at=datetime.now(UTC) - LONG_AGO)
        until(lambda: len(today.marked(waiting)) == 4, processes.said)
        mortal_valkey.start()
        mortal_valkey.empty()
        _listening(mortal_valkey, processes)
        assert [process.poll() for process in workers] == [None, None]
    finally:
        processes.kill_all()


def test_workers_that_come_before_redis_wait_for_it(mortal: Processes, mortal_valkey: Server) -> None:
    mortal_valkey.kill()
    mortal.start("worker", "errands")
    until(lambda: "redis is away" in mortal.said(), mortal.said)
    mortal_valkey.start()
    _listening(mortal_valkey, mortal)
    assert mortal.said().count("redis is away") == 1


@pytest.mark.parametrize("words", [("worker",), ("worker", "alarms"), ("worker.clock",)], ids=" ".join)
def test_told_to_stop_they_stop_at_once_and_leave_nobody_behind(
    words: tuple[str, ...], mortal: Processes, mortal_valkey: Server
) -> None:
    process = mortal.start(*words)
    until(lambda: any(word in mortal.said() for word in ("listening", "the clock runs")), mortal.said)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) in (0, -signal.SIGTERM)
    with mortal_valkey.connection() as redis:
        until(lambda: len(redis.client_list()) == 1, mortal.said)


def test_a_worker_told_to_stop_while_redis_is_away_stops(mortal: Processes, mortal_valkey: Server) -> None:
    process = mortal.start("worker", "alarms")
    _listening(mortal_valkey, mortal)
    mortal_valkey.kill()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) in (0, -signal.SIGTERM)
    assert "Traceback" not in mortal.said()


def test_an_unknown_queue_is_refused_in_one_sentence(mortal: Processes) -> None:
    assert mortal.start("worker", "nonsense").wait(60) == 1
    assert mortal.said().startswith("write python -m worker, or python -m worker alarms, or ")
    assert len(mortal.said().splitlines()) == 1


def _listening(server: Server, processes: Processes) -> None:
    """Told to stop any earlier, a worker would just be ended."""
    with server.connection() as redis:
        until(lambda: any(_waits_for_jobs(redis, key) for key in get_keys(connection=redis)), processes.said)


def _waits_for_jobs(redis: Redis, key: str) -> bool:
    return redis.hget(key, "state") == WorkerStatus.IDLE.value.encode()
