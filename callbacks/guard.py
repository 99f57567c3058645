"""Tries at extension codes: counted so that guessing is slow, while an honest caller is never locked out."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks import journal
from callbacks.call import Call
from callbacks.database import Base
from callbacks.work import Work

COUNTED = timedelta(hours=1)
TRUSTED = timedelta(days=180)
"""A number that gave a right code this recently is not slowed by what strangers do."""
SLOWEST = 5
"""The wait grows with every wrong code over the limit, up to this many times the policy's `slow_down`."""


class CodeTry(Base):
    """One code typed by one caller. Caller ID proves nothing, so it is one measure among three."""

    __tablename__ = "code_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    caller: Mapped[str] = mapped_column(String(64), index=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    right: Mapped[bool]


def note(work: Work, call: Call, digest: str, *, right: bool) -> None:
    """Count a try; the one that passes a limit is written in the journal, so that somebody hears of it."""
    tried = CodeTry(at=work.now, call_id=call.id, caller=call.from_, digest=digest, right=right)
    work.session.add(tried)
    if not right and _wrong(work.session, work.now) == work.policy.guards.wrong_codes_in_all:
        journal.write(
            work, journal.DESK, "guessing", "desk", facts={"an_hour": _wrong(work.session, work.now)}
        )


def slow_down(work: Work, call: Call, digest: str = "") -> timedelta:
    """How long to wait before this caller's next try: nothing for almost everybody."""
    guards = work.policy.guards
    over = [
        _wrong(work.session, work.now, CodeTry.caller == call.from_) - guards.wrong_codes_per_caller,
        _wrong(work.session, work.now, CodeTry.digest == digest) - guards.wrong_codes_per_caller,
    ]
    if not _trusted(work, call):
        over.append(_wrong(work.session, work.now) - guards.wrong_codes_in_all)
    return guards.slow_down * min(max(*over, 0), SLOWEST)


def _wrong(session: Session, now: datetime, *which: object) -> int:
    """Wrong codes within the last hour."""
    counted = select(func.count()).where(CodeTry.at > now - COUNTED, CodeTry.right.is_(False), *which)  # type: ignore[arg-type]
    return session.scalar(counted) or 0


def _trusted(work: Work, call: Call) -> bool:
    """Whether a right code came from this number before."""
    right = select(CodeTry.id).where(
        CodeTry.caller == call.from_, CodeTry.right.is_(True), CodeTry.at > work.now - TRUSTED
    )
    return bool(call.from_) and work.session.scalar(right.limit(1)) is not None
