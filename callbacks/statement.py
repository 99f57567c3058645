"""A company's statement for a month: what was promised, and what became of it, counted from the journal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from callbacks.account import ZERO, Account, Cause, Verdict, Window, account
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.errors import NotFound
from callbacks.journal import Entry
from callbacks.kept_calendar import hours_for
from callbacks.moves import Disposition
from callbacks.promise import LatenessState
from callbacks.subscription import Subscription, by_company
from callbacks.work import Work

AT_ONCE = 400
"""Journals read in one go: databases limit how much one question may name."""


@dataclass(frozen=True)
class Line:
    """One promise: `first` is the window first told, `window` the one it is judged by."""

    reference: str
    topic: str | None
    received: datetime
    first: Window
    wished_for: datetime | None
    window: Window
    rang_at: datetime | None
    reached_at: datetime | None
    times_rung: int
    verdict: Verdict
    late: timedelta
    cause: Cause | None
    level: int
    solve_by: datetime
    closed_at: datetime | None
    disposition: Disposition | None
    solved_in_time: bool | None


@dataclass(frozen=True)
class Totals:
    """A month in numbers; `late` is all the working time by which promises were broken."""

    promised: int
    kept: int
    broken: int
    ended: int
    open: int
    reached: int
    solved: int
    solved_in_time: int
    late: timedelta


@dataclass(frozen=True)
class Statement:
    """`month` is its first day."""

    company: str
    month: date
    lines: tuple[Line, ...]

    @property
    def totals(self) -> Totals:
        """Counted from the lines."""
        lines = self.lines
        verdicts = [line.verdict for line in lines]
        return Totals(
            promised=len(lines),
            kept=verdicts.count(Verdict.KEPT),
            broken=verdicts.count(Verdict.BROKEN),
            ended=verdicts.count(Verdict.ENDED),
            open=verdicts.count(Verdict.OPEN),
            reached=sum(line.reached_at is not None for line in lines),
            solved=sum(line.solved_in_time is not None for line in lines),
            solved_in_time=sum(line.solved_in_time is True for line in lines),
            late=sum((line.late for line in lines), ZERO),
        )


def statement(work: Work, company: str, month: date) -> Statement:
    """Every promise on a message received in this month of the office, the oldest first."""
    promised = _promised(work, company, month)
    told = _journals(work.session, promised)
    lines = (_line(work, callback, told[callback.subject]) for callback in promised)
    return Statement(company, month.replace(day=1), tuple(lines))


def recount(work: Work, company: str, month: date) -> Totals:
    """The same numbers counted from the callbacks as they stand, without a look at the journal."""
    promised = _promised(work, company, month)
    judged = [callback.lateness(work) for callback in promised]
    states = [lateness.state if lateness else None for lateness in judged]
    broken = [each for each in judged if each and each.state in (LatenessState.LATE, LatenessState.BROKEN)]
    solved = [each for each in promised if each.disposition == Disposition.SOLVED]
    return Totals(
        promised=len(promised),
        kept=states.count(LatenessState.KEPT),
        broken=len(broken),
        ended=states.count(None),
        open=len(promised) - states.count(LatenessState.KEPT) - len(broken) - states.count(None),
        reached=sum(each.first_reached_at is not None for each in promised),
        solved=len(solved),
        solved_in_time=sum(_was_in_time(each) for each in solved),
        late=sum((each.working for each in broken), ZERO),
    )


def _was_in_time(callback: Callback) -> bool:
    promise, closed_at = callback.promise, callback.closed_at
    return promise is not None and closed_at is not None and closed_at <= promise.solve_by(callback.level)


def _promised(work: Work, company: str, month: date) -> list[Callback]:
    """The requests behind the month's promises. A message for Sales, or none at all, was promised nothing."""
    known = by_company(work.session, company) if company.isprintable() else None
    if known is None:
        raise NotFound(f"no company is named {company[:80]!r}{_like(work.session, company)}")
    start, end = _bounds(work, month)
    wanted = select(Callback).where(
        Callback.subscription_id == known.id,
        Callback.kind == Kind.CALLBACK,
        Callback.opens.is_not(None),
        Callback.received_at >= start,
        Callback.received_at < end,
    )
    return list(work.session.scalars(wanted.order_by(Callback.received_at, Callback.id)))


def _bounds(work: Work, month: date) -> tuple[datetime, datetime]:
    """The first moment of the month and of the next, by the office's clock."""
    first = month.replace(day=1)
    zone = work.hours.zone
    start, end = (datetime.combine(day, time(), zone) for day in (first, first + relativedelta(months=1)))
    return start.astimezone(UTC), end.astimezone(UTC)


def _journals(session: Session, promised: Sequence[Callback]) -> dict[str, list[Entry]]:
    """Every line about each, oldest first; what they say of people is not read."""
    told: dict[str, list[Entry]] = defaultdict(list)
    subjects = [callback.subject for callback in promised]
    for first in range(0, len(subjects), AT_ONCE):
        some = select(Entry).where(Entry.subject.in_(subjects[first : first + AT_ONCE]))
        for entry in session.scalars(
            some.order_by(Entry.subject, Entry.seq).options(lazyload(Entry.personal))
        ):
            told[entry.subject].append(entry)
    return told


def _line(work: Work, callback: Callback, lines: Iterable[Entry]) -> Line:
    told: Account = account(list(lines), lambda calendar: hours_for(work, calendar))
    return Line(
        reference=callback.reference,
        topic=callback.topic,
        received=told.received or callback.received_at,
        first=told.windows[0],
        wished_for=told.wished_for,
        window=told.judged_by,
        rang_at=told.rang_at,
        reached_at=told.reached_at,
        times_rung=told.times_rung,
        verdict=told.verdict(work.now),
        late=told.late(work.now, hours_for(work, told.calendar)),
        cause=told.cause(work.now),
        level=told.level,
        solve_by=told.solve_by[told.level - 1],
        closed_at=told.closed_at,
        disposition=told.disposition,
        solved_in_time=told.solved_in_time(),
    )


def _like(session: Session, company: str) -> str:
    """Whose name has this in it, in small letters or capitals."""
    if not (company.strip() and company.isprintable()):
        return ""
    has_it = Subscription.company.icontains(company.strip(), autoescape=True)
    near = select(Subscription.company).where(has_it).order_by(Subscription.company)
    found = session.scalars(near.limit(3)).all()
    return f"; did you mean {' or '.join(found)}?" if found else ""
