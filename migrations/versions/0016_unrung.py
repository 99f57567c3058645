"""An index of what is owed a ring: the wall counts it at every change, and lists what is late of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

UNRUNG = sa.text("state != 'closed' AND first_rang_at IS NULL")
COUNTED_BY = ["closes", "at_risk_from", "opens"]


def upgrade() -> None:
    op.create_index(
        "ix_callbacks_unrung", "callbacks", COUNTED_BY, sqlite_where=UNRUNG, postgresql_where=UNRUNG
    )


def downgrade() -> None:
    op.drop_index("ix_callbacks_unrung", table_name="callbacks")
