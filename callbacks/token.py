"""Bearer tokens: the keys of other programs, made by an administrator, shown once and kept as digests."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks import journal
from callbacks.database import Base
from callbacks.errors import NotFound, Refused, Sentence
from callbacks.work import Work

PREFIX = "rb_"
"""So that a token that strays into a file or a chat is known for what it is."""

NOTED_EVERY = timedelta(minutes=1)
"""How exactly `last_used_at` is kept: exact to the minute, a reader costs at most one write a minute."""

ADMINISTRATOR = "administrator"
"""Who makes and revokes them on the command line, as the journal writes it."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


class Scope(StrEnum):
    """What the bearer may do."""

    READ = "read"
    ACT = "act"


class Token(Base):
    """A program's key. Its name stands in the journal, as `token:<name>`, before all that it did."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def by(self) -> str:
        """The bearer as the journal writes it."""
        return f"token:{self.name}"

    def may(self, scope: Scope) -> bool:
        return scope.value in self.scopes


def make(work: Work, name: str, scopes: Iterable[Scope], by: str = ADMINISTRATOR) -> str:
    """A new token, to be shown this once. No name is given twice: the journal could not tell them apart."""
    if not NAME.fullmatch(name):
        words = "name a token in up to 60 small letters, digits, dots or dashes, like billing-sync"
        raise Refused(Sentence("token_name", words))
    chosen = [scope.value for scope in Scope if scope in set(scopes)]
    if not chosen:
        raise Refused(Sentence("token_scope", "give the token at least one scope: read, act"))
    if work.session.scalar(select(Token.id).where(Token.name == name)) is not None:
        words = "there is or was a token named {name}: choose another name"
        raise Refused(Sentence("token_taken", words, {"name": name}))
    shown = PREFIX + secrets.token_urlsafe(32)
    work.session.add(Token(name=name, digest=_digest(shown), scopes=chosen, made_at=work.now))
    journal.write(work, journal.DESK, "token_made", by, facts={"token": name, "scopes": chosen})
    return shown


def revoke(work: Work, name: str, by: str = ADMINISTRATOR) -> None:
    """From now on this token opens nothing. Safe to repeat."""
    token = work.session.scalar(select(Token).where(Token.name == name).with_for_update())
    if token is None:
        raise NotFound(f"there is no token named {name}: see token list")
    if token.revoked_at is None:
        token.revoked_at = work.now
        journal.write(work, journal.DESK, "token_revoked", by, facts={"token": name})


def find(session: Session, shown: str) -> Token | None:
    """The token that was shown as this, unless revoked.

    Looked up by its digest, so that how long it takes tells nothing of how nearly a guess was right.
    """
    digest = _digest(shown)
    token = session.scalar(select(Token).where(Token.digest == digest, Token.revoked_at.is_(None)))
    return token if token is not None and hmac.compare_digest(token.digest, digest) else None


def used(work: Work, token: Token) -> None:
    """Note that it was used, at most once a minute."""
    long_ago = or_(Token.last_used_at.is_(None), Token.last_used_at <= work.now - NOTED_EVERY)
    work.session.execute(update(Token).where(Token.id == token.id, long_ago).values(last_used_at=work.now))


def is_noted(token: Token, now: datetime) -> bool:
    """Whether its use was noted within the minute."""
    return token.last_used_at is not None and now - token.last_used_at < NOTED_EVERY


def listed(session: Session) -> list[Token]:
    """Every token there is or was, by name."""
    return list(session.scalars(select(Token).order_by(Token.name)))


def _digest(shown: str) -> str:
    """A token is long and random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()
