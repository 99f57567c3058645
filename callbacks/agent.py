"""An agent or supervisor: who answers for a callback."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Base


class Role(StrEnum):
    """What somebody at the desk may do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Agent(Base):
    """A person at the desk. `sign_in` is a short name in lower case; `phone` is E.164."""

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20), default=Role.AGENT)
    level: Mapped[int] = mapped_column(default=1)
    languages: Mapped[list[str]]
    phone: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


def by_sign_in(session: Session, sign_in: str) -> Agent | None:
    """The person who signs in by this name and has not left."""
    named = select(Agent).where(Agent.sign_in == sign_in.strip().lower(), Agent.left_at.is_(None))
    return session.scalar(named)
