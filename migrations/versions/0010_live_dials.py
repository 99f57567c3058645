"""An index of the dials under way: every page asks for them, and they are few among all that ever were."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_dials_live"), "dials", ["live"])


def downgrade() -> None:
    op.drop_index(op.f("ix_dials_live"), table_name="dials")
