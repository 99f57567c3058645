"""Signing in: who is signed in, from where and until when; each beginning, failure and end in the journal."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from callbacks import journal
from callbacks.agent import Agent
from callbacks.database import Base
from callbacks.sign_in_guard import TRUSTED, SignInTry
from callbacks.work import Work

LASTS = timedelta(hours=12)
"""One long shift. It is never extended: tomorrow everybody signs in anew."""
IDLE = timedelta(hours=2)
"""A browser that is not heard of for so long is signed out; an open board is heard of all the time."""
NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a browser was last heard of."""
KEPT = max(timedelta(days=90), TRUSTED)
"""How long a stay or a try is remembered; the journal remembers longer."""


class SignIn(Base):
    """One stay of a person at the desk. The key that the browser holds is kept as its digest only."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(60), default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    agent: Mapped[Agent] = relationship()

    def lasts(self, now: datetime) -> bool:
        """Whether its key still opens the desk."""
        return self.ended_at is None and now < self.ends_at and now < self.seen_at + IDLE


def begin(work: Work, agent: Agent, address: str, browser: str = "", way: str = "password") -> str:
    """Sign this person in and return the key of the stay; a new one each time."""
    key = secrets.token_urlsafe(32)
    stay = SignIn(
        digest=_digest(key), agent_id=agent.id, address=address[:64], browser=browser[:60],
        began_at=work.now, seen_at=work.now, ends_at=work.now + LASTS,
    )  # fmt: skip
    work.session.add(stay)
    _write(work, "signed_in", agent.sign_in, address, way=way)
    return key


def end(work: Work, key: str, address: str) -> None:
    """Sign out: the key opens nothing from now on. Safe to repeat."""
    stay = _stay(work.session, key)
    if stay is not None and stay.ended_at is None:
        stay.ended_at = work.now
        _write(work, "signed_out", stay.agent.sign_in, address)


def end_other(work: Work, agent: Agent, stay_id: int, address: str) -> bool:
    """Sign a person out at one browser, from another. Whether there was such a stay of theirs."""
    stay = work.held(SignIn, stay_id)
    if stay is None or stay.agent_id != agent.id or not stay.lasts(work.now):
        return False
    stay.ended_at = work.now
    _write(work, "signed_out", agent.sign_in, address, elsewhere=True)
    return True


def end_all(work: Work, agent: Agent, but: str = "") -> None:
    """Sign a person out everywhere; but not where this key is held."""
    running = update(SignIn).where(SignIn.agent_id == agent.id, SignIn.ended_at.is_(None))
    ended = running.where(SignIn.digest != _digest(but)).values(ended_at=work.now)
    work.session.execute(ended, execution_options={"synchronize_session": False})


def end_everywhere(work: Work, agent: Agent, address: str) -> None:
    """A person signs out everywhere, here too."""
    end_all(work, agent)
    _write(work, "signed_out", agent.sign_in, address, everywhere=True)


def failed(work: Work, name: str, address: str, known: bool, way: str = "password") -> None:
    """What was typed as a name may be a password or a person: it hangs beside the chain."""
    personal = {"name": name[:80], "address": address}
    facts = {"known": known, "way": way}
    journal.write(work, journal.DESK, "sign_in_failed", "desk", facts=facts, personal=personal)


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


def stay(session: Session, key: str, now: datetime) -> SignIn | None:
    """The stay that this key opens, while it lasts and its person has not left."""
    found = _stay(session, key)
    return found if found and found.lasts(now) and found.agent.left_at is None else None


def person(session: Session, key: str, now: datetime) -> Agent | None:
    """Who holds this key now."""
    found = stay(session, key, now)
    return found.agent if found else None


def is_to_be_noted(stay: SignIn, now: datetime) -> bool:
    """Whether it is time to write down that the browser was heard of."""
    return now - stay.seen_at >= NOTED_EVERY


def seen(work: Work, stay_id: int) -> None:
    """Its browser was heard of."""
    heard = update(SignIn).where(SignIn.id == stay_id, SignIn.seen_at < work.now).values(seen_at=work.now)
    work.session.execute(heard, execution_options={"synchronize_session": False})


def stays(work: Work, agent: Agent) -> Sequence[SignIn]:
    """Where this person is signed in now; the last to come first."""
    theirs = select(SignIn).where(SignIn.agent_id == agent.id, SignIn.ended_at.is_(None))
    found = work.session.scalars(theirs.order_by(SignIn.began_at.desc(), SignIn.id.desc()))
    return [stay for stay in found if stay.lasts(work.now)]


def _stay(session: Session, key: str) -> SignIn | None:
    held = select(SignIn).where(SignIn.digest == _digest(key)).options(joinedload(SignIn.agent))
    return session.scalar(held)


def _write(work: Work, move: str, sign_in: str, address: str, **facts: Any) -> None:
    personal = {"address": address}
    journal.write(work, journal.DESK, move, f"agent:{sign_in}", facts=facts, personal=personal)


def _digest(key: str) -> str:
    """The key is long and random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()
