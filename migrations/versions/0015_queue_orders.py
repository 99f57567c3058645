"""Each part of the queue has an index in its own order: what is shown of it is read, and nothing else."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IS_OPEN = "state != 'closed'"
CALLABLE = "kind = 'callback' AND number IS NOT NULL AND for_person IS NULL"
RUNG = f"{IS_OPEN} AND first_rang_at IS NOT NULL AND level = {{}} AND state {{}} 'paused'"
ORDERS = {
    "rung_0": ("solve_by_level_1", RUNG.format(1, "!=")),
    "rung_1": ("solve_by_level_2", RUNG.format(2, "!=")),
    "rung_2": ("solve_by_level_1", RUNG.format(1, "=")),
    "rung_3": ("solve_by_level_2", RUNG.format(2, "=")),
    "to_look_at": ("closes", f"{IS_OPEN} AND NOT ({CALLABLE}) AND kind != 'sales'"),
    "for_sales": ("received_at", f"{IS_OPEN} AND kind = 'sales'"),
}


def upgrade() -> None:
    for name, (column, which) in ORDERS.items():
        of = sa.text(which)
        op.create_index(f"ix_callbacks_{name}", "callbacks", [column], sqlite_where=of, postgresql_where=of)


def downgrade() -> None:
    for name in ORDERS:
        op.drop_index(f"ix_callbacks_{name}", table_name="callbacks")
