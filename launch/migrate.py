"""The database brought to the newest form, once, however many come to do it at the same time."""

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, make_url, text

import callbacks
from callbacks.database import Base, open_engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
ONE_AT_A_TIME = 7_255_422
"""The advisory lock that lets one of several starting processes migrate a PostgreSQL database."""


def all_tables() -> MetaData:
    """The metadata of every table; any file of the core may hold one."""
    for module in pkgutil.iter_modules(callbacks.__path__):
        importlib.import_module(f"callbacks.{module.name}")
    return Base.metadata


def upgrade(database_url: str) -> None:
    """Run every migration the database has not seen; a new SQLite file is made where there is none."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(database_url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the database has seen every migration this code knows."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def config(connection: Connection) -> Config:
    """Alembic's configuration, with the connection that its env takes."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made
