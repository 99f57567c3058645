"""Who was there: agents on shift by day and hour, as their rotas stand today.

Only whoever was rung callbacks counts: agents, from the day they came until the day they left.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from callbacks.agent import Agent, Role, Rota
from callbacks.figures.days import Days, office_day
from callbacks.hours import OfficeHours
from callbacks.work import Work

HALF = timedelta(minutes=30)

Hours = tuple[int, ...]
"""A number for each of a day's hours."""

NOBODY: Hours = (0,) * 24


def on_shift(work: Work, days: Days, sign_in: str | None = None) -> dict[date, Hours]:
    """How many agents were on shift in the middle of each hour of each day; or whether one of them was."""
    stays: dict[Rota, list[Days]] = defaultdict(list)
    for roles, shifts, days_off, came, left in work.session.execute(_people(sign_in)):
        if Role.AGENT in roles:
            last = office_day(work, left) if left else date.max
            stays[Rota.of(shifts, days_off)].append(Days(office_day(work, came), last))
    return {day: _there(work, stays, day) for day in days}


def _people(sign_in: str | None) -> Select[Any]:
    """All of them, or one: no more of each than says when they were there."""
    asked = select(Agent.roles, Agent.shifts, Agent.days_off, Agent.created_at, Agent.left_at)
    return asked if sign_in is None else asked.where(Agent.sign_in == sign_in)


def _there(work: Work, stays: Mapping[Rota, Sequence[Days]], day: date) -> Hours:
    """All who work by the same rota are there at the same hours."""
    there = [NOBODY]
    for rota, each in stays.items():
        if many := sum(stay.first <= day <= stay.last for stay in each):
            there.append(tuple(many * hour for hour in _hours(rota, work.hours, day)))
    return tuple(map(sum, zip(*there, strict=True)))


@lru_cache(maxsize=8192)
def _hours(rota: Rota, office: OfficeHours, day: date) -> Hours:
    """Pages share days: each is looked up once."""
    first = datetime.combine(day, time(), office.zone)
    middles = (first + timedelta(hours=hour) + HALF for hour in range(24))
    return tuple(int(rota.on_shift(office, middle)) for middle in middles)
