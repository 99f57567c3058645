"""At risk for want of somebody: the window is open, and no agent can take it before it closes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, Index, Select, and_, func, or_, select

from callbacks import watch
from callbacks.agent import Presence
from callbacks.assignment import Request
from callbacks.callback import DESK, Callback
from callbacks.crew import Crew, Member
from callbacks.hours import Stretch
from callbacks.journal import Entry
from callbacks.moves import Move, State
from callbacks.queue import CALLABLE, NOT_CLOSED
from callbacks.reason import Mend, Reason, reasons
from callbacks.work import Work

BACK_SOON = timedelta(minutes=15)
"""Who became busy or stepped away, or whose shift began, less than this ago is taken to be back in time."""

AT_ONCE = 500
"""So many are judged in one unit of work."""

AGAIN = "at_risk_again"
"""What nobody can take for a second time is written, and told to nobody: they know of it."""

MOMENTS, NAMES = ("until", "at", "since", "starts"), ("name", "names", "idle")
"""Facts of a reason that are moments, and those that name people."""

_UNRUNG = and_(Callback.first_rang_at.is_(None), Callback.state != State.CLOSED.value)
_NOBODYS = and_(Callback.little_left_from.is_not(None), _UNRUNG)
Index("ix_callbacks_nobodys", Callback.closes, sqlite_where=_NOBODYS, postgresql_where=_NOBODYS)
"""So that asking whether somebody can take them again costs nothing while somebody can take all."""


def to_judge(work: Work) -> list[int]:
    """Those for which it has turned, at most `AT_ONCE`. A look alone: mostly there are none.

    Only while the office is open: at lunch and at night nobody is missing.
    """
    if not work.hours.is_open(work.now):
        return []
    reach = _Reach.of(work)
    found = (*_due_for_nobody(reach), *_taken_again(reach))
    return [callback.id for callback in found if reach.has_turned(callback)][:AT_ONCE]


def judge(work: Work, ids: Collection[int]) -> int:
    """Write of each what is true now; how many it had turned for."""
    reach = _Reach.of(work)
    turned = [each for each in watch.held(work, ids) if _is_open(each, work.now) and reach.has_turned(each)]
    why, warned = reasons(reach.crew, turned), _warned_of(work, turned)
    for callback in turned:
        if callback.little_left_from is not None:
            callback.somebody_can_take_it()
            callback.make(work, Move.AT_RISK_NO_MORE, DESK)
        else:
            callback.nobody_can_take_it(work.now)
            _write(reach, callback, why[callback.id], AGAIN if callback.subject in warned else None)
    return len(turned)


def reason_of(entry: Entry) -> Reason | None:
    """Why nobody can take it, as a line of the journal tells it; None of a line that tells of else."""
    if entry.move != Move.AT_RISK or "why" not in entry.facts:
        return None
    facts = {**entry.facts["because"], **(entry.personal.body if entry.personal else {})}
    moments = {name: datetime.fromisoformat(facts[name]) for name in MOMENTS if facts.get(name)}
    return Reason(entry.facts["why"], Mend.WAIT, {**facts, **moments})


@dataclass(frozen=True)
class _Reach:
    """Who of the crew can be expected at their phone, and when: by id."""

    crew: Crew
    there: Mapping[int, Sequence[Stretch]]

    @classmethod
    def of(cls, work: Work) -> Self:
        """As things stand now."""
        crew = Crew.of(work)
        return cls(crew, {each.agent.id: _there(work, each) for each in crew.members if each.agent.phone})

    def soonest(self, callback: Callback | Request, since: datetime | None = None) -> datetime | None:
        """The first moment from now, or `since`, at which an agent could begin with it; None: none is near.

        Who is on a call counts as able: when they will be free is a guess, and guesses are for the wall.
        """
        earliest = max(self.crew.work.now, since or self.crew.work.now)
        begins = (
            max(stretch.start, earliest)
            for member in self.crew.takers(callback)
            for stretch in self.there.get(member.agent.id, ())
            if earliest < stretch.end
            and max(stretch.start, earliest) <= self.crew.last_start(callback, stretch.end)
        )
        return min(begins, default=None)

    def has_turned(self, callback: Callback) -> bool:
        """Whether what stands of it is true no more."""
        return self._can_be_taken(callback) == (callback.little_left_from is not None)

    def _can_be_taken(self, callback: Callback) -> bool:
        """What somebody has is taken; what waits for a person is no matter of who can be rung."""
        if callback.state != State.WAITING or callback.ring_from is None:
            return True
        begins = self.soonest(callback, callback.ring_from)
        return begins is not None and callback.closes is not None and begins <= callback.closes


def _there(work: Work, member: Member) -> Sequence[Stretch]:
    """From now on, or from their next shift on where nobody knows when they will be back in this one."""
    if not member.is_there or _is_about(work, member):
        return member.duty
    return member.duty[1:]


def _is_about(work: Work, member: Member) -> bool:
    """Ready, on a call, or not there for so short a while that nobody need worry."""
    agent, then = member.agent, work.now - BACK_SOON
    if agent.presence == Presence.READY or member.dial:
        return True
    just_now = agent.presence_since is not None and agent.presence_since > then
    return just_now or not member.rota.on_shift(work.hours, then)


def _is_open(callback: Callback, now: datetime) -> bool:
    """Whether the window is, while nobody was rung and more than a little of it is left."""
    until = callback.little_left_from or callback.at_risk_from
    waits = callback.is_open and callback.first_rang_at is None
    return bool(waits and until and callback.opens and callback.opens <= now < until)


# --- which rows to look at: by what they ask for, and never one by one ---


def _due_for_nobody(reach: _Reach) -> list[Callback]:
    """What is due and closes before anybody could begin; what is put off is looked at in any case."""
    work = reach.crew.work
    due = and_(
        NOT_CLOSED, CALLABLE, Callback.state == State.WAITING, Callback.first_rang_at.is_(None),
        Callback.opens <= work.now, Callback.at_risk_from > work.now, Callback.ring_from.is_not(None),
        Callback.watched_until >= Callback.opens,
    )  # fmt: skip
    doubtful: list[ColumnElement[bool]] = [Callback.ring_from > work.now]
    for alike in work.session.execute(_kinds(due)):
        begins = reach.soonest(alike)
        if begins is None:
            doubtful.append(_is_like(alike))
        elif begins > alike.first:
            doubtful.append(and_(_is_like(alike), Callback.closes < begins))
    return _the_last_to_close(work, due, doubtful)


def _taken_again(reach: _Reach) -> list[Callback]:
    """What nobody could take and somebody has, or can take now."""
    work = reach.crew.work
    lost = and_(_NOBODYS, Callback.little_left_from > work.now)
    doubtful = [Callback.state != State.WAITING, Callback.ring_from.is_(None)]
    for alike in work.session.execute(_kinds(lost)):
        begins = reach.soonest(alike)
        if begins is not None and begins <= alike.closes:
            doubtful.append(and_(_is_like(alike), Callback.closes >= begins))
    return _the_last_to_close(work, lost, doubtful)


def _kinds(among: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Every kind of request there is among these: a handful, however many they are."""
    closings = func.min(Callback.closes).label("first"), func.max(Callback.closes).label("closes")
    skills = Callback.level, Callback.language, Callback.topic
    return select(*skills, *closings).where(among).group_by(*skills)


