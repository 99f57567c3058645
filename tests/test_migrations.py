"""The migrations draw the same tables as the entities, on both databases, however often they are run."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from callbacks.database import open_engine
from callbacks.errors import Refused
from launch.migrate import all_tables, config, is_current, upgrade
from tests.databases import MakeDatabase


@pytest.fixture
def bare_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a single table; the SQLite file does not even exist."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path}/new/desk.sqlite3"
    make: MakeDatabase = request.getfixturevalue("make_bare_postgresql")
    return make()


@pytest.fixture
def bare(bare_url: str) -> Iterator[Engine]:
    """An engine on it, once migrated."""
    upgrade(bare_url)
    engine = open_engine(bare_url)
    yield engine
    engine.dispose()


def test_migrated_and_drawn_are_the_same(bare: Engine) -> None:
    with bare.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert not compare_metadata(context, all_tables())


def test_a_second_migration_changes_nothing(bare: Engine, bare_url: str) -> None:
    before = set(inspect(bare).get_table_names())
    upgrade(bare_url)
    assert set(inspect(bare).get_table_names()) == before
    assert is_current(bare)


def test_a_desk_that_was_never_migrated_says_so(bare: Engine) -> None:
    with bare.begin() as connection:
        command.stamp(config(connection), "base")
    assert not is_current(bare)


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(bare: Engine, bare_url: str) -> None:
    with bare.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))
    with pytest.raises(Refused, match="used by a newer version"):
        upgrade(bare_url)


def test_the_way_back_leaves_nothing_of_ours(bare: Engine) -> None:
    with bare.begin() as connection:
        command.downgrade(config(connection), "base")
    assert set(inspect(bare).get_table_names()) <= {"alembic_version"}


def test_programs_that_start_together_migrate_once(bare_url: str) -> None:
    if bare_url.startswith("sqlite"):
        Path(bare_url.removeprefix("sqlite:///")).parent.mkdir()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, [bare_url] * 3))
    engine = open_engine(bare_url)
    assert is_current(engine)
    engine.dispose()
