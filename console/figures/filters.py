"""The filters of a page of figures: read from its address, and shown again as they were given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import load_only

from callbacks.agent import Agent, Role
from callbacks.figures import keeping
from callbacks.figures.asking import Wanted
from callbacks.figures.days import PERIODS, Days, office_day
from callbacks.subscription import Subscription, by_company
from callbacks.work import Desk, Work

OWN = "own"
LONGEST = timedelta(days=370)
"""Days asked for at once at most: a year, and a little."""

EARLIEST = date(2000, 1, 1)

WEEK = relativedelta(weeks=1)
BACK = {"today": WEEK, "week": WEEK, "month": relativedelta(months=1), "quarter": relativedelta(months=3)}
"""What a period is compared with lies so far back."""

NAMED = 500
"""Companies offered to choose from; any other can be typed."""

NOBODYS = -1
"""A company that there is not: nothing is found for it."""


@dataclass(frozen=True)
class Filters:
    """What was chosen, as the address has it; `fault` names the sentence that says what could not be read."""

    period: str
    days: Days
    company: str = ""
    agent: str = ""
    topic: str = ""
    level: str = ""
    fault: str = ""
    wanted: Wanted = field(kw_only=True)

    def address(self) -> dict[str, str]:
        """All that was chosen, for the addresses of sheets and of further pages."""
        own = {"first": self.days.first.isoformat(), "last": self.days.last.isoformat()}
        said = {"company": self.company, "agent": self.agent, "topic": self.topic, "level": self.level}
        given = {name: value for name, value in said.items() if value}
        return {"period": self.period, **(own if self.period == OWN else {}), **given}

    @property
    def before(self) -> Days:
        """The same days of the week, month or quarter before; of days of one's own, as many just before."""
        back = BACK.get(self.period)
        return Days(self.days.first - back, self.days.last - back) if back else self.days.before()

    @property
    def is_filtered(self) -> bool:
        """Whether some requests are left out, whatever the days."""
        return any((self.company, self.agent, self.topic, self.level))


@dataclass(frozen=True)
class Choices:
    """What can be chosen."""

    periods: tuple[str, ...]
    companies: list[str]
    agents: list[Agent]

    def name_of(self, sign_in: str | None) -> str:
        """A person's name; of somebody nobody knows any more, the name they signed in by."""
        return self._names.get(sign_in, sign_in or "")

    @cached_property
    def _names(self) -> dict[str | None, str]:
        return {agent.sign_in: agent.name for agent in self.agents}


def read(work: Work, said: Mapping[str, str], usual: str = "month") -> Filters:
    """From an address, whatever it was filled with."""
    period, days, fault = _days(work, said, usual)
    company = said.get("company", "").strip()[:200]
    known = by_company(work.session, company) if company and company.isprintable() else None
    agent, topic = (said.get(name, "").strip()[:80] for name in ("agent", "topic"))
    level = said.get("level", "") if said.get("level") in ("1", "2") else ""
    subscription = known.id if known else NOBODYS if company else None
    wanted = Wanted(
        days, subscription, _plain(agent) or None, _plain(topic) or None, int(level) if level else None
    )
    if company and known is None:
        fault = "figures.no_company"
    return Filters(period, days, company, agent, topic, level, fault, wanted=wanted)


def choices(work: Work) -> Choices:
    """People who left may still be asked after."""
    companies = select(Subscription.company).order_by(Subscription.company).limit(NAMED)
    named = select(Agent).options(load_only(Agent.sign_in, Agent.name, Agent.roles))
    people = work.session.scalars(named.order_by(Agent.name, Agent.id))
    return Choices(
        (*PERIODS, OWN),
        list(work.session.scalars(companies)),
        [person for person in people if person.is_any(Role.AGENT, Role.SUPERVISOR)],
    )


def catch_up(desk: Desk) -> None:
    """Count what happened since the worker last did, so that a page is of now; never all that there is."""
    with desk.reading() as work:
        behind = keeping.is_behind(work)
    if behind:
        desk.do(keeping.catch_up)


def _days(work: Work, said: Mapping[str, str], usual: str) -> tuple[str, Days, str]:
    """(name, days, fault). Dates that cannot be read leave the usual period."""
    name = said.get("period", usual)
    today = office_day(work, work.now)
    if name != OWN:
        known = name if name in PERIODS else usual
        return known, _until(PERIODS[known](today), today), ""
    own = _own(said, today)
    return (OWN, own, "") if own else (OWN, _until(PERIODS[usual](today), today), "figures.no_days")


def _own(said: Mapping[str, str], today: date) -> Days | None:
    """None where they are no days, or too many."""
    try:
        own = Days(*(date.fromisoformat(said.get(end, "")) for end in ("first", "last")))
    except ValueError:
        return None
    is_sound = EARLIEST <= own.first <= own.last <= today + LONGEST and own.last - own.first <= LONGEST
    return own if is_sound else None


def _until(days: Days, today: date) -> Days:
    """Nothing arrived on a day that is still to come."""
    return Days(days.first, min(days.last, today))


def _plain(text: str) -> str:
    """What no database would take is found nowhere."""
    return text if text.isprintable() else "\ufffd"
