"""Lateness: each promise late or broken, each request not solved in time: by how much and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import joinedload

from callbacks.callback import Callback
from callbacks.figures.asking import Wanted
from callbacks.figures.cause import Cause
from callbacks.figures.counted import BROKEN, UNSOLVED, Counted, Stand
from callbacks.kept_calendar import KeptCalendar, hours_for
from callbacks.work import Work

PROMISE, SOLVE = "promise", "solve"


@dataclass(frozen=True)
class Late:
    """One of them: late by so much since `due`, until `ended`, or until now where it is late still."""

    callback: Callback
    due: datetime
    ended: datetime | None
    working: timedelta
    wall: timedelta
    cause: Cause
    agent: str | None
    level: int
    calendar: str | None


@dataclass(frozen=True)
class Totals:
    """All that was asked for: how many, of them still late, by cause; by how much those that ended."""

    count: int
    running: int
    working: timedelta
    causes: dict[Cause, int]


@dataclass(frozen=True)
class Asked:
    """What is asked for: promises or solving, of which requests, and of one cause where it is named."""

    wanted: Wanted
    target: str = PROMISE
    cause: Cause | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """Asked of the promises counted."""
        late = BROKEN if self.target == PROMISE else UNSOLVED
        named = [self.column == self.cause] if self.cause else []
        return [late, *self.wanted.conditions(), *named]

    @property
    def due(self) -> ColumnElement[datetime]:
        """What each was late for."""
        return (Counted.closes if self.target == PROMISE else Counted.solve_by).expression

    @property
    def in_order(self) -> Select[int]:
        """The ids of those asked for: what fell due last comes first."""
        return (
            select(Counted.callback_id)
            .where(*self.conditions)
            .order_by(self.due.desc(), Counted.callback_id.desc())
        )

    @property
    def column(self) -> ColumnElement[str | None]:
        """Where the cause stands."""
        return (Counted.cause if self.target == PROMISE else Counted.solve_cause).expression


def rows(work: Work, asked: Asked, limit: int, after: int = 0) -> list[Late]:
    """What fell due last comes first."""
    return _read(work, asked, asked.in_order.limit(limit).offset(after))


def each(work: Work, asked: Asked, at_once: int = 500) -> Iterator[Late]:
    """All of them, some at a time, for a sheet: each time from where the last ones ended."""
    some = _read(work, asked, asked.in_order.limit(at_once))
    while some:
        yield from some
        work.session.expunge_all()
        last = tuple_(asked.due, Counted.callback_id) < tuple_(some[-1].due, some[-1].callback.id)
        some = _read(work, asked, asked.in_order.where(last).limit(at_once))


def totals(work: Work, asked: Asked) -> Totals:
    """In one pass over those that are late."""
    is_running = Counted.stand == Stand.LATE if asked.target == PROMISE else Counted.is_unsolved
    late = Counted.late_seconds if asked.target == PROMISE else literal(0)
    found = select(asked.column, is_running, func.count(), func.sum(late))
    count, running, seconds, causes = 0, 0, 0, dict.fromkeys(Cause, 0)
    for cause, runs, many, lasted in work.session.execute(
        found.where(*asked.conditions).group_by(asked.column, is_running)
    ):
        count, running, seconds = count + many, running + many * bool(runs), seconds + int(lasted or 0)
        causes[Cause(cause or Cause.AGENT)] += many
    causes = {cause: many for cause, many in causes.items() if many}
    return Totals(count, running, timedelta(seconds=seconds), causes)


def first_used(work: Work, versions: set[str | None]) -> dict[str, datetime]:
    """Since when each calendar has held, by its version."""
    kept = select(KeptCalendar.version, KeptCalendar.first_used_at).where(
        KeptCalendar.version.in_(versions - {None})
    )
    return {row.version: row.first_used_at for row in work.session.execute(kept)}


def _read(work: Work, asked: Asked, chosen: Select[int]) -> list[Late]:
    """These, in the same order, with all that is shown of each, which is read of these alone."""
    ids = list(work.session.scalars(chosen))
    with_all = joinedload(Counted.callback).options(joinedload(Callback.subscription))
    found = work.session.scalars(select(Counted).where(Counted.callback_id.in_(ids)).options(with_all))
    known = {row.callback_id: row for row in found}
    return [_late(work, asked, known[key]) for key in ids if key in known]


def _late(work: Work, asked: Asked, row: Counted) -> Late:
    callback = row.callback
    if asked.target == PROMISE:
        due, cause, ended = row.closes, row.cause, callback.first_rang_at or callback.closed_at
    else:
        due, cause, ended = row.solve_by, row.solve_cause, callback.closed_at
    until = ended or work.now
    working = hours_for(work, row.calendar).between(due, until)
    why = Cause(cause or Cause.AGENT)
    return Late(callback, due, ended, working, until - due, why, row.agent, row.level, row.calendar)
