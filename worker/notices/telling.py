"""Telling: each line of the journal that somebody wants to hear of, by every channel, at least once."""

from collections.abc import Sequence
from functools import partial

import structlog

from callbacks import journal, telling
from callbacks.journal import Entry
from callbacks.work import Work
from worker.notices.channel import Channel
from worker.notices.notice import Notice, grouped, notice_of
from worker.setup import Means

log = structlog.get_logger("worker")


def tell(means: Means, ids: Sequence[int]) -> None:
    """What was claimed together is told together; a channel that fails makes no other repeat itself."""
    entries = means.desk.do(partial(telling.to_tell, ids=ids))
    for group in grouped(entries):
        failed = [channel.name for channel in means.ways() if not _tell_by(means, channel, group)]
        if failed:
            log.warning("nobody could be told", channels=failed, entries=[entry.id for entry in group])
        means.desk.do(partial(_settle, group=group, all_told=not failed))


def _tell_by(means: Means, channel: Channel, group: Sequence[Entry]) -> bool:
    """Whether this channel has told of all of these, now or before."""
    with means.desk.reading() as work:
        untold = telling.untold_by(work.session, channel.name, group)
        notice = notice_of(work, untold, telling.requests(work.session, untold)) if untold else None
    if notice is None:
        return True
    if not _sent(channel, notice):
        return False
    means.desk.do(partial(telling.told_by, channel=channel.name, entries=untold))
    return True


def _sent(channel: Channel, notice: Notice) -> bool:
    """Whatever a channel stumbles over, the others are still to be heard."""
    try:
        return channel.send(notice)
    except Exception as fault:
        log.warning("a channel failed", channel=channel.name, fault=type(fault).__name__)
        return False


def _settle(work: Work, group: Sequence[Entry], all_told: bool) -> None:
    for entry in group:
        if all_told:
            journal.told(work, entry.id)
        elif not telling.failed(work, entry.id):
            log.error("given up telling", entry=entry.id, move=entry.move)
