"""Two hundred boards that listen while callers are answered: what a turn waits, with them and without."""

import asyncio
import itertools
import multiprocessing
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from callbacks.callback import Callback
from callbacks.listed import listed
from callbacks.work import Desk, Work
from script.benchmarks.callers import one_after_another, steadily
from script.benchmarks.reader import Reader
from script.benchmarks.servers import Place

BOARDS, EACH = 200, 8
RATE, SECONDS, SPELLS = 25.0, 4.0, 11
CHANGES_EVERY = 1.0

Row = dict[str, Any]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def measured(place: Place, desk: Desk) -> list[Row]:
    """Spells without boards and with them take turns, so that a busy machine is busy for both; of each share
    the middle of all spells: now and then a machine that is not ours alone stands still."""
    one_after_another(place, 30)
    readers = [Reader(place, f"agent{n + 1}") for n in range(-(-BOARDS // EACH))]
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    looks: list[int] = []
    for spell in range(SPELLS):
        with _changes(desk):
            alone.append(steadily(place, RATE, SECONDS))
            with _open_boards(place, readers) as answered:
                beside.append(steadily(place, RATE, SECONDS))
        looks += answered
        print(f"  boards: spell {spell + 1} of {SPELLS}, {len(answered):,} looks", flush=True)
    rows = [_row("no board is open", alone), _row(f"{BOARDS} boards are open", beside)]
    refused = looks.count(503) / max(len(looks), 1)
    rows[1] |= {
        "to without": rows[1]["p99"] / rows[0]["p99"],
        "looks refused": refused,
        "aim": "p99 < 1.25 of without",
    }
    return rows


def _row(name: str, spells: Sequence[Sequence[float]]) -> Row:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    middles = {
        as_: 1000 * median(each[ceil(len(each) * share) - 1] for each in spells)
        for as_, share in shares.items()
    }
    return {"25 turns of calls a second": name, **middles}


@contextmanager
def _changes(desk: Desk) -> Iterator[None]:
    """Every second something changes that all boards show, beside what the callers do."""
    over = threading.Event()

    def write() -> None:
        while not over.wait(CHANGES_EVERY):
            desk.do(_change)

    writer = threading.Thread(target=write)
    writer.start()
    yield
    over.set()
    writer.join()


def _change(work: Work) -> None:
    """Another number for the request on top: every board has to show it."""
    (top,) = listed(work, {"to_ring": 1})["to_ring"]
    callback = work.held(Callback, top.key)
    assert callback is not None
    callback.change_number(work, f"+390212{random.randrange(1_000_000):06}", "desk")


@contextmanager
def _open_boards(place: Place, readers: Sequence[Reader]) -> Iterator[list[int]]:
    """They listen as the browser's do, in a process of their own; afterwards, what each look was answered."""
    answered: list[int] = []
    ours, theirs = multiprocessing.Pipe()
    cookies = list(itertools.islice(itertools.cycle(reader.cookie for reader in readers), BOARDS))
    process = multiprocessing.get_context("spawn").Process(
        target=_listen, args=(place.settings.port, cookies, theirs)
    )
    process.start()
    if ours.recv() != "all listen":
        raise RuntimeError("not all boards have a place")
    yield answered
    ours.send("enough")
    answered += ours.recv()
    process.join()


def _listen(port: int, cookies: Sequence[str], word: Connection) -> None:
    asyncio.run(_all(port, cookies, word))


async def _all(port: int, cookies: Sequence[str], word: Connection) -> None:
    boards = [_Board(port, cookie) for cookie in cookies]
    streams = [await board.connect() for board in boards]
    word.send("all listen")
    tasks = [asyncio.create_task(board.live(*stream)) for board, stream in zip(boards, streams, strict=True)]
    await asyncio.to_thread(word.recv)
    for task in tasks:
        task.cancel()
    word.send([code for board in boards for code in board.answered])


class _Board:
    """One page: hears that something changed, and looks a little later, as desk.js does."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.mark, self.news, self.answered = "", "", list[int]()
        self._is_to_look = asyncio.Event()
        self._within = 0.0

    async def connect(self) -> Streams:
        """The stream; it ends where the desk has no place."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        code, _ = await self._ask(reader, writer, "/events?of=/board/live")
        if code != 200:
            raise RuntimeError(f"/events answered {code}")
        return reader, writer

    async def live(self, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        """Until it is told that it is enough."""
        looking = asyncio.create_task(self._look())
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    within, self.news = line[6:].decode().split()
                    self._within = int(within) / 1000
                    self._is_to_look.set()
        finally:
            looking.cancel()

    async def _look(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while await self._is_to_look.wait():
            self._is_to_look.clear()
            await asyncio.sleep(random.random() * self._within)
            code, headers = await self._ask(reader, writer, "/board/live")
            await reader.readexactly(int(headers.get("content-length", 0)))
            self.answered.append(code)
            self.mark = headers.get("etag", self.mark)
            if code == 503:
                self._within = 2.0
                self._is_to_look.set()
            else:
                await asyncio.sleep(self._within * 0.5)

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
    ) -> tuple[int, dict[str, str]]:
        marks = f"If-None-Match: {self.mark}\r\n" if self.mark else ""
        marks += f"Desk-Heard: {self.news}\r\n" if self.news else ""
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: desk\r\nCookie: {self.cookie}\r\nAccept-Encoding: gzip\r\n"
            f"Accept-Language: en\r\n{marks}\r\n".encode()
        )
        code, headers = int((await reader.readline()).split()[1]), dict[str, str]()
        while line := (await reader.readline()).strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return code, headers
