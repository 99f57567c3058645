"""Asking the carrier about calls: how each ended, and what it recorded that we never heard of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from callbacks import sweep
from callbacks.call import Call
from callbacks.sweep import AtCarrier
from worker.line import CarrierAway, NotThere
from worker.setup import Means

OVERLAP = timedelta(minutes=15)
"""How far a look for recordings reaches back behind the one before: the carrier lists some late."""

IN_HAND = timedelta(minutes=1)
"""A recording younger than this is left to the notice that is on its way."""

log = structlog.get_logger("worker")


def ask(means: Means, ids: Sequence[int]) -> None:
    """How these calls ended."""
    for call_id in ids:
        _ask(means, call_id)


def recordings_of_strangers(means: Means, looked_until: datetime) -> datetime:
    """Messages of calls we never heard of, because our database was away while they were made.

    Returns until when nothing can have been missed.
    """
    now = means.desk.clock()
    listed = means.carrier.recorded_since(looked_until - OVERLAP)
    settled = {each.recording.sid: each.call_sid for each in listed if each.made_at <= now - IN_HAND}
    with means.desk.reading() as work:
        lost = sweep.unheard_of(work, list(settled))
    for call_sid in dict.fromkeys(settled[sid] for sid in lost):
        _recover(means, call_sid)
    return now - IN_HAND


def _ask(means: Means, call_id: int) -> None:
    with means.desk.reading() as work:
        call = work.session.get(Call, call_id)
        if call is None or call.alarm_at is None or call.alarm_at > work.now:
            return
    try:
        found = means.carrier.call(call.call_sid)
    except NotThere:
        found = AtCarrier(call.call_sid)
    except CarrierAway as away:
        log.warning("a call cannot be asked for", call=call.call_sid, fault=str(away))
        means.desk.do(partial(sweep.unanswered, call_id=call_id))
        return
    means.desk.do(partial(sweep.settle, found=found))


def _recover(means: Means, call_sid: str) -> None:
    try:
        found = means.carrier.call(call_sid)
    except NotThere:
        return
    if found.inbound:
        taken = means.desk.do(partial(sweep.settle, found=found))
        log.warning(
            "recovered a message from the carrier", call=call_sid, requests=[c.reference for c in taken]
        )
