"""An index of what is open, by all that it is counted by: every board asks, however much was closed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IS_OPEN = sa.text("state != 'closed'")
COUNTED_BY = [
    "closes", "at_risk_from", "opens", "first_rang_at", "kind", "number", "for_person", "state",
]  # fmt: skip


def upgrade() -> None:
    op.create_index(
        "ix_callbacks_backlog", "callbacks", COUNTED_BY, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_callbacks_backlog", table_name="callbacks")
