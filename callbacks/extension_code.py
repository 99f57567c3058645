"""Private extension codes: made by the desk, shown once, kept only as a keyed digest to be found by."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, String, and_, bindparam, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks.database import Base
from callbacks.errors import Refused
from callbacks.phone_number import fold_digits
from callbacks.subscription import Subscription
from callbacks.work import Work

SHORTEST, LONGEST, USUAL = 4, 10, 6
"""Digits in a code."""
TRIES = 100
"""Draws before the codes of one length are held to be used up."""
NOTED_EVERY = timedelta(minutes=1)
"""How exactly `last_used_at` is kept."""
AT_ONCE = 400
"""Digests asked about in one query."""


class ExtensionCode(Base):
    """One of a subscription's codes. The digits themselves are nowhere."""

    __tablename__ = "extension_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    subscription: Mapped[Subscription] = relationship(lazy="joined")

    def used(self, now: datetime) -> None:
        """It has opened the line. If each caller wrote this row, those of one company would queue for it."""
        if self.last_used_at is None or now - self.last_used_at >= NOTED_EVERY:
            self.last_used_at = now

    def retire(self, moment: datetime) -> None:
        """It opens the line until this moment, and never longer than was settled before."""
        self.retired_at = min(filter(None, [self.retired_at, moment]))


@dataclass(frozen=True)
class Given:
    """A code as it is shown, once, to whoever is to have it."""

    company: str
    label: str
    code: str = field(repr=False)


def digest_of(key: bytes, digits: str) -> str:
    """The keyed digest under which a code is kept and found (HMAC-SHA256, hexadecimal)."""
    return hmac.new(key, digits.encode(), hashlib.sha256).hexdigest()


def digits_of(typed: str) -> str:
    """The decimal digits of what was typed, in any script; everything else falls away."""
    return "".join(sign for sign in fold_digits(typed) if sign.isdecimal())


def find(work: Work, typed: str) -> ExtensionCode | None:
    """The code that was typed, where it opens the line. The same work is done whether it exists or not."""
    digest = digest_of(work.code_key, digits_of(typed))
    found = work.session.scalar(_LIVE_OF_DIGEST, {"digest": digest, "now": work.now})
    kept = found.digest if found else "0" * 64
    return found if hmac.compare_digest(kept, digest) else None


def make(work: Work, subscription: Subscription, label: str = "", digits: int = USUAL) -> str:
    """Give the subscription a new code and return its digits: they are shown this once."""
    work.session.flush()
    return make_many(work, [(subscription.id, label)], digits)[0]


def make_many(work: Work, wanted: Sequence[tuple[int, str]], digits: int = USUAL) -> list[str]:
    """A new code for each subscription, by its number, and label, in their order."""
    if not SHORTEST <= digits <= LONGEST:
        raise Refused(f"a code has {SHORTEST} to {LONGEST} digits, not {digits}")
    made = _fresh(work, len(wanted), digits)
    rows = [
        {"subscription_id": key, "digest": digest, "label": label, "created_at": work.now}
        for (key, label), digest in zip(wanted, made, strict=True)
    ]
    if rows:
        work.session.execute(insert(ExtensionCode), rows)
    return list(made.values())


def is_live(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Has not ended at this moment; one that is suspended may open the line again."""
    return or_(ExtensionCode.retired_at.is_(None), ExtensionCode.retired_at > now)


def opens(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Opens the line at this moment."""
    return and_(is_live(now), ExtensionCode.suspended_at.is_(None))


_LIVE_OF_DIGEST = select(ExtensionCode).where(
    ExtensionCode.digest == bindparam("digest"), opens(bindparam("now"))
)
"""Written once: a caller waits while it is asked."""


def live_codes(session: Session, subscription: Subscription, now: datetime) -> list[ExtensionCode]:
    """The subscription's codes that have not ended, those that are suspended too."""
    of_subscription = select(ExtensionCode).where(ExtensionCode.subscription == subscription, is_live(now))
    return list(session.scalars(of_subscription.order_by(ExtensionCode.id)))


def is_trivial(code: str) -> bool:
    """What anyone would guess first: a run up or down, a few digits over and over, or a part repeated."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    repeats = any(code == (code[:part] * len(code))[: len(code)] for part in range(1, len(code) // 2 + 1))
    return repeats or len(set(code)) < 3 or (len(steps) == 1 and steps <= {1, 9})


def _fresh(work: Work, number: int, digits: int) -> dict[str, str]:
    """So many codes that were never given out, by their digests; a retired one never becomes another's."""
    fresh: dict[str, str] = {}
    for _ in range(TRIES + 2 * number // AT_ONCE):
        if len(fresh) == number:
            return fresh
        drawn = [_draw(digits) for _ in range(min(number - len(fresh), AT_ONCE))]
        by_digest = {digest_of(work.code_key, code): code for code in drawn if not is_trivial(code)}
        known = select(ExtensionCode.digest).where(ExtensionCode.digest.in_(by_digest))
        for digest in work.session.scalars(known):
            del by_digest[digest]
        fresh |= by_digest
    raise Refused(f"too few codes of {digits} digits are left; make longer ones")


def _draw(digits: int) -> str:
    """At random, and never beginning with 0: spreadsheets and people drop a leading nought."""
    return secrets.choice("123456789") + "".join(secrets.choice("0123456789") for _ in range(digits - 1))
