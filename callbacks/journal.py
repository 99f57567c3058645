"""What happened, line by line: chained by hashes within each request, the outbox of what is to be told."""

import hashlib
import json
import secrets
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    func,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from callbacks.database import Alarmed, Base
from callbacks.work import FROM, Work

DESK = "desk"
"""The subject of entries that belong to no request: codes, sign-ins, settings, guessing."""

NOTHING_YET = (0, "0" * 64)
"""Number and digest of the line before the first."""

HEADS = "heads of the journal's chains in hand"
"""Where a session keeps them."""


class Entry(Alarmed, Base):
    """One line of the journal. `at` is when it became true, `written_at` when the desk wrote it.

    `alarm_at` is when it is to be told to somebody; `told_at` when it was.
    """

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("subject", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(60))
    seq: Mapped[int]
    move: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    written_at: Mapped[datetime] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    personal_digest: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    told_at: Mapped[datetime | None]
    personal: Mapped["Personal | None"] = relationship(
        back_populates="entry", lazy="joined", cascade="all, delete-orphan"
    )

    def computed_digest(self) -> str:
        """What `digest` must be if nobody touched this line."""
        times = [moment.astimezone(UTC).isoformat() for moment in (self.at, self.written_at)]
        line = [self.previous, self.subject, self.seq, self.move, self.by, *times]
        return _hash([*line, self.facts, self.personal_digest])


class Personal(Base):
    """What an entry says about a person, beside the chain: erasing it leaves the chain whole."""

    __tablename__ = "entries_personal"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    body: Mapped[dict[str, Any]]
    entry: Mapped[Entry] = relationship(back_populates="personal")

    def computed_digest(self) -> str:
        """Salted, so that an erased telephone number cannot be guessed back from its digest."""
        return _hash([self.salt, self.body])


def write(
    work: Work,
    subject: str,
    move: str,
    by: str,
    *,
    at: datetime | None = None,
    facts: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    about: str | None = None,
) -> Entry:
    """Add a line to the subject's chain, to be told where the policy wants to hear `about` such things.

    `about` is the move's own name where it is not given.
    """
    if subject == DESK and FROM in work.session.info:
        personal = {"address": work.session.info[FROM], **(personal or {})}
    heads = work.session.info.get(HEADS, {})
    seq, previous = heads[subject] if subject in heads else _head(work.session, subject)
    entry = Entry(subject=subject, seq=seq + 1, move=move, by=by, at=at or work.now, written_at=work.now)
    entry.facts, entry.previous, entry.alarm_at = facts or {}, previous, telling_time(work, about or move)
    if personal:
        entry.personal = Personal(salt=secrets.token_hex(16), body=personal)
        entry.personal_digest = entry.personal.computed_digest()
    entry.digest = entry.computed_digest()
    work.session.add(entry)
    if subject in heads:
        heads[subject] = (entry.seq, entry.digest)
    else:
        work.session.flush()
    return entry


def hold(work: Work, subjects: Collection[str]) -> None:
    """Take these chains in hand all at once: what this work writes to them goes out together at its end."""
    heads = work.session.info.setdefault(HEADS, {})
    if missing := set(subjects).difference(heads):
        heads.update(_read_heads(work.session, missing))


def has_in_hand(work: Work, subject: str, seq: int | None, digest: str | None) -> None:
    """This chain was taken in hand, and its last line read with it."""
    heads = work.session.info.setdefault(HEADS, {})
    heads[subject] = (seq, digest) if seq else NOTHING_YET


def _read_heads(session: Session, subjects: Collection[str]) -> dict[str, tuple[int, str]]:
    if session.get_bind().dialect.name == "postgresql":
        chains = select(
            func.hashtext(func.unnest(cast(list(subjects), ARRAY(Text))).column_valued()).label("chain")
        ).distinct()
        in_order = chains.order_by("chain").subquery()
        session.execute(select(func.pg_advisory_xact_lock(in_order.c.chain)))
    newest = (
        select(Entry.subject, func.max(Entry.seq)).where(Entry.subject.in_(subjects)).group_by(Entry.subject)
    )
    heads = select(Entry.subject, Entry.seq, Entry.digest).where(tuple_(Entry.subject, Entry.seq).in_(newest))
    return dict.fromkeys(subjects, NOTHING_YET) | {
        row.subject: (row.seq, row.digest) for row in session.execute(heads)
    }


def telling_time(work: Work, about: str) -> datetime | None:
    """When somebody is to be told about this: now, or when the office opens; None where nobody asked."""
    return may_tell_from(work, work.now) if about in work.policy.notices.about else None


def may_tell_from(work: Work, moment: datetime) -> datetime:
    """The first moment from this one on at which people may be disturbed."""
    return moment if work.policy.notices.outside_office_hours else work.hours.opening(moment)


def lines(session: Session, subject: str) -> list[Entry]:
    """The subject's journal, oldest first."""
    return list(session.scalars(select(Entry).where(Entry.subject == subject).order_by(Entry.seq)))


def held(work: Work, ids: Collection[int]) -> list[Entry]:
    """These lines in the order they became true, kept from other hands until this work ends."""
    chosen = select(Entry).where(Entry.id.in_(ids)).order_by(Entry.at, Entry.id).with_for_update(of=Entry)
    return list(work.session.scalars(chosen.execution_options(populate_existing=True)))


def told(work: Work, entry_id: int) -> None:
    """Stamp an entry as told; it is never told again."""
    for entry in held(work, [entry_id]):
        entry.told_at, entry.alarm_at, entry.claimed_until = work.now, None, None


class InHand(FunctionElement[bool]):
    """Takes a chain in hand beside a read of what it tells of; false where another writer has it.

    One who had it until this very moment may have written a line that is not seen: then ours is refused, and
    the work done again.
    """

    name, type, inherit_cache = "in_hand", Boolean(), True


@compiles(InHand)
def _one_writer(_element: InHand, _compiler: SQLCompiler, **_facts: Any) -> str:
    return "true"


@compiles(InHand, "postgresql")
def _locked(element: InHand, compiler: SQLCompiler, **facts: Any) -> str:
    return f"(SELECT pg_try_advisory_xact_lock(hashtext({compiler.process(element.clauses, **facts)})))"


def is_head(subject: ColumnElement[str]) -> ColumnElement[bool]:
    """The last line of this chain, to be read beside what it tells of."""
    before = aliased(Entry)
    newest = select(func.max(before.seq)).where(before.subject == subject).scalar_subquery()
    return and_(Entry.subject == subject, Entry.seq == newest)


_NEWEST = (
    select(Entry.seq, Entry.digest)
    .where(Entry.subject == bindparam("subject"))
    .order_by(Entry.seq.desc())
    .limit(1)
)
"""Written once: every line asks for the line before it."""


def _head(session: Session, subject: str) -> tuple[int, str]:
    """The last line's number and digest. Two writers of one chain take turns."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject))))
    head = session.execute(_NEWEST, {"subject": subject}).first()
    return (head.seq, head.digest) if head else NOTHING_YET


def _hash(value: list[Any]) -> str:
    """SHA-256 of the one way to write this value as JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
