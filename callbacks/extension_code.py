"""Private extension codes: made by the desk, shown once, kept only as a keyed digest that can be looked up."""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks.database import Base
from callbacks.subscription import Subscription
from callbacks.work import Work

SHORTEST, LONGEST, USUAL = 4, 10, 6
"""Digits in a code."""


class ExtensionCode(Base):
    """One of a subscription's codes. The digits themselves are nowhere."""

    __tablename__ = "extension_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    subscription: Mapped[Subscription] = relationship(lazy="joined")


def digest_of(key: bytes, digits: str) -> str:
    """The keyed digest under which a code is kept and found (HMAC-SHA256, hexadecimal)."""
    return hmac.new(key, digits.encode(), hashlib.sha256).hexdigest()


def digits_of(typed: str) -> str:
    """The decimal digits of what was typed, in any script; everything else falls away."""
    return "".join(
        str(unicodedata.decimal(sign)) for sign in typed if unicodedata.decimal(sign, None) is not None
    )


def find(work: Work, typed: str) -> ExtensionCode | None:
    """The live code that was typed. The same work is done whether it exists or not."""
    digest = digest_of(work.code_key, digits_of(typed))
    live = or_(ExtensionCode.retired_at.is_(None), ExtensionCode.retired_at > work.now)
    found = work.session.scalar(select(ExtensionCode).where(ExtensionCode.digest == digest, live))
    kept = found.digest if found else "0" * 64
    return found if hmac.compare_digest(kept, digest) else None


def make(work: Work, subscription: Subscription, label: str = "", digits: int = USUAL) -> str:
    """Give the subscription a new code and return its digits: they are shown this once."""
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(digits))
        digest = digest_of(work.code_key, code)
        taken = work.session.scalar(select(ExtensionCode.id).where(ExtensionCode.digest == digest))
        if taken is None and not _trivial(code):
            break
    work.session.add(
        ExtensionCode(subscription=subscription, digest=digest, label=label, created_at=work.now)
    )
    work.session.flush()
    return code


def live_codes(session: Session, subscription: Subscription, now: datetime) -> list[ExtensionCode]:
    """The subscription's codes that open the line now."""
    live = or_(ExtensionCode.retired_at.is_(None), ExtensionCode.retired_at > now)
    return list(
        session.scalars(select(ExtensionCode).where(ExtensionCode.subscription == subscription, live))
    )


def _trivial(code: str) -> bool:
    """One digit over and over, or a run up or down: the first that anyone would guess."""
    steps = {(int(b) - int(a)) % 10 for a, b in zip(code, code[1:], strict=False)}
    return len(steps) == 1 and steps <= {0, 1, 9}
