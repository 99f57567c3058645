"""The hand-over: at the day's closing, what is still open, what is at risk tomorrow, and why."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from callbacks import assignment, journal
from callbacks.agent import Agent
from callbacks.call import Kind
from callbacks.callback import DESK, Callback
from callbacks.hours import OfficeHours
from callbacks.journal import Entry
from callbacks.moves import State
from callbacks.work import Work

MOVE = "hand_over"
SOON = timedelta(hours=1)
"""What closes within so much working time tomorrow is at risk whoever comes in."""

LISTED = 50


def days_closing(hours: OfficeHours, after: datetime) -> datetime:
    """The first closing after a moment that ends a working day: lunch does not."""
    for period in hours.periods(after):
        if hours.opening(period.end).astimezone(hours.zone).date() > period.end.astimezone(hours.zone).date():
            return period.end
    raise AssertionError("an office that closes has a last period in each day")


def last_closing(hours: OfficeHours, after: datetime, until: datetime) -> datetime | None:
    """The latest day's closing in this stretch of time, where there was one."""
    found, closing = None, days_closing(hours, after)
    while closing <= until:
        found, closing = closing, days_closing(hours, closing)
    return found


def write(work: Work, closing: datetime) -> Entry | None:
    """One line of the journal for whoever wants to hear it, told at once though the office has closed."""
    still_open = work.session.scalar(select(func.count(Callback.id)).where(Callback.state != State.CLOSED))
    if not still_open:
        return None
    risks = at_risk_tomorrow(work)
    facts: dict[str, Any] = {"open": still_open, "at_risk": len(risks), "why": risks[:LISTED]}
    entry = journal.write(work, journal.DESK, MOVE, DESK, at=closing, facts=facts)
    entry.alarm_at = entry.alarm_at and work.now
    return entry


def at_risk_tomorrow(work: Work) -> list[list[str]]:
    """[reference, why] of each promise in danger, the first to close first."""
    tomorrow = work.hours.opening(work.now)
    ends = days_closing(work.hours, tomorrow)
    agents = list(
        work.session.scalars(select(Agent).where(Agent.left_at.is_(None), Agent.phone.is_not(None)))
    )
    owed = select(Callback).where(
        Callback.state != State.CLOSED, Callback.kind == Kind.CALLBACK, Callback.first_rang_at.is_(None)
    )
    due = work.session.scalars(owed.where(Callback.closes <= ends).order_by(Callback.closes, Callback.id))
    found = ((callback, _why(work, callback, agents, tomorrow)) for callback in due)
    return [[callback.reference, why] for callback, why in found if why]


def _why(work: Work, callback: Callback, agents: list[Agent], tomorrow: datetime) -> str | None:
    """The first reason that holds: late, for_person, nobody, or soon."""
    if callback.closes is None or callback.closes <= work.now:
        return "late"
    if callback.for_person or callback.number is None:
        return "for_person"
    at = max(tomorrow, callback.ring_from or tomorrow)
    if not any(agent.on_shift(work.hours, at) and assignment.may_take(agent, callback) for agent in agents):
        return "nobody"
    return "soon" if work.hours.between(at, callback.closes) <= SOON else None