def _is_like(alike: Request) -> ColumnElement[bool]:
    same_topic = Callback.topic.is_not_distinct_from(alike.topic)
    return and_(Callback.level == alike.level, Callback.language == alike.language, same_topic)


def _the_last_to_close(
    work: Work, among: ColumnElement[bool], doubtful: list[ColumnElement[bool]]
) -> list[Callback]:
    """What closes within minutes may still be begun as a shift ends, so it comes last."""
    found = select(Callback).where(among, or_(*doubtful)).order_by(Callback.closes.desc(), Callback.id)
    return list(work.session.scalars(found.limit(AT_ONCE)))


# --- the line ---


def _write(reach: _Reach, callback: Callback, why: Reason, about: str | None) -> None:
    """With all that the reason says; the names of people beside the chain."""
    facts = {
        "level": callback.level, "language": callback.language, "topic": callback.topic or "", **why.facts,
        "starts": reach.soonest(callback, callback.ring_from),
    }  # fmt: skip
    personal = {name: facts.pop(name) for name in NAMES if name in facts}
    said = {name: each.isoformat() if isinstance(each, datetime) else each for name, each in facts.items()}
    callback.make(
        reach.crew.work,
        Move.AT_RISK,
        DESK,
        personal=personal or None,
        about=about,
        why=why.name,
        because=said,
    )


def _warned_of(work: Work, callbacks: Collection[Callback]) -> set[str]:
    """Whose journal has such a line already."""
    subjects = [callback.subject for callback in callbacks]
    lines = select(Entry.subject).where(Entry.subject.in_(subjects), Entry.move == Move.AT_RISK)
    return set(work.session.scalars(lines))
