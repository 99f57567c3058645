"""Every page beside 100,000 open and 1,000,000 closed requests: time, weight, callers and 200 boards."""

import functools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, update

from callbacks.agent import Agent, Role
from callbacks.callback import Callback, by_reference
from callbacks.database import open_engine
from callbacks.figures import keeping
from callbacks.work import Desk, Work
from console.pages import pages
from console.passwords import Passwords
from console.room import Lent, Room
from launch.desk import open_desk
from script.benchmarks import boards, years
from script.benchmarks.callers import Caller
from script.benchmarks.reader import PASSWORD, Reader
from script.benchmarks.servers import Place, granian, prepared, served
from tests import postgres

OPEN, CLOSED = 100_000, 1_000_000
LOOKS = 40
COUNTS_EVERY = 10.0
"""Seconds."""

BY_ROLE = {Role.AGENT: "agent1", Role.SUPERVISOR: "sara", Role.ADMINISTRATOR: "dora"}
NO_PAGES = ("sound", "waveform", "events", "telephone", "telephone_part")
"""Sound, and what stays open: other things than pages."""

TRY = {"lateness": ("", "?period=quarter", "?period=quarter&agent=agent7"),
       "figures": ("", "?period=quarter", "?period=quarter&company=Rossi+Logistica+5"),
       "wall": ("", "?screen=big")}  # fmt: skip
"""What else pages are asked for."""

Row = dict[str, Any]


def run() -> list[Row]:
    """Milliseconds over HTTP, as script/start serves; bytes as they travel."""
    with _desk() as (place, desk), served(place, granian(place)):
        print("  the desk is served", flush=True)
        readers = {role: Reader(place, name) for role, name in BY_ROLE.items()}
        listed = list(_addresses(place, desk))
        rows = [_page(readers[role], path) for role, path in listed if "live" not in path]
        rows += [_update(readers[role], path, desk) for role, path in listed if "live" in path]
        return rows + boards.measured(place, desk)


@contextmanager
def _desk() -> Iterator[tuple[Place, Desk]]:
    """Filled, and nobody serves it yet."""
    with postgres.cluster(durable=True) as socket, tempfile.TemporaryDirectory() as folder:
        with psycopg.connect(host=socket, user="postgres", autocommit=True) as server:
            server.execute("CREATE DATABASE bench")
        url = f"postgresql+psycopg://postgres@/bench?host={socket}"
        place = prepared(Path(folder), url)
        with served(place, granian(place)):
            Caller(place).leave_message()
        engine, began = open_engine(url), time.monotonic()
        for made in years.fill(engine, OPEN, CLOSED):
            print(f"  {time.monotonic() - began:4.0f} s: {made}", flush=True)
        engine.dispose()
        desk = open_desk(place.settings)
        desk.do(_give_passwords)
        with _counting(desk):
            yield place, desk
        desk.engine.dispose()


@contextmanager
def _counting(desk: Desk) -> Iterator[None]:
    """What became news is counted now and then, as a worker does it."""
    over = threading.Event()

    def count() -> None:
        while not over.wait(COUNTS_EVERY):
            while desk.do(keeping.catch_up):
                pass

    counter = threading.Thread(target=count)
    counter.start()
    try:
        yield
    finally:
        over.set()
        counter.join()


def _give_passwords(work: Work) -> None:
    """All have the same."""
    work.session.execute(update(Agent).values(password_hash=Passwords().digest(PASSWORD)))


def _addresses(place: Place, desk: Desk) -> Iterator[tuple[Role, str]]:
    """Every page that somebody opens, by the first whose it is."""
    room = Room(desk, place.settings, Passwords(), lambda _engine: True, Lent())
    with desk.reading() as work:
        reference = work.session.scalar(select(Callback.reference).where(Callback.id == years.OPEN_FROM + 20))
    given = {"<reference>": str(reference), "<int(max=2147483647):key>": str(years.FIRST + 1),
             "<table>": "agents", "<language>/<name>": "en/welcome"}  # fmt: skip
    for page in pages(room):
        if page.method == "GET" and page.name not in NO_PAGES:
            path = functools.reduce(lambda rule, each: rule.replace(*each), given.items(), page.rule)
            yield from ((page.roles[0], path + more) for more in TRY.get(page.name, ("",)))


def _page(reader: Reader, path: str) -> Row:
    """One that is opened anew each time."""
    first = reader.open(path)
    times = _times(lambda: reader.open(path))
    print(f"  {path}: {times[len(times) // 2]:.0f} ms", flush=True)
    aim = "" if ".csv" in path else "p95 < 150"  # a sheet comes while it is being read
    return {"page": path, **_shares(times), "aim": aim, "KB": first.travelled / 1000,
            "first load KB": (first.travelled + reader.assets(first.text)) / 1000}  # fmt: skip


def _update(reader: Reader, path: str, desk: Desk) -> Row:
    """A living part: where nothing changed since, and each time that its page was told of something new."""
    first, told = reader.open(path), reader.listen()
    news = next(told)

    def is_told() -> None:
        nonlocal news
        desk.do(_note)
        news = next(told)

    same = _times(lambda: reader.open(path, mark=first.mark))
    changed = _times(lambda: reader.open(path, mark=first.mark, news=news), before=is_told)
    told.close()
    print(f"  {path}: {same[len(same) // 2]:.0f}, {changed[len(changed) // 2]:.0f} ms", flush=True)
    shares = {f"same {name}": value for name, value in _shares(same).items()}
    shares |= {f"changed {name}": value for name, value in _shares(changed).items()}
    return {"update": path, **shares, "aim": "p95 < 30", "KB": first.travelled / 1000}


def _note(work: Work) -> None:
    """Something that all pages may have to show."""
    callback = by_reference(work.session, "50000077")
    assert callback is not None
    callback.note(work, "they rang again", "desk")


def _times(look: Callable[[], object], before: Callable[[], object] = lambda: None) -> list[float]:
    found = []
    for _ in range(LOOKS):
        before()
        began = time.perf_counter()
        look()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def _shares(times: Sequence[float]) -> Row:
    return {"p50": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]}


if __name__ == "__main__":
    for line in run():
        print(line)
