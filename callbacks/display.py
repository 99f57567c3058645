"""Displays: screens on a wall that show how the desk stands, and nothing else, until somebody ends them."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks import journal
from callbacks.database import Base
from callbacks.errors import NotFound, Refused, Sentence
from callbacks.work import Work

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of a code: none that is taken for another when it is read from a screen across the room."""
LENGTH = 10
CODE_LASTS = timedelta(hours=1)
"""Long enough to walk to the screen; a link that is found later opens nothing."""
NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a display was last heard of."""
LONGEST = 60


class Display(Base):
    """One screen. What begins it is a code, good once; what keeps it is a key that nobody ever sees.

    Of both only the digest is kept.
    """

    __tablename__ = "displays"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST))
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_ends_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def waits(self, now: datetime) -> bool:
        """Whether a code of its is out that was not used yet."""
        return self.code_ends_at is not None and now < self.code_ends_at and self.revoked_at is None


def make(work: Work, name: str, by: str) -> tuple[Display, str]:
    """A new display, and the code that begins it: shown this once."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST or not plain.isprintable():
        raise Refused(Sentence("display_name", "say where the display hangs, in up to 60 letters"))
    living = select(Display.name).where(Display.revoked_at.is_(None))
    if plain.casefold() in {known.casefold() for known in work.session.scalars(living)}:
        words = "there is a display {name} already: give this one another name"
        raise Refused(Sentence("display_taken", words, {"name": plain}))
    display = Display(name=plain, made_at=work.now)
    work.session.add(display)
    code = _give_code(work, display)
    _write(work, "display_made", by, display)
    return display, code


def new_code(work: Work, number: int, by: str) -> tuple[Display, str]:
    """Begin it anew, on another screen or after its browser was emptied; where it runs it runs until then."""
    display = _living(work, number)
    code = _give_code(work, display)
    _write(work, "display_linked", by, display)
    return display, code


def begin(work: Work, code: str) -> str | None:
    """The key of the display whose code this is; None where it is nobody's, used up or too old."""
    digest = _code_digest(work, code)
    found = work.session.scalar(select(Display).where(Display.code_digest == digest).with_for_update())
    if found is None or not found.waits(work.now):
        return None
    key = secrets.token_urlsafe(32)
    found.digest, found.code_digest, found.code_ends_at = _digest(key), None, None
    found.began_at = found.seen_at = work.now
    _write(work, "display_began", journal.DESK, found)
    return key


def find(session: Session, key: str) -> Display | None:
    """The display that holds this key, unless it was ended."""
    digest = _digest(key)
    found = session.scalar(select(Display).where(Display.digest == digest, Display.revoked_at.is_(None)))
    return found if found and hmac.compare_digest(found.digest or "", digest) else None


def revoke(work: Work, number: int, by: str) -> str:
    """From now on it shows nothing. Safe to repeat. Returns its name."""
    display = work.held(Display, number)
    if display is None:
        raise NotFound("no such display")
    if display.revoked_at is None:
        display.revoked_at = work.now
        display.digest = display.code_digest = display.code_ends_at = None
        _write(work, "display_revoked", by, display)
    return display.name


def is_to_be_noted(display: Display, now: datetime) -> bool:
    """Whether it is time to write down that it was heard of."""
    return display.seen_at is None or now - display.seen_at >= NOTED_EVERY


def seen(work: Work, number: int) -> None:
    """It was heard of."""
    earlier = or_(Display.seen_at.is_(None), Display.seen_at < work.now)
    work.session.execute(update(Display).where(Display.id == number, earlier).values(seen_at=work.now))


def listed(session: Session) -> Sequence[Display]:
    """Every display there is or was: those that live first, by name."""
    order = (Display.revoked_at.is_not(None), Display.revoked_at.desc(), Display.name)
    return list(session.scalars(select(Display).order_by(*order)))


def _living(work: Work, number: int) -> Display:
    display = work.held(Display, number)
    if display is None or display.revoked_at is not None:
        raise NotFound("no such display")
    return display


def _give_code(work: Work, display: Display) -> str:
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    display.code_digest, display.code_ends_at = _code_digest(work, code), work.now + CODE_LASTS
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def _code_digest(work: Work, code: str) -> str:
    """Keyed, for a code is short enough to be tried out. Dashes, spaces and small letters are no mistake."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hmac.new(work.code_key, plain.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _digest(key: str) -> str:
    """The key is long and random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _write(work: Work, move: str, by: str, display: Display) -> None:
    journal.write(work, journal.DESK, move, by, facts={"name": display.name})
