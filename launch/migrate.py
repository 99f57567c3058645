"""The database brought to the newest form, once, however many come to do it: `python -m launch.migrate`."""

import importlib
import pkgutil
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, inspect, make_url, text

import callbacks
from callbacks.database import Base, open_engine
from callbacks.errors import Refused
from launch.refusal import or_says_why
from settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
ONE_AT_A_TIME = 7_255_422
"""The advisory lock that lets one of several starting processes migrate a PostgreSQL database."""


def all_tables() -> MetaData:
    """The metadata of every table; any file of the core may hold one."""
    for module in pkgutil.walk_packages(callbacks.__path__, "callbacks."):
        importlib.import_module(module.name)
    return Base.metadata


def upgrade(database_url: str) -> None:
    """Run every migration the database has not seen; a new SQLite file is made where there is none."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(database_url)
    try:
        seen = _seen(engine)
        if seen is not None and seen not in _migrations():
            raise Refused(f"the database was used by a newer version (migration {seen}): start that one")
        if seen != head():
            with engine.begin() as connection:
                _upgrade(connection)
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    """One at a time; those who waited find nothing left to do. Alembic is slow to load, so only here."""
    from alembic import command  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    command.upgrade(config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has seen every migration this code knows."""
    return _seen(engine) == head()


def _seen(engine: Engine) -> str | None:
    """The newest migration that the database has seen."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        seen: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return seen


def head() -> str:
    """The newest migration: the one that no other follows."""
    known = _migrations()
    (newest,) = known.keys() - known.values()
    return newest


@cache
def _migrations() -> dict[str, str | None]:
    """Each migration, and the one it follows. Read from the files: loading Alembic takes a while."""
    texts = [path.read_text() for path in (MIGRATIONS / "versions").glob("*.py")]
    found = [
        [
            re.search(rf"^{word}\b.*= [\"'](\w+)[\"']", text, re.MULTILINE)
            for word in ("revision", "down_revision")
        ]
        for text in texts
    ]
    return {name[1]: follows and follows[1] for name, follows in found if name}


def config(connection: Connection) -> "Config":
    """Alembic's configuration, with the connection that its env takes."""
    from alembic.config import Config  # noqa: PLC0415

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


if __name__ == "__main__":
    with or_says_why():
        upgrade(Settings.load().database_url)
