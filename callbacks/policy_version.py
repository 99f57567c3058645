"""The versions of the policy, kept whole in the database: each holds from its moment until the next."""

from datetime import datetime

from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Base


class PolicyVersion(Base):
    """One version: its whole text, who made it, when, from where, and why.

    `file` is the policy file as it was taken in by this version; None where a page or a command made it.
    """

    __tablename__ = "policy_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(500))
    file: Mapped[str | None] = mapped_column(Text)


NEWEST = select(func.max(PolicyVersion.number))
"""Written once: every process asks it each second."""


def newest(session: Session) -> PolicyVersion | None:
    """The version that was made last."""
    return session.scalar(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(1))


def history(session: Session, limit: int = 50) -> list[PolicyVersion]:
    """The versions, newest first."""
    return list(session.scalars(select(PolicyVersion).order_by(PolicyVersion.number.desc()).limit(limit)))


def newest_file(session: Session) -> str | None:
    """The policy file as it was when last taken in."""
    taken = select(PolicyVersion.file).where(PolicyVersion.file.is_not(None))
    return session.scalar(taken.order_by(PolicyVersion.number.desc()).limit(1))
