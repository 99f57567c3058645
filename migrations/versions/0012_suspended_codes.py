"""One extension code may be suspended by itself, and taken up again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks.database import Moment

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("extension_codes", sa.Column("suspended_at", Moment(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("extension_codes", "suspended_at")
