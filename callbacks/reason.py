"""Why nothing is happening with a request: one reason each, the first that holds, as a name with facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.attempt import UNWILLING
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.crew import Crew, Member
from callbacks.dial import IS_ATTEMPT, Dial, Outcome
from callbacks.moves import State

PATIENT = timedelta(minutes=1)
"""With somebody free the desk rings within seconds; after this long something stands still."""


class Mend(StrEnum):
    """The act that mends it."""

    WAIT = "wait"
    """It goes on by itself."""
    OUTCOME = "outcome"
    """Whoever has it is to say how it ended."""
    DECIDE = "decide"
    """A person opens it and says how it goes on."""
    HURRY = "hurry"
    """Whoever has it is to ring, or somebody else gets it."""
    ASK = "ask"
    """Somebody who is there is to be ready."""
    FETCH = "fetch"
    """Nobody there can: somebody else comes, or one rings oneself."""
    STAFF = "staff"
    """Nobody at all can: the administrator changes who takes what."""
    MACHINE = "machine"
    """The clock, a worker or the carrier is to be looked after."""


@dataclass(frozen=True)
class Reason:
    """`name` is that of the sentence that says it; `facts` are moments, names and counts to fill in."""

    name: str
    mend: Mend
    facts: Mapping[str, Any] = field(default_factory=dict)


AFTER: Mapping[str, tuple[str, Mend]] = {
    Outcome.FAILED: ("carrier", Mend.MACHINE),
    Outcome.NOT_PLACED: ("carrier", Mend.MACHINE),
    Outcome.NOT_NOW: ("not_now", Mend.WAIT),
    **dict.fromkeys(UNWILLING, ("passed", Mend.ASK)),
}
"""Why it pauses, by what came of the last attempt."""

Check = Callable[[Crew, Callback, str | None], Reason | None]


def reasons(crew: Crew, callbacks: Sequence[Callback]) -> dict[int, Reason]:
    """For each of these open requests the reason why nothing is happening with it now, by id."""
    last = _last_outcomes(crew.work.session, [each.id for each in callbacks if each.state == State.WAITING])
    return {each.id: _first(crew, each, last.get(each.id)) for each in callbacks}


def _first(crew: Crew, callback: Callback, outcome: str | None) -> Reason:
    found = (check(crew, callback, outcome) for check in CHECKS)
    return next(reason for reason in found if reason is not None)


# --- it is with somebody, or with the customer ---


def _is_being_rung(crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    dial = crew.dials.get(callback.id)
    return Reason("being_rung", Mend.WAIT, {"name": dial.name}) if dial else None


def _is_held(_crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    """Taken by somebody who has not rung yet, or who owes the outcome."""
    name = callback.agent.name if callback.agent else ""
    if callback.state in (State.WRAP_UP, State.TALKING, State.DIALLING, State.OFFERED):
        return Reason("no_outcome", Mend.OUTCOME, {"name": name})
    if callback.state == State.ASSIGNED:
        facts = {"name": name, "until": callback.held_until}
        return Reason("held" if callback.held_until else "held_for_good", Mend.HURRY, facts)
    return None


def _waits_for_the_customer(_crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    is_paused = callback.state == State.PAUSED
    return Reason("customer", Mend.DECIDE, {"since": callback.paused_at}) if is_paused else None


# --- a person is to decide ---


def _waits_for_a_person(_crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    """The desk does not ring it by itself."""
    if callback.kind != Kind.CALLBACK:
        return Reason(f"person_{callback.kind}", Mend.DECIDE)
    if callback.for_person:
        return Reason(f"person_{callback.for_person}", Mend.DECIDE, {"count": callback.misses})
    if callback.number is None:
        return Reason("person_no_number", Mend.DECIDE)
    return None if callback.ring_from else Reason("person", Mend.DECIDE)


# --- it is not to be rung yet ---


def _is_for_later(crew: Crew, callback: Callback, outcome: str | None) -> Reason | None:
    at, facts = callback.ring_from, {"at": callback.ring_from, "count": callback.misses}
    if at is None or at <= crew.work.now:
        return None
    if outcome and outcome in AFTER:
        name, mend = AFTER[outcome]
        return Reason(name, mend, facts)
    if callback.misses:
        return Reason("missed", Mend.WAIT, facts)
    asked_for = callback.wished_for is not None and callback.wished_for > crew.work.now
    return Reason("wish" if asked_for else "later", Mend.WAIT, facts)


# --- nobody can take it ---


def _is_for_nobody(crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    """No member of the crew may take it, whenever they come."""
    takers = crew.takers(callback)
    if not takers:
        lacks = _lacking(crew.members, callback)
        return Reason(f"desk_{lacks}", Mend.STAFF, _wanted(callback))
    if not any(member.agent.phone for member in takers):
        return Reason("no_phone", Mend.STAFF, {"names": _names(takers)})
    return None


def _is_closed(crew: Crew, _callback: Callback, _outcome: str | None) -> Reason | None:
    work = crew.work
    if work.hours.is_open(work.now):
        return None
    return Reason("closed", Mend.WAIT, {"at": work.hours.opening(work.now)})


def _nobody_is_there(crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    """None of those on shift may take it; `until` is when the first comes who may."""
    if any(member.is_there for member in crew.takers(callback)):
        return None
    comes = [member.begins for member in crew.takers(callback) if member.begins]
    name = f"shift_{_lacking(crew.there, callback)}" if crew.there else "shift_anybody"
    facts = {**_wanted(callback), "until": min(comes, default=None)}
    return Reason(name if comes else f"{name}_open", Mend.FETCH, facts)


def _all_are_engaged(crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    """Those who are there are on calls, busy or away."""
    there = [each for each in crew.takers(callback) if each.is_there and each.agent.phone]
    if not there:
        return Reason("no_phone", Mend.STAFF, {"names": _names(crew.takers(callback))})
    if any(member.is_free for member in there):
        return None
    on_calls = [member for member in there if member.dial]
    idle = [member for member in there if not member.dial]
    facts = {"count": len(there), "names": _names(there), "idle": _names(idle), "on_calls": len(on_calls)}
    if not idle:
        return Reason("on_calls", Mend.WAIT, facts)
    kinds = {str(member.agent.presence) for member in idle}
    name = "mixed" if on_calls or len(kinds) > 1 else f"all_{kinds.pop()}"
    return Reason(name, Mend.ASK, facts)


# --- somebody could, this instant ---


def _the_shift_ends(crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    """No new call is begun in the last minutes of a shift."""
    free = [member for member in crew.takers(callback) if member.is_free]
    ends = [member.duty[0].end for member in free]
    if any(crew.work.now <= crew.last_start(callback, end) for end in ends):
        return None
    return Reason("shift_ends", Mend.FETCH, {"names": _names(free), "at": max(ends)})


def _stands_still(crew: Crew, callback: Callback, _outcome: str | None) -> Reason | None:
    """Somebody is free, and still nobody's phone rings."""
    free = [member for member in crew.takers(callback) if member.is_free]
    since = min(_could_ring_since(member, callback) for member in free)
    if crew.work.now - since < PATIENT:
        return None
    return Reason("still", Mend.MACHINE, {"names": _names(free), "since": since})


