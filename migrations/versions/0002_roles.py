"""One person may have several roles."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    people = sa.table("agents", sa.column("id"), sa.column("role"), sa.column("roles", sa.JSON()))
    with op.batch_alter_table("agents") as agents:
        agents.add_column(sa.Column("roles", sa.JSON(), nullable=True))
    each = op.get_bind().execute(sa.select(people.c.id, people.c.role)).all()
    for person in each:
        op.execute(people.update().where(people.c.id == person.id).values(roles=[person.role]))
    with op.batch_alter_table("agents") as agents:
        agents.alter_column("roles", existing_type=sa.JSON(), nullable=False)
        agents.drop_column("role")


def downgrade() -> None:
    people = sa.table("agents", sa.column("id"), sa.column("role"), sa.column("roles", sa.JSON()))
    with op.batch_alter_table("agents") as agents:
        agents.add_column(sa.Column("role", sa.String(20), nullable=True))
    for person in op.get_bind().execute(sa.select(people.c.id, people.c.roles)).all():
        op.execute(people.update().where(people.c.id == person.id).values(role=person.roles[0]))
    with op.batch_alter_table("agents") as agents:
        agents.alter_column("role", existing_type=sa.String(20), nullable=False)
        agents.drop_column("roles")
