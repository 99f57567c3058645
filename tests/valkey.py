"""A real Valkey for the tests: one server a run, emptied for each test, and one that a test may kill."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from launch import valkey


class Server:
    """One Valkey on a socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens, or will."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start, or start again with what it kept."""
        program = valkey.program()
        assert program, "no Valkey is installed"
        valkey.prepare(self._socket, self._folder)
        command = valkey.command(program, self._socket, self._folder)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        give_up = time.monotonic() + 20
        while not valkey.answers(self._socket):
            assert time.monotonic() < give_up, "Valkey does not answer"
            time.sleep(0.01)

    def kill(self) -> None:
        """As a machine that loses power would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def connection(self) -> "Redis":
        """A connection of the test's own."""
        return Redis.from_url(self.url)

    def empty(self) -> None:
        """Everything forgotten."""
        with self.connection() as redis:
            redis.flushall()


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[Server]:
    """One server for all tests that do not harm it."""
    yield from _served()


@pytest.fixture
def redis_server(shared_valkey: Server) -> Server:
    """An empty Redis."""
    try:
        shared_valkey.empty()
    except RedisError:
        shared_valkey.start()
    return shared_valkey


@pytest.fixture
def mortal_valkey() -> Iterator[Server]:
    """A Redis of the test's own, to be killed and started again."""
    yield from _served()


def _served() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="ringback-valkey-"))
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
