"""A desk with years behind it: closed requests, their calls and journal lines, made in bulk."""

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, Table, text

from callbacks.call import Call
from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.journal import Entry

FAR = 10_000_000
"""Where their ids begin."""

CALLS = {"call_sid": "'CA-bench-' || n", "ended_at": "started_at", "alarm_at": "NULL"}
CALLBACKS = {
    "reference": "'b' || n",
    "call_id": f"{FAR} + n",
    "state": "'closed'",
    "closed_at": "received_at",
    "alarm_at": "NULL",
    "agent_id": "NULL",
    "caller": f"'+3934' || ({FAR} + n)",
    "number": f"'+3934' || ({FAR} + n)",
}
ENTRIES = {"subject": f"'callback/' || ({FAR} + n)", "told_at": "written_at", "alarm_at": "NULL"}

SETTLED = {
    "sqlite": ("PRAGMA wal_checkpoint(TRUNCATE)", "ANALYZE"),
    "postgresql": ("VACUUM ANALYZE", "CHECKPOINT"),
}
"""What a database does by itself over the years, and not in the minute after a million rows."""


def add_closed(database_url: str, many: int) -> None:
    """So many of each, copied from the first there is; the desk must have taken one call before."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        for kind, changes in ((Call, CALLS), (Callback, CALLBACKS), (Entry, ENTRIES)):
            copy(connection, kind.__table__, changes, many)  # type: ignore[arg-type]
    settle(engine)
    engine.dispose()


def settle(engine: Engine) -> None:
    """As it is once what was added in bulk is old."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.rollback()  # what settles a database is done in no transaction
        for statement in SETTLED[engine.dialect.name]:
            connection.connection.cursor().execute(statement)


def copy(connection: Connection, table: Table, changes: Mapping[str, str], many: int) -> None:
    """So many more like the first row, but for what `changes` says of the n-th."""
    columns = [column.name for column in table.columns]
    given = {"id": f"{FAR} + n", **changes}
    quoted = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(given.get(name, f'"{name}"') for name in columns)
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {many})"
    first = f"(SELECT * FROM {table.name} ORDER BY id LIMIT 1) AS first"
    copy = f"INSERT INTO {table.name} ({quoted}) {numbers} SELECT {values} FROM {first}, numbers"
    connection.execute(text(copy))
