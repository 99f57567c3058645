"""What an agent has is found at once; who waits for a language that nobody free speaks is passed by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WAITING = sa.text("state = 'waiting'")
HELD = sa.text("state IN ('assigned', 'dialling', 'talking', 'wrap_up')")


def upgrade() -> None:
    _to_ring("closes", "ring_from", "level", "language")
    op.create_index("ix_callbacks_held", "callbacks", ["agent_id"], sqlite_where=HELD, postgresql_where=HELD)


def downgrade() -> None:
    op.drop_index("ix_callbacks_held", table_name="callbacks")
    _to_ring("closes", "ring_from")


def _to_ring(*columns: str) -> None:
    op.drop_index("ix_callbacks_to_ring", table_name="callbacks")
    op.create_index(
        "ix_callbacks_to_ring", "callbacks", list(columns), sqlite_where=WAITING, postgresql_where=WAITING
    )
