"""Promises counted one by one, and the sums of each day beside them: nothing that cannot be counted anew."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from callbacks.database import Moment

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SUMS = (
    "promised", "kept", "late", "broken", "open", "ended", "late_seconds", "handled_met", "handled_missed",
    "solve_1_met", "solve_1_missed", "solve_2_met", "solve_2_missed", "rings", "misses", "reached",
)  # fmt: skip
BROKEN = sa.text("stand IN ('late', 'broken')")
UNSOLVED = sa.text("solve = 'missed'")


def upgrade() -> None:
    op.create_table(
        "counted",
        sa.Column("callback_id", sa.Integer(), nullable=False),
        *(_number(name) for name in ("seq", "hour", "level", "late_seconds", "rings", "misses")),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("agent", sa.String(80), nullable=True),
        sa.Column("topic", sa.String(60), nullable=True),
        sa.Column("calendar", sa.String(64), nullable=True),
        sa.Column("closes", Moment(timezone=True), nullable=False),
        sa.Column("solve_by", Moment(timezone=True), nullable=False),
        sa.Column("stand", sa.String(10), nullable=False),
        *(_word(name, 10) for name in ("handled", "solve", "solve_1", "solve_2")),
        *(_word(name, 20) for name in ("cause", "solve_cause")),
        *(sa.Column(name, sa.Integer(), nullable=True)
          for name in ("rang", "rang_wall", "reached", "reached_wall")),
        sa.Column("due_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name=op.f("fk_counted_callback_id_callbacks")
        ),
        sa.PrimaryKeyConstraint("callback_id", name=op.f("pk_counted")),
    )  # fmt: skip
    for columns in (["day", "stand"], ["subscription_id", "day"], ["agent", "day"], ["due_at"]):
        op.create_index(op.f(f"ix_counted_{'_'.join(columns)}"), "counted", columns)
    op.create_index("ix_counted_broken", "counted", ["closes"], sqlite_where=BROKEN, postgresql_where=BROKEN)
    op.create_index(
        "ix_counted_unsolved", "counted", ["solve_by"], sqlite_where=UNSOLVED, postgresql_where=UNSOLVED
    )
    op.create_table(
        "day_sums",
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("of", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(_number(name) for name in SUMS),
        sa.Column("spread", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("part", "of", "day", name=op.f("pk_day_sums")),
    )
    op.create_index(op.f("ix_day_sums_part_day"), "day_sums", ["part", "day"])
    op.create_table(
        "counting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("looked_until", Moment(timezone=True), nullable=False),
        sa.Column("walked_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counting")),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _word(name: str, longest: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(longest), nullable=True)


def downgrade() -> None:
    for table in ("counting", "day_sums", "counted"):
        op.drop_table(table)
