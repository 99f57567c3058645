"""Who is free to be rung: read light, for there may be hundreds, and it is asked several times a second."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, cast, exists, or_, select

from callbacks.agent import Agent, Presence, Rota, Skills
from callbacks.database import Moment
from callbacks.dial import Dial
from callbacks.work import Work

BETWEEN = "\x1f"
"""No JSON has it in it."""


@dataclass(frozen=True, eq=False)
class Duty:
    """What an agent can take until their shift ends. Agents who are alike share one, which is judged once."""

    skills: Skills
    until: datetime


class FreeAgent(NamedTuple):
    """As they were when they were read; whether they still are shows when they are kept from other hands."""

    id: int
    duty: Duty


def free_agents(work: Work) -> list[FreeAgent]:
    """Ready, on shift, at a phone, not on a dial and past the breather after one; the longest idle first."""
    rows = work.rows(_FREE, {"rested": rested(work)})
    duties = {alike: _duty(work, alike) for alike in {alike for _id, alike in rows}}
    return [FreeAgent(agent_id, duty) for agent_id, alike in rows if (duty := duties[alike])]


def rested(work: Work) -> datetime:
    """Who was on the phone later than this still draws breath."""
    return work.now - work.policy.ring.breather


def _duty(work: Work, alike: str) -> Duty | None:
    """None for who is not on shift."""
    level, languages, topics, shifts, days_off = alike.split(BETWEEN)
    rota = Rota(shifts, days_off)
    if not rota.on_shift(work.hours, work.now):
        return None
    return Duty(skills_of(int(level), languages, topics), rota.ends(work.hours, work.now))


@lru_cache(maxsize=1024)
def skills_of(level: int, languages: str, topics: str) -> Skills:
    """Read from JSON once, however many agents share them, and however often they are asked for."""
    return Skills(level, frozenset(json.loads(languages)), frozenset(json.loads(topics)))


IS_FREE = (
    Agent.presence == Presence.READY,
    Agent.phone.is_not(None),
    Agent.left_at.is_(None),
    or_(Agent.off_the_phone_at.is_(None), Agent.off_the_phone_at <= bindparam("rested", type_=Moment)),
    ~exists().where(Dial.agent_id == Agent.id, Dial.live.is_(True)),
)
"""To be asked with what `rested` says."""

_in_one: ColumnElement[str] = cast(Agent.level, Text)
for _part in (Agent.languages, Agent.topics, Agent.shifts, Agent.days_off):
    _in_one = _in_one + BETWEEN + cast(_part, Text)
_FREE = (
    select(Agent.id, _in_one.label("alike"))
    .where(*IS_FREE)
    .order_by(Agent.idle_since.asc().nulls_first(), Agent.id)
)
"""Written once: it is asked several times a second, and one word a person is read the quickest."""
