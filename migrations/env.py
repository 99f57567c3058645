"""How Alembic finds the tables and the database: ours, on SQLite and PostgreSQL alike."""

from alembic import context
from sqlalchemy import Connection

from callbacks.database import open_engine
from launch.migrate import all_tables
from settings import Settings


def main() -> None:
    """Migrate over the connection we were given, or one of our own to the configured database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = open_engine(Settings.load().database_url)
    with engine.begin() as connection:
        migrate(connection)


def migrate(connection: Connection) -> None:
    """Batches rebuild a table where SQLite cannot alter it; all steps stand or fall together."""
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="database.",
    )
    with context.begin_transaction():
        context.run_migrations()


main()
