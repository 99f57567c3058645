"""A note that is still being written: each person's own, kept on the server until it is sent or given up."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.database import Base
from callbacks.journal import Entry
from callbacks.moves import Move
from callbacks.work import Work

KEPT = timedelta(days=30)
"""A note that nobody went on with for so long is let go."""


class Draft(Base):
    """One person's unsent words about one request; nobody else ever sees them."""

    __tablename__ = "drafts"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(index=True)


def of(session: Session, agent: Agent, callback: Callback) -> str:
    """What this person was writing about this request; empty where nothing."""
    found = session.get(Draft, (agent.id, callback.id))
    return found.text if found else ""


def keep(
    work: Work, agent: Agent, callback: Callback, text: str, on: Collection[str] | None = None
) -> str | None:
    """As far as they have written it. What was sent meanwhile stands in the journal and is no draft again.

    `on` is what their window knows to be kept, or may be: where another window of theirs has kept something
    else since, that stays, and is returned.
    """
    found = work.session.get(Draft, (agent.id, callback.id), with_for_update=True)
    if found is not None and on is not None and not _is_one_of(found.text, [text, *on]):
        return found.text
    if not text.strip() or _was_sent(work.session, agent, callback, text.strip()):
        forget(work, agent, callback)
    elif found is None:
        work.session.add(Draft(agent_id=agent.id, callback_id=callback.id, text=text, saved_at=work.now))
    else:
        found.text, found.saved_at = text, work.now
    return None


def sent(work: Work, agent: Agent, callback: Callback, text: str, on: Collection[str] | None = None) -> None:
    """Their note stands in the journal; what another window of theirs has kept since stays a draft."""
    if on is None or _is_one_of(of(work.session, agent, callback), [text, *on]):
        forget(work, agent, callback)


def forget(work: Work, agent: Agent, callback: Callback) -> None:
    """It was sent, or is wanted no more."""
    mine = delete(Draft).where(Draft.agent_id == agent.id, Draft.callback_id == callback.id)
    work.session.execute(mine)


def forget_of(work: Work, agent: Agent) -> None:
    """All that somebody who leaves had not sent."""
    work.session.execute(delete(Draft).where(Draft.agent_id == agent.id))


def forget_about(work: Work, callback_ids: list[int]) -> None:
    """What was being written about requests whose people are to be forgotten."""
    work.session.execute(delete(Draft).where(Draft.callback_id.in_(callback_ids)))


def forget_old(work: Work) -> int:
    """What nobody went on with goes. Returns how many."""
    old = delete(Draft).where(Draft.saved_at < work.now - KEPT)
    done = work.session.execute(old, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], done).rowcount


def _is_one_of(kept: str, known: Collection[str]) -> bool:
    return kept.strip() in {each.strip() for each in known}


def _was_sent(session: Session, agent: Agent, callback: Callback, text: str) -> bool:
    """Whether it is this person's newest note: a page that keeps may come in after the one that sent."""
    newest = (
        select(Entry)
        .where(Entry.subject == callback.subject, Entry.move == Move.NOTED)
        .where(Entry.by == f"agent:{agent.sign_in}")
        .order_by(Entry.seq.desc())
    )
    entry = session.scalar(newest.limit(1))
    return entry is not None and entry.personal is not None and entry.personal.body.get("text") == text
