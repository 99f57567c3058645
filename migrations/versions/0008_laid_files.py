"""A file of subscriptions lies before the desk until it is taken."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks.database import Moment

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "laid_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("updates", sa.Boolean(), nullable=False),
        sa.Column("laid_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_laid_files_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laid_files")),
        sa.UniqueConstraint("agent_id", name=op.f("uq_laid_files_agent_id")),
    )


def downgrade() -> None:
    op.drop_table("laid_files")
