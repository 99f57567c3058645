"""What one person wants to hear of their own work, and where: the outbox of notices to one person alone."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import JSON, CursorResult, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks.agent import Agent
from callbacks.database import Alarmed, Base
from callbacks.journal import Entry
from callbacks.notice_way import GOES_OUT, Kind, NoticeWay
from callbacks.work import Work

if TYPE_CHECKING:
    from callbacks.callback import Callback

KEPT = timedelta(days=7)
"""How long it is remembered what a person was told of; the journal remembers all of it."""


class About(StrEnum):
    """What somebody may want to hear of."""

    OFFERED = "offered"
    ASSIGNED = "assigned"
    AT_RISK = "at_risk"
    LATE = "late"
    WISH_SOON = "wish_soon"


TEST = "test"
"""What a person sends themselves, to see whether it arrives."""

SOON = timedelta(minutes=15)
"""So long before a wished time its holder is told."""


class OwnNotice(Alarmed, Base):
    """One line of the journal that concerns one person. `at` is when they may hear of it, `told` the ways
    that have told it; `way_id` where it goes by that way alone. Without an alarm it only waits to be shown.
    """

    __tablename__ = "own_notices"
    __table_args__ = (UniqueConstraint("agent_id", "entry_id", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    about: Mapped[str] = mapped_column(String(20))
    way_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(index=True)
    told: Mapped[list[int]] = mapped_column(JSON, default=list)
    tries: Mapped[int] = mapped_column(default=0)
    entry: Mapped[Entry] = relationship()
    agent: Mapped[Agent] = relationship()

    def settled(self) -> None:
        """Nothing more is to be sent."""
        self.alarm_at = self.claimed_until = None


def ways_of(session: Session, agent_id: int) -> list[NoticeWay]:
    """A person's ways. Who has not chosen is told in the page, of everything, without a sound."""
    chosen = select(NoticeWay).where(NoticeWay.agent_id == agent_id).order_by(NoticeWay.id)
    ways = list(session.scalars(chosen))
    if not any(way.kind == Kind.PAGE for way in ways):
        usual = NoticeWay(agent_id=agent_id, kind=Kind.PAGE, about=[each.value for each in About])
        usual.sound, usual.outside_hours, usual.address = False, True, ""
        ways.insert(0, usual)
    return ways


def held(work: Work, callback: "Callback", agent: Agent, entry: Entry) -> None:
    """Offered or given to this person; whoever did it themselves knows, but for a wish that comes later."""
    if entry.move not in (About.OFFERED, About.ASSIGNED):
        return
    if entry.by != f"agent:{agent.sign_in}":
        _plan(work, agent, entry, About(entry.move), work.now)
    if callback.wished_for and callback.opens and callback.first_rang_at is None:
        soon = callback.opens - SOON
        if soon > work.now:
            _plan(work, agent, entry, About.WISH_SOON, soon)


def marked(work: Work, callback: "Callback", entry: Entry) -> None:
    """Time has made something true of what somebody holds."""
    if callback.agent is not None and entry.move in (About.AT_RISK, About.LATE):
        _plan(work, callback.agent, entry, About(entry.move), work.now)


def test(work: Work, way: NoticeWay, entry: Entry) -> None:
    """One notice by one way, to see whether it arrives."""
    notice = OwnNotice(agent_id=way.agent_id, entry=entry, about=TEST, way_id=way.id, at=work.now, told=[])
    notice.alarm_at = work.now
    work.session.add(notice)


def _plan(work: Work, agent: Agent, entry: Entry, about: About, at: datetime) -> None:
    """Written with what it tells of, so that neither is there without the other."""
    wanting = {way.kind for way in agent.notice_ways if way.wants(about)}
    if not wanting and any(way.kind == Kind.PAGE for way in agent.notice_ways):
        return
    notice = OwnNotice(agent_id=agent.id, entry=entry, about=about, at=at, told=[])
    notice.alarm_at = at if wanting.intersection(GOES_OUT) else None
    work.session.add(notice)


def forget_old(work: Work) -> int:
    """What was told long ago goes. Returns how many."""
    old = delete(OwnNotice).where(OwnNotice.at < work.now - KEPT)
    done = work.session.execute(old, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], done).rowcount


def forget_of(work: Work, agent: Agent) -> None:
    """Who leaves is told nothing more, and no address of theirs stays."""
    for kind in (OwnNotice, NoticeWay):
        work.session.execute(delete(kind).where(kind.agent_id == agent.id))
