"""The crew at one moment: who is at the desk, on which call, and when each is on shift from now on."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any, Self

from sqlalchemy import Row, Text, cast, select

from callbacks.agent import Agent, Presence, Role, Rota, Skills
from callbacks.assignment import Request
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.free_agent import skills_of
from callbacks.hours import OfficeHours, Stretch
from callbacks.subscription import Subscription
from callbacks.work import Work

FAR = timedelta(days=5)
"""So far ahead shifts are looked at: over any weekend."""

Facts = Row[*tuple[Any, ...]]
"""What is read of an agent, or of an attempt to ring, and no more: a wall asks for all at every change."""


@dataclass(frozen=True)
class Member:
    """One of the crew, the attempt that they are on, and when they are on shift from now on."""

    agent: Facts
    skills: Skills
    rota: Rota
    dial: Facts | None
    duty: tuple[Stretch, ...]
    now: datetime

    @cached_property
    def is_there(self) -> bool:
        """Whether their shift is running."""
        return bool(self.duty) and self.duty[0].start <= self.now

    @cached_property
    def is_free(self) -> bool:
        """Whether the desk may ring them this instant."""
        ready = self.agent.presence == Presence.READY and self.agent.phone is not None
        return ready and self.is_there and self.dial is None

    @cached_property
    def begins(self) -> datetime | None:
        """When their next shift begins; None where none is near."""
        ahead = (stretch.start for stretch in self.duty if stretch.start > self.now)
        return next(ahead, None)


@dataclass(frozen=True)
class Crew:
    """All whom callbacks may be rung to, and every attempt that is under way by its callback."""

    work: Work
    members: tuple[Member, ...]
    dials: Mapping[int, Facts] = field(default_factory=dict)
    _takers: dict[tuple[object, ...], tuple[Member, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, work: Work) -> Self:
        """As things stand now."""
        dials = {dial.callback_id: dial for dial in work.session.execute(_DIALS)}
        talking = {dial.agent_id: dial for dial in dials.values()}
        rotas: dict[Rota, tuple[Stretch, ...]] = {}
        members = []
        for agent in work.session.execute(_PEOPLE):
            if agent.phone is None and not _is_rung(agent.roles):
                continue
            rota = Rota(agent.shifts, agent.days_off)
            if rota not in rotas:
                rotas[rota] = tuple(_by_rota(rota, work))
            skills = skills_of(agent.level, agent.languages, agent.topics)
            members.append(Member(agent, skills, rota, talking.get(agent.id), rotas[rota], work.now))
        return cls(work, tuple(members), dials)

    @cached_property
    def there(self) -> tuple[Member, ...]:
        """Those whose shift is running."""
        return tuple(member for member in self.members if member.is_there)

    def takers(self, callback: Callback | Request) -> tuple[Member, ...]:
        """Those who may take it, there or not. What asks for the same skills is looked through once."""
        wanted = (callback.level, callback.language, callback.topic)
        if wanted not in self._takers:
            fit = {skills for skills in self._skills if skills.suffice(*wanted)}
            self._takers[wanted] = tuple(member for member in self.members if member.skills in fit)
        return self._takers[wanted]

    def last_start(self, callback: Callback | Request, ends: datetime) -> datetime:
        """Until when it is begun in a shift that ends then: no new call in its last minutes, unless it would
        be late if it were not made."""
        closes_within = callback.closes is not None and callback.closes <= ends
        return ends if closes_within else ends - self.work.policy.ring.cut_off

    def member(self, agent_id: int | None) -> Member | None:
        """This one of them."""
        return self._by_id.get(agent_id or 0)

    @cached_property
    def _by_id(self) -> dict[int, Member]:
        return {member.agent.id: member for member in self.members}

    @cached_property
    def _skills(self) -> frozenset[Skills]:
        """Each that there is: many share theirs."""
        return frozenset(member.skills for member in self.members)


_PEOPLE = (
    select(
        Agent.id, Agent.name, Agent.level, Agent.phone, Agent.presence, Agent.presence_since,
        Agent.idle_since,
        *(
            cast(column, Text).label(column.key)
            for column in (Agent.roles, Agent.languages, Agent.topics, Agent.shifts, Agent.days_off)
        ),
    )
    .where(Agent.left_at.is_(None))
    .order_by(Agent.name)
)  # fmt: skip

_DIALS = (
    select(
        Dial.callback_id, Dial.agent_id, Dial.leg, Dial.made_at, Dial.rang_at, Dial.answered_at, Agent.name,
        Callback.reference, Subscription.company,
    )
    .join(Dial.agent)
    .join(Dial.callback)
    .outerjoin(Callback.subscription)
    .where(Dial.live.is_(True))
)  # fmt: skip
"""Never more than there are agents."""


@lru_cache(maxsize=64)
def _is_rung(roles: str) -> bool:
    """Whether callbacks are theirs, though they have no phone yet."""
    return Role.AGENT in json.loads(roles)


def duty(agent: Agent, work: Work) -> Iterator[Stretch]:
    """When the agent is on shift from now on."""
    return _by_rota(agent.rota, work)


def _by_rota(rota: Rota, work: Work) -> Iterator[Stretch]:
    """In the office's hours and their own, never on a day off."""
    office, until = work.hours, work.now + FAR
    own, days_off = _week(office.zone.key, rota.shifts), json.loads(rota.days_off)
    for period in office.periods(work.now):
        if period.start >= until:
            return
        for stretch in _shifts_within(own, period):
            yield from _without_days_off(stretch, days_off, work)


def _shifts_within(own: OfficeHours | None, opened: Stretch) -> Iterator[Stretch]:
    """What of a stretch of office hours lies in the agent's own week."""
    for shift in own.periods(opened.start) if own else (opened,):
        if shift.start >= opened.end:
            return
        yield Stretch(shift.start, min(shift.end, opened.end))


@lru_cache(maxsize=512)
def _week(zone: str, shifts: str) -> OfficeHours | None:
    """None where the office's hours are theirs."""
    week = json.loads(shifts)
    return OfficeHours.from_table(tz=zone, hours=week) if week else None


def _without_days_off(stretch: Stretch, days_off: Collection[str], work: Work) -> Iterator[Stretch]:
    """Cut at the office's midnights, less the days that are off."""
    zone, start = work.hours.zone, stretch.start
    while start < stretch.end:
        day = start.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(start.tzinfo)
        if day.isoformat() not in days_off:
            yield Stretch(start, min(midnight, stretch.end))
        start = midnight
