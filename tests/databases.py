"""Fixtures that give each test an empty database of its own, on SQLite and on PostgreSQL, cheaply."""

import itertools
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Dialect, Engine, QueuePool

from callbacks.database import open_engine
from launch.migrate import all_tables
from tests import postgres

KINDS = ("sqlite", "postgresql")
MakeDatabase = Callable[[], str]
STATEMENTS: dict[object, object] = {}
"""Every statement of the run in its database's words: put anew in each test it took a fifth of the time."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Both by default where PostgreSQL is installed; `both` insists on it."""
    parser.addoption("--database", choices=(*KINDS, "both"), default=None, help="which databases to test on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a database runs once on each."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", chosen(metafunc.config), scope="session")


def chosen(config: pytest.Config) -> tuple[str, ...]:
    """The kinds of database that this run is about."""
    choice = config.getoption("--database")
    if choice is None:
        return KINDS if postgres.binaries() else ("sqlite",)
    return KINDS if choice == "both" else (choice,)


@pytest.fixture(scope="session")
def make_sqlite() -> Iterator[MakeDatabase]:
    """Makes the address of a fresh, prepared SQLite database: a copy of one that was prepared once.

    In memory where there is plenty: a disk is waited for at every commit.
    """
    folder = Path(tempfile.mkdtemp(prefix="ringback-sqlite-", dir=postgres.fast_folder()))
    _make_tables(f"sqlite:///{folder}/template.sqlite3")
    numbers = itertools.count()

    def make() -> str:
        path = folder / f"desk{next(numbers)}.sqlite3"
        shutil.copyfile(folder / "template.sqlite3", path)
        return f"sqlite:///{path}"

    yield make
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """The socket folder of this run's PostgreSQL, which holds a prepared database named template_desk."""
    with postgres.cluster() as socket:
        with _server(socket) as server:
            server.execute("CREATE DATABASE template_desk")
        _make_tables(_address(socket, "template_desk"))
        yield socket


@pytest.fixture(scope="session")
def free_databases() -> list[str]:
    """PostgreSQL databases that were emptied after their last test."""
    return []


@pytest.fixture(scope="session")
def make_postgresql(postgres_socket: str, free_databases: list[str]) -> MakeDatabase:
    """Makes the address of an empty, prepared database: an emptied one, or a copy of the template."""
    numbers = itertools.count()

    def make() -> str:
        if free_databases:
            return free_databases.pop()
        name = f"desk{next(numbers)}"
        with _server(postgres_socket) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template_desk STRATEGY FILE_COPY")
        return _address(postgres_socket, name)

    return make


@pytest.fixture(scope="session")
def make_bare_postgresql(postgres_socket: str) -> MakeDatabase:
    """Makes the address of a PostgreSQL database without a table."""
    numbers = itertools.count()

    def make() -> str:
        name = f"bare{next(numbers)}"
        with _server(postgres_socket) as server:
            server.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
        return _address(postgres_socket, name)

    return make


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty, prepared database for this test alone."""
    url: str = request.getfixturevalue(f"make_{database_kind}")()
    yield url
    if database_kind == "sqlite":
        for path in Path(url.removeprefix("sqlite:///")).parent.glob(Path(url).name + "*"):
            path.unlink()
    else:
        _empty(request.getfixturevalue("postgres_socket"), url)
        request.getfixturevalue("free_databases").append(url)


@pytest.fixture(scope="session")
def understood() -> dict[str, Dialect]:
    """How each kind of database is spoken to, kept for the run with the statements put in its words."""
    return {}


@pytest.fixture
def engine(database_url: str, understood: dict[str, Dialect]) -> Iterator[Engine]:
    """An engine on an empty, prepared database; it knows what those before it were asked, as a desk's own
    does that has been open for a while."""
    engine = open_engine(database_url)
    if engine.dialect.name not in understood:
        engine.connect().close()
        understood[engine.dialect.name] = engine.dialect
    engine.dialect = understood[engine.dialect.name]
    engine.update_execution_options(compiled_cache=STATEMENTS)
    yield engine
    _wait_for_threads(engine)
    engine.dispose()


def _wait_for_threads(engine: Engine) -> None:
    """One that still looks gives its connection back first: given back to what is closed, none is closed.

    Who keeps one for good is not waited for: whatever that is, it is said of the connection.
    """
    give_up = time.monotonic() + 5
    while isinstance(engine.pool, QueuePool) and engine.pool.checkedout() and time.monotonic() < give_up:
        time.sleep(0.01)


def _make_tables(url: str) -> None:
    """As the entities draw them; tests/test_migrations.py holds that the migrations draw the same."""
    engine = open_engine(url)
    all_tables().create_all(engine)
    engine.dispose()


def _address(socket: str, name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={socket}"


def _server(socket: str, name: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=socket, user="postgres", dbname=name, autocommit=True)


def _empty(socket: str, url: str) -> None:
    """As it was made, a dozen times as fast as making it; whoever is still connected is sent away."""
    name = url.split("?", maxsplit=1)[0].rpartition("/")[2]
    tables = [f'"{table}"' for table in all_tables().tables]
    with _server(socket, name) as database, database.transaction():
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        database.execute("SET LOCAL session_replication_role = replica")  # foreign keys wait
        database.execute(";".join(f"DELETE FROM {table}" for table in tables))
        used = database.execute(
            "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
        ).fetchall()
        database.execute(";".join(f"ALTER SEQUENCE {row[0]} RESTART" for row in used) or "SELECT 1")
