"""Asking for figures: by day, by agent, by company, of everything or of what is wanted alone.

What is asked of everything, or of one agent, topic or level, is read from the days' sums, and so costs days
and not requests. Only a company, two filters at once, or a table of what is filtered go over the promises.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from callbacks.figures.counted import Counted, DaySums
from callbacks.figures.days import Days
from callbacks.figures.keeping import held
from callbacks.figures.tally import AMOUNTS, SUMS, Tally
from callbacks.subscription import Subscription
from callbacks.work import Work


@dataclass(frozen=True)
class Wanted:
    """Which promises: of these days, and of this company (by its subscription's id), agent (by sign-in),
    topic and level where one is named."""

    days: Days
    company: int | None = None
    agent: str | None = None
    topic: str | None = None
    level: int | None = None

    def parts(self) -> list[tuple[str, str]]:
        """The filters, as the days' sums are named; of none, everything."""
        named = {name: getattr(self, name) for name in ("company", "agent", "topic", "level")}
        return [(name, str(of)) for name, of in named.items() if of is not None] or [("all", "")]

    def of_days(self, days: Days) -> "Wanted":
        """The same of other days."""
        return replace(self, days=days)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same asked of the promises counted."""
        columns = {
            Counted.subscription_id: self.company, Counted.agent: self.agent, Counted.topic: self.topic,
            Counted.level: self.level,
        }  # fmt: skip
        return [
            Counted.day.between(self.days.first, self.days.last),
            *(column == of for column, of in columns.items() if of is not None),
        ]


@dataclass(frozen=True)
class Share:
    """What one agent or company had of it; of nobody, `who` is empty."""

    who: str
    sums: Tally


def by_day(work: Work, wanted: Wanted) -> dict[date, Tally]:
    """A tally for each of the days, also of those on which nothing arrived."""
    found: dict[date, Tally] = {day: Tally() for day in wanted.days}
    parts = wanted.parts()
    if len(parts) > 1 or parts[0][0] == "company":
        for row in work.session.scalars(select(Counted).where(*wanted.conditions())):
            found[row.day].add(row)
        return found
    for part, of in parts:
        for sums in work.session.scalars(select(DaySums).where(*_of(part, wanted.days), DaySums.of == of)):
            found[sums.day] = held(sums)
    return found


def whole(days: dict[date, Tally]) -> Tally:
    """All of them together."""
    made = Tally()
    for each in days.values():
        made.merge(each)
    return made


def total(work: Work, wanted: Wanted) -> Tally:
    """The sums alone of all the days together: how lengths spread is not read for them."""
    (part, of), *more = wanted.parts()
    if more:
        asked = select(*_sums_of_rows()).where(*wanted.conditions())
    else:
        asked = select(*_sums_of_days()).where(*_of(part, wanted.days), DaySums.of == of)
    return _added(work.session.execute(asked).one())


def by_agent(work: Work, wanted: Wanted) -> list[Share]:
    """By who first rang the customer, else had it last; those with most first."""
    return _in_order(_shares(work, wanted, "agent", Counted.agent, str))


def by_company(work: Work, wanted: Wanted) -> list[Share]:
    """By company, by its name; those with most first."""
    found = _shares(work, wanted, "company", Counted.subscription_id, str)
    names = {str(row.id): row.company for row in work.session.execute(_names(wanted))}
    return _in_order({names.get(key, ""): sums for key, sums in found.items()})


def by_level(work: Work, wanted: Wanted) -> list[Share]:
    """By the level where they are."""
    found = _shares(work, wanted, "level", Counted.level, str)
    return [Share(level, found[level]) for level in sorted(found)]


def _shares(
    work: Work,
    wanted: Wanted,
    part: str,
    column: InstrumentedAttribute[Any],
    written: Callable[[Any], str],
) -> dict[str, Tally]:
    """The sums alone: how lengths spread is not read for tables."""
    if wanted.parts() == [("all", "")]:
        asked = select(DaySums.of, *_sums_of_days()).where(*_of(part, wanted.days)).group_by(DaySums.of)
    else:
        asked = select(column, *_sums_of_rows()).where(*wanted.conditions()).group_by(column)
    return {"" if who is None else written(who): _added(sums) for who, *sums in work.session.execute(asked)}


def _added(sums: Iterable[Any]) -> Tally:
    """What the database added up, in the order of SUMS; of no rows it knows no sum."""
    return Tally(Counter({name: int(added or 0) for name, added in zip(SUMS, sums, strict=True)}))


def _sums_of_days() -> list[ColumnElement[Any]]:
    return [func.sum(getattr(DaySums, name)) for name in SUMS]


def _sums_of_rows() -> list[ColumnElement[Any]]:
    return [func.sum(_amount(name)) for name in SUMS]


def _amount(name: str) -> ColumnElement[Any]:
    """What a row of the database adds to this sum: nothing where that is not known."""
    of: ColumnElement[Any] = SUMS[name](Counted)
    return of if name in AMOUNTS else func.coalesce(cast(of, Integer), 0)


def _of(part: str, days: Days) -> list[ColumnElement[bool]]:
    return [DaySums.part == part, DaySums.day.between(days.first, days.last)]


def _names(wanted: Wanted) -> Select[int, str]:
    """Where no company is named nearly all of them had something: none is asked for by its number."""
    named = select(Subscription.id, Subscription.company)
    return named if wanted.company is None else named.where(Subscription.id == wanted.company)


def _in_order(found: dict[str, Tally]) -> list[Share]:
    shares = [Share(who, sums) for who, sums in found.items()]
    return sorted(shares, key=lambda share: (-share.sums.sums["promised"], share.who))
