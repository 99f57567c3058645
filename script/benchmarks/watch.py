"""The watch among 100,000 open requests: from an alarm to its journal line, in bursts, and after a kill."""

import contextlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, Select, func, insert, select

from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.journal import Entry
from launch.migrate import upgrade
from tests import postgres
from tests.processes import Processes, environment, until
from tests.valkey import Server

OPEN_REQUESTS = 100_000
SPREAD, EVERY = 300, timedelta(milliseconds=50)
BURST = 1_000
FAR = timedelta(days=30)
SETTLING = timedelta(seconds=4)
"""How far ahead alarms are set, so that nothing but the clock's own sleep comes before them."""

PROGRAMS = (("worker",), ("worker.clock",))
Row = dict[str, Any]


def run() -> list[Row]:
    """Rows for SQLite, and for PostgreSQL where it is installed; milliseconds where nothing else is said."""
    with databases() as addresses:
        return [row for kind, address in addresses for row in _measured(kind, address)]


@contextmanager
def databases() -> Iterator[list[tuple[str, str]]]:
    """An empty database of each kind."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = [("SQLite", f"sqlite:///{folder}/desk.sqlite3")]
        if postgres.binaries():
            socket = stack.enter_context(postgres.cluster())
            with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as server:
                server.execute("CREATE DATABASE desk")
            found.append(("PostgreSQL", f"postgresql+psycopg://postgres@/desk?host={socket}"))
        yield found


def _measured(kind: str, address: str) -> list[Row]:
    upgrade(address)
    engine, folder = open_engine(address), Path(tempfile.mkdtemp(prefix="ringback-bench-"))
    redis = Server(folder)
    redis.start()
    processes = Processes(environment(folder, address, redis.url), folder)
    try:
        _add(engine, [datetime.now(UTC) + FAR] * OPEN_REQUESTS)
        _start(processes, redis)
        rows = [*_latency(engine), _burst(engine), _burst_without_redis(engine, redis)]
        rows.append(_after_a_kill(engine, processes, redis))
        return [{"database": kind, **row} for row in rows]
    except RuntimeError as fault:
        raise RuntimeError(f"{kind}: {fault}; the processes said:\n{processes.said()[-2000:]}") from fault
    finally:
        processes.kill_all()
        redis.kill()
        engine.dispose()


def _latency(engine: Engine) -> list[Row]:
    """Each alarm at an instant of its own."""
    first = datetime.now(UTC) + SETTLING
    watched = _Watched(engine)
    _add(engine, [first + number * EVERY for number in range(SPREAD)])
    watched.see(SPREAD)
    late = sorted(seen - due for due, seen in watched.lines)
    shares = {"p50": 0.5, "p99": 0.99, "worst": 1.0}
    rows = [
        _row(f"alarm to line, {name}", "ms", late[min(int(len(late) * share), len(late) - 1)] * 1000, aim)
        for (name, share), aim in zip(shares.items(), ("", "under 100", ""), strict=True)
    ]
    written_early = sum(written < due for due, written in watched.written)
    return [*rows, _row("alarms written early", "of all", written_early, "none")]


def _burst(engine: Engine, name: str = "1,000 alarms of one instant, all written") -> Row:
    watched, instant = _Watched(engine), datetime.now(UTC) + SETTLING
    _add(engine, [instant] * BURST)
    watched.see(BURST)
    return _row(name, "s", max(seen for _due, seen in watched.lines) - instant.timestamp(), "under 1")


def _burst_without_redis(engine: Engine, redis: Server) -> Row:
    redis.kill()
    row = _burst(engine, "the same with Redis gone")
    redis.start()
    return row


def _after_a_kill(engine: Engine, processes: Processes, redis: Server) -> Row:
    """Killed while they ring; meanwhile as many again fall due. Counted from the start of the new ones."""
    watched, instant = _Watched(engine), datetime.now(UTC) + SETTLING
    _add(engine, [instant] * BURST)
    until(lambda: _lines(engine) > watched.known)
    processes.kill_all()
    redis.kill()
    _add(engine, [datetime.now(UTC)] * BURST)
    began = time.time()
    _start(processes, redis, wait=False)
    watched.see(2 * BURST)
    return _row(
        "all killed and started again, 1,000 to 2,000 overdue caught up", "s", time.time() - began, "under 5"
    )


def _start(processes: Processes, redis: Server, *, wait: bool = True) -> None:
    with contextlib.suppress(AssertionError):
        redis.kill()
    redis.start()
    for words in PROGRAMS:
        processes.start(*words)
    if wait:
        until(lambda: "the clock runs" in processes.said() and processes.said().count("listening") >= 2)
        time.sleep(1)


@dataclass
class _Watched:
    """Looks at the journal from outside, so that what counts is when others could see a line."""

    engine: Engine
    lines: list[tuple[float, float]] = field(default_factory=list)
    written: list[tuple[float, float]] = field(default_factory=list)
    known: int = 0

    def __post_init__(self) -> None:
        self.known = _lines(self.engine)

    def see(self, count: int, within: float = 60) -> None:
        """Until so many lines were seen."""
        give_up, seen_ids = time.time() + within, set[int]()
        reading = self.engine.execution_options(reading=True)
        while len(self.lines) < count:
            if time.time() > give_up:
                raise RuntimeError(f"{len(self.lines)} of {count} lines after {within:.0f} s")
            # Lines become visible out of order, so the last ones are looked at again.
            after = max(self.known, max(seen_ids, default=0) - 200)
            with reading.connect() as connection:
                new = [row for row in connection.execute(_lines_after(after)) if row.id not in seen_ids]
            seen = time.time()
            self.lines += [(row.at.timestamp(), seen) for row in new]
            self.written += [(row.at.timestamp(), row.written_at.timestamp()) for row in new]
            seen_ids |= {row.id for row in new}
            time.sleep(0.004)


def _lines_after(key: int) -> Select[int, datetime, datetime]:
    lines = select(Entry.id, Entry.at, Entry.written_at)
    return lines.where(Entry.id > key, Entry.move == "due")


def _lines(engine: Engine) -> int:
    with engine.execution_options(reading=True).connect() as connection:
        return connection.scalar(select(func.max(Entry.id))) or 0


def _add(engine: Engine, opens: Sequence[datetime]) -> None:
    """Open requests whose windows open then; as the intake makes them, but for their journals."""
    with engine.begin() as connection:
        base = (connection.scalar(select(func.max(Callback.id))) or 0) + 1
    for start in range(0, len(opens), 5000):
        rows = [_callback(base + start + n, at) for n, at in enumerate(opens[start : start + 5000])]
        with engine.begin() as connection:
            connection.execute(insert(Callback), rows)


def _callback(number: int, opens: datetime) -> Row:
    return {
        "reference": f"{number:08}", "channel": "phone", "kind": "callback", "state": "waiting", "level": 1,
        "language": "en", "caller": "", "number": "+390212345678",
        "turn": 0, "received_at": opens - timedelta(hours=2), "opens": opens,
        "closes": opens + FAR, "at_risk_from": opens + FAR, "first_handling_by": opens + FAR,
        "solve_by_level_1": opens + FAR, "solve_by_level_2": opens + FAR, "calendar": "bench",
        "watched_until": opens - timedelta(hours=2), "alarm_at": opens, "version": 1,
    }  # fmt: skip


def _row(name: str, unit: str, ours: float, aim: str) -> Row:
    return {"name": name, "unit": unit, "ours": round(ours, 3), "aim": aim}


if __name__ == "__main__":
    for line in run():
        print(line)
