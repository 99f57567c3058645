"""A file of subscriptions laid before the desk and not taken yet: one a person, for a day."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.agent import Agent
from callbacks.database import Base
from callbacks.work import Work

KEPT = timedelta(days=1)


class LaidFile(Base):
    """What a person uploaded; `updates` where companies that are known are to be put on its terms."""

    __tablename__ = "laid_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    updates: Mapped[bool]
    laid_at: Mapped[datetime]


def lay(work: Work, agent: Agent, name: str, content: bytes, *, updates: bool) -> None:
    """In place of what this person laid before."""
    forget(work, agent)
    work.session.add(
        LaidFile(agent_id=agent.id, name=name[:120], content=content, updates=updates, laid_at=work.now)
    )


def forget(work: Work, agent: Agent) -> None:
    """Nothing of this person's lies here any more."""
    gone = delete(LaidFile).where(LaidFile.agent_id == agent.id)
    work.session.execute(gone, execution_options={"synchronize_session": False})


def forget_old(work: Work) -> int:
    """Whatever anybody left lying for a day goes. Returns how many."""
    old = delete(LaidFile).where(LaidFile.laid_at < work.now - KEPT)
    done = work.session.execute(old, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], done).rowcount


def of(session: Session, agent: Agent) -> LaidFile | None:
    """What this person laid before the desk."""
    return session.scalar(select(LaidFile).where(LaidFile.agent_id == agent.id))
