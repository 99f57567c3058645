"""One phone turn (signature, unit of work, answer) beside a bare hello with one read and one write."""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import update

from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.moves import State
from script.benchmarks import hello
from script.benchmarks.callers import Caller, one_after_another, steadily
from script.benchmarks.many import add_closed
from script.benchmarks.servers import Place, granian, gunicorn, prepared, served, work
from tests import postgres

TURNS, SPELLS = 60, 24
RATE, SECONDS, TIMES = 50.0, 8.0, 3
MANY = 1_000_000

DESK, HELLO = "desk", "hello"
TARGETS = {
    DESK: "launch.served:application",
    HELLO: f"{hello.__name__}:entities",
    "hello, SQL by hand": f"{hello.__name__}:statements",
}

Row = dict[str, Any]
Turns = Callable[[Caller], Iterator[float]]
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
            rows += [*_beside_hello(name, place), *_waits(name, place)]
            rows.append(_grown(name, url, place))
    return rows


def _grown(name: str, url: str, place: Place) -> Row:
    """The same waits with a million closed requests and none that is open, so that callers hear the same."""
    with served(place, granian(place)):
        Caller(place).leave_message()
    add_closed(url, MANY)
    engine = open_engine(url)
    with engine.begin() as connection:
        closed = update(Callback).where(Callback.closed_at.is_(None))
        connection.execute(closed.values(state=State.CLOSED, closed_at=Callback.received_at))
    engine.dispose()
    return _row(name, f"granian, with {MANY:,} closed", place, granian(place))


def _databases(stack: ExitStack, folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder}/desk.sqlite3"
    socket = stack.enter_context(postgres.cluster(durable=True))
    with psycopg.connect(host=socket, user="postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE bench")
    yield "PostgreSQL", f"postgresql+psycopg://postgres@/bench?host={socket}"


def _beside_hello(name: str, place: Place) -> list[Row]:
    """Processor time of the server, turn about in short spells, so that a busy machine is busy for all.

    `ratio` is to the hello that keeps an entity, as the desk does.
    """
    with ExitStack() as stack:
        running = {}
        for which, target in TARGETS.items():
            there = place if which == DESK else place.beside()
            running[which] = there, stack.enter_context(served(there, granian(there, target)))
        kinds = {"one read, one write": Caller.plain_turns, "a call's first three turns": Caller.turns}
        return [_spent(name, kind, turns, running) for kind, turns in kinds.items()]


def _spent(name: str, kind: str, turns: Turns, running: Mapping[str, tuple[Place, int]]) -> Row:
    spent = dict.fromkeys(running, 0.0)
    sources = {which: turns(Caller(there)) for which, (there, _session) in running.items()}
    for spell in range(SPELLS + 1):
        for which, (_there, session) in running.items():
            before = work(session)
            for _ in itertools.islice(sources[which], TURNS):
                pass
            if spell:  # the first warms up
                spent[which] += (work(session) - before) / TURNS / SPELLS * 1000
    return {"database": name, "CPU ms of a turn": kind, **spent, "ratio": spent[DESK] / spent[HELLO]}


def _waits(name: str, place: Place) -> list[Row]:
    return [_row(name, server, place, command(place)) for server, command in SERVERS.items()]


def _row(name: str, server: str, place: Place, command: list[str]) -> Row:
    """What callers wait at a steady rate; of each share the middle of three spells, and the worst of all.

    What was written before is on the disk first: a disk that is still busy with it stops every turn alike.
    """
    with served(place, command) as session:
        one_after_another(place, 30)
        os.sync()
        before = work(session)
        spells = [steadily(place, RATE, SECONDS) for _ in range(TIMES)]
        spent = (work(session) - before) / sum(map(len, spells))
    p50, p99 = (1000 * median(each[int(len(each) * share)] for each in spells) for share in (0.5, 0.99))
    worst = 1000 * max(each[-1] for each in spells)
    waits = {"p50 ms": p50, "p99 ms": p99, "worst ms": worst, "CPU ms": spent * 1000}
    return {"database": name, f"{RATE:.0f} turns a second": server, **waits}
