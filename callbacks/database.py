"""The engine, the base of every table, and Moment: the only column type for time."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

RESTED = 0.5
"""Seconds after which a connection is asked whether it still holds: no server restarts within less. Asked
each time, every unit of work would wait for one more answer."""

RESTS_SINCE = "rests since"

LOCK_WAIT = 8.0
"""Seconds a writer waits for another before giving up: well inside the carrier's 15 s for an answer."""


class Moment(TypeDecorator[datetime]):
    """An instant. Goes in aware, is kept as UTC, comes out aware; a moment without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite drops zones silently, so it is given UTC without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; give an aware moment")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """What SQLite kept without a zone was UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the desk. The naming convention lets a migration find a constraint by name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[str]: JSON}


class Alarmed:
    """A row for which time alone will change something: at `alarm_at`, and not again while claimed."""

    alarm_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]


def open_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL that survives a restart of the server behind it."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": LOCK_WAIT})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    patience = f"-c lock_timeout={int(LOCK_WAIT * 1000)} -c statement_timeout=60000"
    engine = create_engine(url, connect_args={"connect_timeout": 4, "options": patience})
    event.listen(engine, "checkin", _rests)
    event.listen(engine, "checkout", partial(_is_still_there, engine.dialect))
    return engine


@contextmanager
def look(engine: Engine) -> Iterator[Session]:
    """A session that writes nothing, and so never waits for a writer.

    On PostgreSQL it is not taken back: its driver would forget every question it has prepared, and most of a
    short look would go into planning the same ones anew.
    """
    looking = engine.execution_options(reading=True)
    with Session(looking, expire_on_commit=False, autoflush=False) as session:
        yield session
        if engine.dialect.name == "postgresql" and session.in_transaction():
            session.connection().connection.commit()


def _rests(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[RESTS_SINCE] = time.monotonic()


def _is_still_there(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Asked of a connection that has rested; where its server is gone, so is that of all the others."""
    if time.monotonic() - record.info.get(RESTS_SINCE, time.monotonic()) < RESTED:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as gone:
        raise InvalidatePoolError from gone


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """WAL lets readers and one writer live together; FULL so that what was spoken outlives a power cut."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=25"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: an upgrade in mid-transaction could only fail.

    SQLite's own waiting is unfair under contention, so we wait in short random steps of our own.
    """
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN")
        return
    raw = connection.connection.cursor()
    give_up = time.monotonic() + LOCK_WAIT
    while time.monotonic() < give_up:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as refusal:
            if "locked" not in str(refusal) and "busy" not in str(refusal):
                break
            time.sleep(random.uniform(0.0005, 0.005))  # noqa: S311 - spreads waiters, guards nothing
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")
