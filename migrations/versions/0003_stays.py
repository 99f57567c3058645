"""A stay tells from where and by which browser it is, and when that was last heard of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks.database import Moment

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    stays = sa.table("sign_ins", sa.column("began_at"), sa.column("seen_at"))
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("address", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("browser", sa.String(60), nullable=False, server_default=""))
        table.add_column(sa.Column("seen_at", Moment(timezone=True), nullable=True))
    op.execute(stays.update().values(seen_at=stays.c.began_at))
    with op.batch_alter_table("sign_ins") as table:
        table.alter_column("seen_at", existing_type=Moment(timezone=True), nullable=False)
        table.alter_column("address", existing_type=sa.String(64), server_default=None)
        table.alter_column("browser", existing_type=sa.String(60), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("sign_ins") as table:
        table.drop_column("seen_at")
        table.drop_column("browser")
        table.drop_column("address")
