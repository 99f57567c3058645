"""Who was there: agents on shift by day and hour, as their rotas stand today.

Only whoever was rung callbacks counts: agents, from the day they came until the day they left.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import select

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
    known = list(work.session.scalars(select(Agent).order_by(Agent.id)))
    agents = [agent for agent in known if agent.is_any(Role.AGENT) and sign_in in (None, agent.sign_in)]
    there = [(agent.rota, office_day(work, agent.created_at), _last(work, agent)) for agent in agents]
    return {
        day: _sum([_hours(rota, work.hours, day) for rota, first, last in there if first <= day <= last])
        for day in days
    }


def _last(work: Work, agent: Agent) -> date:
    return office_day(work, agent.left_at) if agent.left_at else date.max


def _sum(each: Sequence[Hours]) -> Hours:
    return tuple(map(sum, zip(*each, strict=True))) if each else NOBODY


@lru_cache(maxsize=8192)
def _hours(rota: Rota, office: OfficeHours, day: date) -> Hours:
    """Agents share rotas, and pages days: each is looked up once."""
    first = datetime.combine(day, time(), office.zone)
    middles = (first + timedelta(hours=hour) + HALF for hour in range(24))
    return tuple(int(rota.on_shift(office, middle)) for middle in middles)
