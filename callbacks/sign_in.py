"""Signing in: who is signed in, from where and until when; each beginning, failure and end in the journal."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from callbacks import journal
from callbacks.agent import Agent
from callbacks.database import Base
from callbacks.sign_in_guard import TRUSTED, SignInTry
from callbacks.work import Work

LASTS = timedelta(hours=12)
"""One long shift. It is never extended: tomorrow everybody signs in anew."""
KEPT = max(timedelta(days=90), TRUSTED)
"""How long a stay or a try is remembered; the journal remembers longer."""


class SignIn(Base):
    """One stay of a person at the desk. The key that the browser holds is kept as its digest only."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    agent: Mapped[Agent] = relationship()


def begin(work: Work, agent: Agent, address: str) -> str:
    """Sign this person in and return the key of the stay; a new one each time."""
    key = secrets.token_urlsafe(32)
    stay = SignIn(digest=_digest(key), agent_id=agent.id, began_at=work.now, ends_at=work.now + LASTS)
    work.session.add(stay)
    _write(work, "signed_in", agent.sign_in, address)
    return key


def end(work: Work, key: str, address: str) -> None:
    """Sign out: the key opens nothing from now on. Safe to repeat."""
    stay = _stay(work.session, key)
    if stay is not None and stay.ended_at is None:
        stay.ended_at = work.now
        _write(work, "signed_out", stay.agent.sign_in, address)


def failed(work: Work, name: str, address: str, known: bool) -> None:
    """What was typed as a name may be a password or a person: it hangs beside the chain."""
    personal = {"name": name[:80], "address": address}
    journal.write(work, journal.DESK, "sign_in_failed", "desk", facts={"known": known}, personal=personal)


def forget_old(work: Work) -> int:
    """Stays that ended long ago, and tries that no guard counts any more, go. Returns how many."""
    before = work.now - KEPT
    gone = 0
    for old in (
        delete(SignIn).where(SignIn.ends_at < before),
        delete(SignInTry).where(SignInTry.at < before),
    ):
        done = work.session.execute(old, execution_options={"synchronize_session": False})
        gone += cast(CursorResult[Any], done).rowcount
    return gone


def person(session: Session, key: str, now: datetime) -> Agent | None:
    """Who holds this key, while the stay lasts and the person has not left."""
    stay = _stay(session, key)
    if stay is None or stay.ended_at is not None or stay.ends_at <= now or stay.agent.left_at is not None:
        return None
    return stay.agent


def _stay(session: Session, key: str) -> SignIn | None:
    held = select(SignIn).where(SignIn.digest == _digest(key)).options(joinedload(SignIn.agent))
    return session.scalar(held)


def _write(work: Work, move: str, sign_in: str, address: str) -> None:
    journal.write(work, journal.DESK, move, f"agent:{sign_in}", personal={"address": address})


def _digest(key: str) -> str:
    """The key is long and random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()
