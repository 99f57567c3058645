"""Telling one person of their own work: by chat, mail or text, in their own language."""

from collections.abc import Sequence
from functools import partial

import structlog

from callbacks import own_telling, texting
from callbacks.notice_way import Kind, NoticeWay
from callbacks.own_notice import TEST
from callbacks.own_telling import Due
from callbacks.work import Work
from worker.notices.apprise import AppriseChannel
from worker.notices.notice import Notice, line, words_in
from worker.notices.outside import outside_only
from worker.outgoing import NotTaken
from worker.setup import Means

LONGEST_TEXT = 300
"""Characters of a text to a person: two at most, as carriers count them."""

log = structlog.get_logger("worker")


def tell(means: Means, ids: Sequence[int]) -> None:
    """Whatever is to be told of these now."""
    for notice_id in ids:
        due = means.desk.do(partial(own_telling.due, notice_id=notice_id))
        if due is not None:
            _tell(means, due)


def _tell(means: Means, due: Due) -> None:
    with means.desk.reading() as work:
        notice = _said(work, due, means.public_url)
    told = {way.id for way in due.ways if _sent(means, way, notice)}
    failed = {way.id for way in due.ways} - told
    if failed:
        log.warning("a person could not be told", ways=sorted(failed), notice=due.notice.id)
    outcome = partial(own_telling.done, notice_id=due.notice.id, told=told, failed=failed)
    if not means.desk.do(outcome):
        log.error("given up telling a person", notice=due.notice.id, about=due.notice.about)


def _said(work: Work, due: Due, public_url: str) -> Notice:
    """A title that says all where only one line is seen, and where to go."""
    language, words = words_in(work, due.agent.languages)
    own, callback = words["own"], due.callback
    if due.notice.about == TEST or callback is None:
        return Notice(TEST, own["test"], (own["test_line"],))
    company = callback.subscription.company if callback.subscription else words["lines"]["unknown"]
    title = own[due.notice.about].format(who=company)
    address = f"{public_url}/requests/{callback.reference}"
    return Notice(due.notice.about, title, (line(work, words, language, due.notice.entry, callback), address))


def _sent(means: Means, way: NoticeWay, notice: Notice) -> bool:
    """Whatever one way stumbles over, the others are still tried."""
    try:
        if way.kind == Kind.TEXT:
            return _texted(means, way.address, notice)
        with outside_only(means.desk.policy.notices.inside):
            return AppriseChannel(way.address).send(notice)
    except Exception as fault:
        log.warning("a way to a person failed", way=way.id, fault=type(fault).__name__)
        return False


def _texted(means: Means, number: str, notice: Notice) -> bool:
    """By the desk's own number; who said stop, to us or to the carrier, is sent nothing, though one of us."""
    with means.desk.reading() as work:
        if not texting.may_text(work, number):
            return False
    body = "\n".join((notice.title, *notice.lines))[:LONGEST_TEXT]
    try:
        means.carrier.text(number, means.desk.policy.numbers.support.e164, body)
    except NotTaken as refusal:
        if refusal.code == texting.OPTED_OUT:
            means.desk.do(partial(texting.opt_out, number=number, why=str(refusal.code)))
        raise
    return True
