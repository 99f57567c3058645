"""At risk where nobody can take it: what `at_risk_from` is else, and an index of those few."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks import database

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NOBODYS = sa.text("little_left_from IS NOT NULL AND first_rang_at IS NULL AND state != 'closed'")


def upgrade() -> None:
    op.add_column("callbacks", sa.Column("little_left_from", database.Moment(timezone=True), nullable=True))
    op.create_index(
        "ix_callbacks_nobodys", "callbacks", ["closes"], sqlite_where=NOBODYS, postgresql_where=NOBODYS
    )


def downgrade() -> None:
    op.drop_index("ix_callbacks_nobodys", table_name="callbacks")
    op.drop_column("callbacks", "little_left_from")
