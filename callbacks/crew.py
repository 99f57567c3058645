"""The crew at one moment: who is at the desk, on which call, and when each is on shift from now on."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Self

from sqlalchemy import select

from callbacks import queue
from callbacks.agent import Agent, Presence, Role
from callbacks.assignment import Request, may_take
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.hours import OfficeHours, Stretch
from callbacks.work import Work

FAR = timedelta(days=5)
"""So far ahead shifts are looked at: over any weekend."""


@dataclass(frozen=True)
class Member:
    """One of the crew, the attempt that they are on, and when they are on shift from now on."""

    agent: Agent
    dial: Dial | None
    duty: tuple[Stretch, ...]
    now: datetime

    @property
    def is_there(self) -> bool:
        """Whether their shift is running."""
        return bool(self.duty) and self.duty[0].start <= self.now

    @property
    def is_free(self) -> bool:
        """Whether the desk may ring them this instant."""
        ready = self.agent.presence == Presence.READY and self.agent.phone is not None
        return ready and self.is_there and self.dial is None

    @property
    def begins(self) -> datetime | None:
        """When their next shift begins; None where none is near."""
        ahead = (stretch.start for stretch in self.duty if stretch.start > self.now)
        return next(ahead, None)


@dataclass(frozen=True)
class Crew:
    """All whom callbacks may be rung to, and every attempt that is under way by its callback."""

    work: Work
    members: tuple[Member, ...]
    dials: Mapping[int, Dial] = field(default_factory=dict)
    _takers: dict[tuple[object, ...], tuple[Member, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, work: Work) -> Self:
        """As things stand now."""
        dials = queue.under_way(work.session)
        talking = {dial.agent_id: dial for dial in dials.values()}
        people = work.session.scalars(select(Agent).where(Agent.left_at.is_(None)).order_by(Agent.name))
        rotas: dict[str, tuple[Stretch, ...]] = {}
        members = []
        for agent in people:
            if agent.phone is None and not agent.is_any(Role.AGENT):
                continue
            rota = f"{agent.shifts}{agent.days_off}"
            if rota not in rotas:
                rotas[rota] = tuple(duty(agent, work))
            members.append(Member(agent, talking.get(agent.id), rotas[rota], work.now))
        return cls(work, tuple(members), dials)

    @cached_property
    def there(self) -> tuple[Member, ...]:
        """Those whose shift is running."""
        return tuple(member for member in self.members if member.is_there)

    def takers(self, callback: Callback | Request) -> tuple[Member, ...]:
        """Those who may take it, there or not. What asks for the same skills is looked through once."""
        wanted = (callback.level, callback.language, callback.topic)
        if wanted not in self._takers:
            found = tuple(member for member in self.members if may_take(member.agent, callback))
            self._takers[wanted] = found
        return self._takers[wanted]

    def last_start(self, callback: Callback | Request, ends: datetime) -> datetime:
        """Until when it is begun in a shift that ends then: no new call in its last minutes, unless it would
        be late if it were not made."""
        closes_within = callback.closes is not None and callback.closes <= ends
        return ends if closes_within else ends - self.work.policy.ring.cut_off

    def member(self, agent_id: int | None) -> Member | None:
        """This one of them."""
        return next((member for member in self.members if member.agent.id == agent_id), None)


def duty(agent: Agent, work: Work) -> Iterator[Stretch]:
    """When the agent is on shift from now on: in the office's hours and their own, never on a day off."""
    office, until = work.hours, work.now + FAR
    for period in office.periods(work.now):
        if period.start >= until:
            return
        for stretch in _shifts_within(agent, office.zone.key, period):
            yield from _without_days_off(stretch, agent.days_off, work)


def _shifts_within(agent: Agent, zone: str, opened: Stretch) -> Iterator[Stretch]:
    """What of a stretch of office hours lies in the agent's own week."""
    own = _week(zone, json.dumps(agent.shifts, sort_keys=True)) if agent.shifts else None
    for shift in own.periods(opened.start) if own else (opened,):
        if shift.start >= opened.end:
            return
        yield Stretch(shift.start, min(shift.end, opened.end))


@lru_cache(maxsize=512)
def _week(zone: str, shifts: str) -> OfficeHours:
    return OfficeHours.from_table(tz=zone, hours=json.loads(shifts))


def _without_days_off(stretch: Stretch, days_off: Iterable[str], work: Work) -> Iterator[Stretch]:
    """Cut at the office's midnights, less the days that are off."""
    zone, start = work.hours.zone, stretch.start
    while start < stretch.end:
        day = start.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(start.tzinfo)
        if day.isoformat() not in days_off:
            yield Stretch(start, min(midnight, stretch.end))
        start = midnight
