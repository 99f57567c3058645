"""Whose turn it would be: in ringing order each request goes to whoever may take it and could begin first."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from heapq import heapify, heappop, heappush

from callbacks.agent import Presence, Rota, Skills
from callbacks.crew import Crew, Member
from callbacks.hours import Stretch
from callbacks.pressing import Pressing

Alike = tuple[Skills, Rota]
"""Who takes the same and works by the same rota: of these it is always the turn of who is free first."""


class Turns:
    """When each of the crew is free again, as things stand; whoever takes a request is kept for `length`."""

    def __init__(self, crew: Crew, length: timedelta) -> None:
        self.crew, self.length = crew, length
        self._free = {member.agent.id: _free_from(member, length) for member in crew.members}
        self._fit: dict[tuple[object, ...], list[list[tuple[datetime, int]]]] = {}

    def begins(self, request: Pressing) -> datetime | None:
        """When it would be begun, by whoever then has it; None where nobody would."""
        if request.agent_id is not None:
            found = self._holder(request)
        elif request.ring_from is None or request.number is None or request.for_person:
            found = None
        else:
            found = min(self._first_of_each(request), default=None)
        if found is None:
            return None
        start, taker = found
        self._kept_until(taker, start + self.length)
        return start

    def _holder(self, request: Pressing) -> tuple[datetime, int] | None:
        """Whoever has it rings it, ready or not."""
        holder = self.crew.member(request.agent_id)
        if holder is None:
            return None
        since = self._free[holder.agent.id] or self.crew.work.now
        start = self._start(holder.duty, request, since)
        return (start, holder.agent.id) if start else None

    def _first_of_each(self, request: Pressing) -> Iterable[tuple[datetime, int]]:
        for waiting in self._waiting(request):
            while waiting and self._free[waiting[0][1]] != waiting[0][0]:
                heappop(waiting)  # they have taken another meanwhile, and stand further back
            if waiting:
                since, agent_id = waiting[0]
                member = self.crew.member(agent_id)
                if member and (start := self._start(member.duty, request, since)):
                    yield start, agent_id

    def _waiting(self, request: Pressing) -> list[list[tuple[datetime, int]]]:
        """Those who may take it, each with their like, who is free first on top."""
        wanted = (request.level, request.language, request.topic)
        if wanted not in self._fit:
            self._fit[wanted] = [
                waiting for (skills, _), waiting in self._alike.items() if skills.suffice(*wanted)
            ]
        return self._fit[wanted]

    @cached_property
    def _alike(self) -> dict[Alike, list[tuple[datetime, int]]]:
        """Who has a phone, and is ready now or comes to a shift."""
        found: dict[Alike, list[tuple[datetime, int]]] = defaultdict(list)
        for member in self.crew.members:
            since = self._free[member.agent.id]
            if member.agent.phone and since is not None:
                found[_like(member)].append((since, member.agent.id))
        for waiting in found.values():
            heapify(waiting)
        return found

    def _kept_until(self, agent_id: int, moment: datetime) -> None:
        self._free[agent_id] = moment
        member = self.crew.member(agent_id)
        if member and member.agent.phone:
            heappush(self._alike[_like(member)], (moment, agent_id))

    def _start(self, duty: Iterable[Stretch], request: Pressing, since: datetime) -> datetime | None:
        """The first moment at which it could be begun: free, on shift, and with enough of the shift left."""
        soonest = max(since, request.ring_from or since)
        for start, end in duty:
            begins = max(start, soonest)
            if begins < end and begins <= self.crew.last_start(request, end):
                return begins
        return None


def _like(member: Member) -> Alike:
    return member.skills, member.rota


def _free_from(member: Member, length: timedelta) -> datetime | None:
    """Who is ready counts from now, or after their call; who is busy or away, from the next shift."""
    if member.agent.presence == Presence.READY or member.dial:
        return max(member.now, member.dial.made_at + length) if member.dial else member.now
    return member.begins
