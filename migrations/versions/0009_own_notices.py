"""A person chooses where they are told of their own work."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks.database import Moment

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "notice_ways",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("outside_hours", sa.Boolean(), nullable=False),
        sa.Column("added_at", Moment(timezone=True), nullable=False),
        sa.Column("told_at", Moment(timezone=True), nullable=True),
        sa.Column("failed_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_notice_ways_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_ways")),
    )
    op.create_index(op.f("ix_notice_ways_agent_id"), "notice_ways", ["agent_id"])
    op.create_table(
        "own_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("way_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("alarm_at", Moment(timezone=True), nullable=True),
        sa.Column("claimed_until", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_own_notices_agent_id_agents")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_own_notices_entry_id_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_notices")),
        sa.UniqueConstraint(
            "agent_id", "entry_id", "about", name=op.f("uq_own_notices_agent_id_entry_id_about")
        ),
    )
    for column in ("alarm_at", "at", "entry_id"):
        op.create_index(op.f(f"ix_own_notices_{column}"), "own_notices", [column])


def downgrade() -> None:
    op.drop_table("own_notices")
    op.drop_table("notice_ways")
