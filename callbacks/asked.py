"""What a program asked for under a key of its own: kept a day, so that asking again does nothing twice."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from callbacks.database import Base
from callbacks.errors import Refused
from callbacks.token import Token
from callbacks.work import Work

KEPT = timedelta(days=1)


class Asked(Base):
    """One act that was done. `what` is the digest of what was asked, so that no key stands for two things."""

    __tablename__ = "asked"

    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    what: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class KeyReused(Refused):
    """The key stood for something else."""


def is_new(work: Work, token: Token, key: str, what: str) -> bool:
    """Whether this is still to be done; it is remembered in the same work that does it.

    What is refused is rolled back with this line, and so judged anew when asked again. Of two hands with one
    key at one instant `Desk.do` repeats the loser, which then sees that it was done.
    """
    work.session.execute(delete(Asked).where(Asked.at <= work.now - KEPT))
    known = work.session.get(Asked, (token.id, key))
    if known is not None and known.what != what:
        raise KeyReused("this Idempotency-Key was given with another request: use a new key for each")
    if known is None:
        work.session.add(Asked(token_id=token.id, key=key, what=what, at=work.now))
        work.session.flush()
    return known is None
