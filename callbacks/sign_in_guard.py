"""Repeated failures to sign in: each makes the next wait longer, and nobody is locked out by a stranger."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.database import Base
from callbacks.work import Work

COUNTED = timedelta(minutes=15)
TRUSTED = timedelta(days=90)
"""An address from which this person signed in so recently is not slowed by what strangers try elsewhere."""


@dataclass(frozen=True)
class Limit:
    """So many failures cost nothing; each one more doubles the wait, up to the longest."""

    free: int
    longest: timedelta


HERE = Limit(5, timedelta(seconds=60))
"""One name from one address: somebody forgot, or guesses."""
ADDRESS = Limit(40, timedelta(seconds=60))
"""One address with any names. A whole office may share one."""
NAME = Limit(30, timedelta(seconds=10))
"""One name from anywhere: a guess in many hands. Short, for it may be aimed at locking a person out."""


class SignInTry(Base):
    """One try. Names are kept as digests: people type their password there."""

    __tablename__ = "sign_in_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    right: Mapped[bool]


def begin(work: Work, name: str, address: str) -> int:
    """Count a try, as a wrong one until it has proved right. Returns its id."""
    tried = SignInTry(at=work.now, name=_digest(work, name), address=address[:64], right=False)
    work.session.add(tried)
    work.session.flush()
    return tried.id


def was_right(work: Work, try_id: int) -> None:
    """The password was the person's."""
    tried = work.held(SignInTry, try_id)
    if tried is not None:
        tried.right = True


def wait(work: Work, name: str, address: str) -> timedelta:
    """How long this name must still wait at this address; zero for almost everybody."""
    by_name, by_address = SignInTry.name == _digest(work, name), SignInTry.address == address[:64]
    waits = [
        _still(work, HERE, and_(by_name, by_address)),
        _still(work, ADDRESS, by_address),
    ]
    if not _trusted(work.session, work.now, and_(by_name, by_address)):
        waits.append(_still(work, NAME, by_name))
    return max(waits)


def _still(work: Work, limit: Limit, which: ColumnElement[bool]) -> timedelta:
    wrong = and_(which, SignInTry.right.is_(False), SignInTry.at > work.now - COUNTED)
    count, last = work.session.execute(select(func.count(), func.max(SignInTry.at)).where(wrong)).one()
    if count < limit.free or last is None:
        return timedelta(0)
    pause = timedelta(seconds=2 ** min(count - limit.free, 10))
    return max(last + min(pause, limit.longest) - work.now, timedelta(0))


def _trusted(session: Session, now: datetime, here: ColumnElement[bool]) -> bool:
    right = select(SignInTry.id).where(here, SignInTry.right.is_(True), SignInTry.at > now - TRUSTED)
    return session.scalar(right.limit(1)) is not None


def _digest(work: Work, name: str) -> str:
    return hashlib.sha256(work.code_key + name.strip().lower().encode()).hexdigest()