def _comes_next(crew: Crew, callback: Callback, _outcome: str | None) -> Reason:
    names = _names(member for member in crew.takers(callback) if member.is_free)
    return Reason("next", Mend.WAIT, {"names": names})


CHECKS: tuple[Check, ...] = (
    _is_being_rung, _is_held, _waits_for_the_customer, _waits_for_a_person, _is_for_later, _is_for_nobody,
    _is_closed, _nobody_is_there, _all_are_engaged, _the_shift_ends, _stands_still, _comes_next,
)  # fmt: skip
"""Looked for in this order; the last one always holds."""


def _lacking(members: Sequence[Member], callback: Callback) -> str:
    """What none of these has: the level, the language, the topic; or each has somebody, but nobody all."""
    skills = {member.skills for member in members}
    if not any(each.level >= callback.level for each in skills):
        return "level"
    if not any(callback.language in each.languages for each in skills):
        return "language"
    if not any(not each.topics or callback.topic in (None, *each.topics) for each in skills):
        return "topic"
    return "together"


def _wanted(callback: Callback) -> dict[str, Any]:
    return {"level": callback.level, "language": callback.language, "topic": callback.topic or ""}


def _names(members: Iterable[Member]) -> list[str]:
    return [member.agent.name for member in members]


def _could_ring_since(member: Member, callback: Callback) -> datetime:
    """Since when nothing is in the way: their last call, their saying so, the callback's own pause."""
    known = (member.agent.idle_since, member.agent.presence_since, callback.ring_from)
    return max((at for at in known if at), default=member.now)


def _last_outcomes(session: Session, ids: Sequence[int]) -> dict[int, str | None]:
    """What came of the last attempt to ring each."""
    newest = select(func.max(Dial.id)).where(Dial.callback_id.in_(ids), IS_ATTEMPT).group_by(Dial.callback_id)
    found = select(Dial.callback_id, Dial.outcome).where(Dial.id.in_(newest))
    return {row.callback_id: row.outcome for row in session.execute(found)} if ids else {}
