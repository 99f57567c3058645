"""What is late is added up from indexes alone; what is unsolved and still open is marked so."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SUMS = {
    "ix_counted_broken_sums": (["day", "cause", "stand", "late_seconds"], "stand IN ('late', 'broken')"),
    "ix_counted_unsolved_sums": (["day", "solve_cause", "is_unsolved"], "solve = 'missed'"),
}


def upgrade() -> None:
    op.add_column(
        "counted", sa.Column("is_unsolved", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.execute(
        "UPDATE counted SET is_unsolved = true WHERE solve = 'missed'"
        " AND callback_id IN (SELECT id FROM callbacks WHERE closed_at IS NULL)"
    )
    for name, (columns, which) in SUMS.items():
        where = sa.text(which)
        op.create_index(name, "counted", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in SUMS:
        op.drop_index(name, table_name="counted")
    op.drop_column("counted", "is_unsolved")
