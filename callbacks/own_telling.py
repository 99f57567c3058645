"""Telling one person: by each of their ways at least once, while it is still true, in hours they choose."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.journal import Entry
from callbacks.moves import State
from callbacks.notice_way import GOES_OUT, SHOWN, NoticeWay
from callbacks.own_notice import TEST, About, OwnNotice, ways_of
from callbacks.work import Work

SOONEST, TRIES = timedelta(seconds=20), 6
"""The wait before a way that failed is tried again, doubled each time; after so many it is given up."""

FRESH = timedelta(minutes=10)
"""What is older is news to nobody, and is not shown when a page is opened."""

LISTED = 20


@dataclass(frozen=True)
class Due:
    """What is to be told now, and by which ways."""

    notice: OwnNotice
    agent: Agent
    callback: Callback | None
    ways: Sequence[NoticeWay]


def due(work: Work, notice_id: int) -> Due | None:
    """None where nothing is to be sent now: settled, no longer true, or the person is at rest."""
    notice = work.held(OwnNotice, notice_id)
    if notice is None or notice.alarm_at is None or notice.alarm_at > work.now:
        return None
    callback = _callback(work.session, notice.entry)
    ways = _to_tell(work.session, notice)
    if not ways or not _is_true(notice, callback):
        notice.settled()
        return None
    awake = [way for way in ways if _may_disturb(work, way, notice)]
    if not awake:
        notice.alarm_at, notice.claimed_until = work.hours.opening(work.now), None
        return None
    return Due(notice, notice.agent, callback, awake)


def done(work: Work, notice_id: int, told: Collection[int], failed: Collection[int]) -> bool:
    """What came of it, way by way: one that failed makes no other repeat itself. False once given up."""
    notice = work.held(OwnNotice, notice_id)
    if notice is None:
        return True
    for way in work.session.scalars(select(NoticeWay).where(NoticeWay.id.in_([*told, *failed]))):
        if way.id in told:
            way.told_at, way.failed_at = work.now, None
        else:
            way.failed_at = work.now
    notice.told = sorted({*notice.told, *told})
    return _again(work, notice, any_failed=bool(failed))


def unseen(work: Work, agent_id: int, since: int) -> list[OwnNotice]:
    """What this person's pages have not shown yet, and is still true; the oldest first."""
    new = (
        select(OwnNotice)
        .where(OwnNotice.agent_id == agent_id, OwnNotice.id > since, OwnNotice.about != TEST)
        .where(OwnNotice.at <= work.now, OwnNotice.at > work.now - FRESH)
        .order_by(OwnNotice.id)
        .limit(LISTED)
    )
    found = work.session.scalars(new)
    return [each for each in found if _is_true(each, _callback(work.session, each.entry))]


def shown_by(session: Session, agent_id: int) -> dict[str, NoticeWay]:
    """The ways of this person that the desk's own pages are."""
    return {way.kind: way for way in ways_of(session, agent_id) if way.kind in SHOWN}


def _again(work: Work, notice: OwnNotice, *, any_failed: bool) -> bool:
    left = _to_tell(work.session, notice)
    notice.tries += any_failed
    if not left or notice.tries >= TRIES:
        notice.settled()
        return not left
    again = SOONEST * 2 ** (notice.tries - 1) if any_failed else timedelta(0)
    notice.alarm_at, notice.claimed_until = work.now + again, None
    return True


def _to_tell(session: Session, notice: OwnNotice) -> list[NoticeWay]:
    """The ways out of the house that have not told it."""
    ways = [way for way in ways_of(session, notice.agent_id) if way.kind in GOES_OUT]
    if notice.way_id is not None:
        return [way for way in ways if way.id == notice.way_id and way.id not in notice.told]
    return [way for way in ways if way.wants(notice.about) and way.id not in notice.told]


def _may_disturb(work: Work, way: NoticeWay, notice: OwnNotice) -> bool:
    return way.outside_hours or notice.about == TEST or work.hours.is_open(work.now)


def _is_true(notice: OwnNotice, callback: Callback | None) -> bool:
    """Whether it still concerns this person: an offer that lapsed is news to nobody."""
    if notice.about == TEST:
        return True
    if callback is None or callback.agent_id != notice.agent_id or not callback.is_open:
        return False
    if notice.about == About.OFFERED:
        return callback.state == State.OFFERED
    if notice.about == About.ASSIGNED:
        return callback.state == State.ASSIGNED
    return callback.first_rang_at is None


def _callback(session: Session, entry: Entry) -> Callback | None:
    kind, _, key = entry.subject.partition("/")
    whose = joinedload(Callback.subscription)
    return session.get(Callback, int(key), options=[whose]) if kind == "callback" else None
