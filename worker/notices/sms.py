"""Texts to customers, sent once in effect: what the carrier may have taken is looked up, not repeated."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import structlog

from callbacks import texting
from callbacks.texting import Text, TextState
from worker.line import CarrierAway, NotThere
from worker.outgoing import NotTaken
from worker.setup import Means

SKEW = timedelta(seconds=30)
"""How far the carrier's clock may be behind ours."""

log = structlog.get_logger("worker")


def send(means: Means, ids: Sequence[int]) -> None:
    """Whatever is next for these texts."""
    for text_id in ids:
        with means.desk.reading() as work:
            text = work.session.get(Text, text_id)
            due = text is not None and text.alarm_at is not None and text.alarm_at <= work.now
        if text is not None and due:
            _next_step(means, text)


def _next_step(means: Means, text: Text) -> None:
    """Whatever goes wrong with the carrier is no reason to do it blindly again."""
    try:
        if text.state == TextState.ASKED:
            _look_up(means, text)
        else:
            _send(means, text.id)
    except NotTaken as refusal:
        log.warning("a text was refused", text=text.id, fault=str(refusal))
        means.desk.do(partial(texting.refused, text_id=text.id, code=refusal.code))
    except (CarrierAway, NotThere) as away:
        log.warning("whether a text was taken is unknown", text=text.id, fault=str(away))
        means.desk.do(partial(texting.unanswered, text_id=text.id))


def _send(means: Means, text_id: int) -> None:
    text = means.desk.do(partial(texting.take, text_id=text_id))
    if text is not None:
        text_sid = means.carrier.text(text.number or "", _support(means), text.body or "")
        means.desk.do(partial(texting.sent, text_id=text_id, text_sid=text_sid))


def _look_up(means: Means, text: Text) -> None:
    since = (text.asked_at or means.desk.clock()) - SKEW
    text_sid = means.carrier.texted(text.number or "", _support(means), text.body or "", since)
    means.desk.do(partial(texting.sent, text_id=text.id, text_sid=text_sid))


def _support(means: Means) -> str:
    return means.desk.policy.numbers.support.e164
