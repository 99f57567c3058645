"""Screens on a wall have a key of their own that lasts until somebody ends it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks.database import Moment

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "displays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=True),
        sa.Column("code_ends_at", Moment(timezone=True), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("began_at", Moment(timezone=True), nullable=True),
        sa.Column("seen_at", Moment(timezone=True), nullable=True),
        sa.Column("revoked_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_displays")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_displays_code_digest")),
        sa.UniqueConstraint("digest", name=op.f("uq_displays_digest")),
    )


def downgrade() -> None:
    op.drop_table("displays")
