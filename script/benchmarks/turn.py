"""One phone turn (signature, unit of work, answer) beside a bare hello with one read and one write."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg

from script.benchmarks.callers import Caller, one_after_another, steadily
from script.benchmarks.many import add_closed
from script.benchmarks.servers import HELLO, Place, granian, gunicorn, prepared, served, work
from tests import postgres

TURNS, ROUNDS = 300, 3
RATE, SECONDS = 50.0, 12.0
MANY = 1_000_000

Row = dict[str, Any]
Command = Callable[[Place], list[str]]
SERVERS: dict[str, Command] = {
    "granian": granian,
    "gunicorn gthread": lambda place: gunicorn(place, "--worker-class", "gthread", "--threads", "4"),
    "gunicorn sync": gunicorn,
}


def run() -> list[Row]:
    """On SQLite and on a durable PostgreSQL: work beside hello, waits at a steady rate, growth."""
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, url in _databases(stack, folder):
            place = prepared(folder / name, url)
            rows += [_beside_hello(name, place), *_waits(name, place)]
            rows.append(_grown(name, url, place))
    return rows


def _grown(name: str, url: str, place: Place) -> Row:
    """The same waits once there are a million closed requests."""
    with served(place, granian(place)):
        Caller(place).leave_message()
    add_closed(url, MANY)
    return _row(name, f"granian, with {MANY:,} closed", place, granian(place))


def _databases(stack: ExitStack, folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder}/desk.sqlite3"
    socket = stack.enter_context(postgres.cluster(durable=True))
    with psycopg.connect(host=socket, user="postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE bench")
    yield "PostgreSQL", f"postgresql+psycopg://postgres@/bench?host={socket}"


def _beside_hello(name: str, place: Place) -> Row:
    """Processor time of the server, turn about, so that a busy machine is busy for all."""
    targets = {
        "desk": "app:create_app",
        "hello": f"{HELLO}entities",
        "hello, SQL by hand": f"{HELLO}statements",
    }
    spent = dict.fromkeys(targets, 0.0)
    for _ in range(ROUNDS):
        for which, target in targets.items():
            with served(place, granian(place, target)) as session:
                one_after_another(place, 30)
                before = work(session)
                one_after_another(place, TURNS)
                spent[which] += (work(session) - before) / TURNS / ROUNDS * 1000
    return {"database": name, "a turn": "CPU ms", **spent, "ratio": spent["desk"] / spent["hello"]}


def _waits(name: str, place: Place) -> list[Row]:
    return [_row(name, server, place, command(place)) for server, command in SERVERS.items()]


def _row(name: str, server: str, place: Place, command: list[str]) -> Row:
    """What callers wait at a steady rate."""
    with served(place, command) as session:
        one_after_another(place, 30)
        before = work(session)
        taken = steadily(place, RATE, SECONDS)
        spent = (work(session) - before) / len(taken)
    p50, p99 = (taken[int(len(taken) * share)] * 1000 for share in (0.5, 0.99))
    waits = {"p50 ms": p50, "p99 ms": p99, "worst ms": taken[-1] * 1000, "CPU ms": spent * 1000}
    return {"database": name, f"{RATE:.0f} turns a second": server, **waits}
