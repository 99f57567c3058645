"""Tokens of other programs, what they asked for, and the indexes that searching wants."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks import database

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BROKEN = "coalesce(first_rang_at, closed_at) > closes"
SEARCHED = {
    "ix_callbacks_received_at": ["received_at"],
    "ix_callbacks_state_received_at": ["state", "received_at"],
    "ix_callbacks_agent_id_received_at": ["agent_id", "received_at"],
    "ix_callbacks_subscription_id_received_at": ["subscription_id", "received_at"],
}


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", database.Moment(timezone=True), nullable=False),
        sa.Column("last_used_at", database.Moment(timezone=True), nullable=True),
        sa.Column("revoked_at", database.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
        sa.UniqueConstraint("name", name=op.f("uq_tokens_name")),
    )
    op.create_table(
        "asked",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("at", database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_asked_token_id_tokens")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_asked")),
    )
    op.create_index("ix_asked_at", "asked", ["at"])
    for name, columns in SEARCHED.items():
        op.create_index(name, "callbacks", columns)
    broken = sa.text(BROKEN)
    op.create_index(
        "ix_callbacks_broken", "callbacks", ["received_at"], sqlite_where=broken, postgresql_where=broken
    )


def downgrade() -> None:
    for name in ("ix_callbacks_broken", *SEARCHED):
        op.drop_index(name, "callbacks")
    op.drop_index("ix_asked_at", "asked")
    op.drop_table("asked")
    op.drop_table("tokens")
