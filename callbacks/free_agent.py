"""Who is free to be rung: read light, for there may be hundreds, and it is asked several times a second."""

import json
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Text, bindparam, cast, exists, or_, select

from callbacks.agent import Agent, Presence, Rota, Skills
from callbacks.database import Moment
from callbacks.dial import Dial
from callbacks.work import Work


class FreeAgent(NamedTuple):
    """As they were when they were read; `held` says whether they still are. `until` is their shift's end."""

    id: int
    skills: Skills
    until: datetime


def free_agents(work: Work) -> list[FreeAgent]:
    """Ready, on shift, at a phone, not on a dial and past the breather after one; the longest idle first."""
    rows = work.session.execute(_FREE, {"rested": _rested(work)}).all()
    rotas = {rota: Rota(rota[0], rota[1]) for rota in {(row.shifts, row.days_off) for row in rows}}
    there = {rota: each for rota, each in rotas.items() if each.on_shift(work.hours, work.now)}
    ends = {rota: each.ends(work.hours, work.now) for rota, each in there.items()}
    return [
        FreeAgent(row.id, skills_of(row.level, row.languages, row.topics), ends[row.shifts, row.days_off])
        for row in rows
        if (row.shifts, row.days_off) in ends
    ]


def held(work: Work, free: FreeAgent) -> Agent | None:
    """This agent, kept from other hands; None where another hand has them, or is free no more."""
    return work.session.scalar(_STILL_FREE, {"rested": _rested(work), "key": free.id})


def _rested(work: Work) -> datetime:
    return work.now - work.policy.ring.breather


_IS_FREE = (
    Agent.presence == Presence.READY,
    Agent.phone.is_not(None),
    Agent.left_at.is_(None),
    or_(Agent.off_the_phone_at.is_(None), Agent.off_the_phone_at <= bindparam("rested", type_=Moment)),
    ~exists().where(Dial.agent_id == Agent.id, Dial.live.is_(True)),
)

_FREE = (
    select(
        Agent.id,
        Agent.level,
        *(
            cast(column, Text).label(column.key)
            for column in (Agent.languages, Agent.topics, Agent.shifts, Agent.days_off)
        ),
    )
    .where(*_IS_FREE)
    .order_by(Agent.idle_since.asc().nulls_first(), Agent.id)
)

_STILL_FREE = (
    select(Agent)
    .where(Agent.id == bindparam("key"), *_IS_FREE)
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
"""Both written once: they are asked several times a second."""


@lru_cache(maxsize=1024)
def skills_of(level: int, languages: str, topics: str) -> Skills:
    """Read from JSON once, however many agents share them, and however often they are asked for."""
    return Skills(level, frozenset(json.loads(languages)), frozenset(json.loads(topics)))
