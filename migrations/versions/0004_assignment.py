"""Indexes of what waits and of who had a company last; an agent's breather and unanswered offers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks import database

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WAITING = sa.text("state = 'waiting'")
REACHED = sa.text("first_reached_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("agents") as agents:
        agents.add_column(sa.Column("off_the_phone_at", database.Moment(timezone=True), nullable=True))
        agents.add_column(sa.Column("unanswered", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("agents") as agents:
        agents.alter_column("unanswered", existing_type=sa.Integer(), server_default=None)
    for name, columns, where in (
        ("ix_callbacks_to_ring", ["closes", "ring_from"], WAITING),
        ("ix_callbacks_reached", ["subscription_id", "first_reached_at"], REACHED),
    ):
        op.create_index(name, "callbacks", columns, sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_callbacks_subscription_id", table_name="callbacks")


def downgrade() -> None:
    op.create_index("ix_callbacks_subscription_id", "callbacks", ["subscription_id"])
    op.drop_index("ix_callbacks_reached", table_name="callbacks")
    op.drop_index("ix_callbacks_to_ring", table_name="callbacks")
    with op.batch_alter_table("agents") as agents:
        agents.drop_column("unanswered")
        agents.drop_column("off_the_phone_at")
