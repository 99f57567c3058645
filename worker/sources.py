"""Where time finds work: each table with alarms, what is done when one comes, and how it is handed out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from callbacks import alarm
from callbacks.call import Call
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.journal import Entry
from callbacks.message import Message
from callbacks.own_notice import OwnNotice
from callbacks.round import Round
from callbacks.texting import Text
from worker import dialling, recordings, ringing, rounds, sweep
from worker.notices import own, sms, telling
from worker.setup import Means

ALARMS, DIALS, ERRANDS = "alarms", "dials", "errands"
"""Alarms never wait for the network, nor dials for errands: each has a queue and a worker of its own."""

QUEUES = (ALARMS, DIALS, ERRANDS)

PUT_OFF = timedelta(minutes=1)
"""How long a row is left alone that could not be worked on at all."""

log = structlog.get_logger("worker")


@dataclass(frozen=True)
class Source:
    """`lease` must outlast the work on one batch; what is not done by then is done again."""

    name: str
    kind: Any
    act: Callable[[Means, Sequence[int]], None]
    queue: str
    batch: int
    lease: timedelta


SOURCES = (
    Source("ring", Callback, ringing.ring, ALARMS, batch=50, lease=timedelta(seconds=2)),
    Source("dial", Dial, dialling.next_step, DIALS, batch=1, lease=timedelta(seconds=45)),
    Source("tell", Entry, telling.tell, ERRANDS, batch=50, lease=timedelta(seconds=90)),
    Source("tell_own", OwnNotice, own.tell, ERRANDS, batch=5, lease=timedelta(seconds=90)),
    Source("fetch", Message, recordings.next_step, ERRANDS, batch=1, lease=timedelta(seconds=120)),
    Source("ask", Call, sweep.ask, ERRANDS, batch=1, lease=timedelta(seconds=60)),
    Source("text", Text, sms.send, ERRANDS, batch=1, lease=timedelta(seconds=60)),
    Source("walk", Round, rounds.walk, ERRANDS, batch=1, lease=timedelta(minutes=5)),
)
BY_NAME = {source.name: source for source in SOURCES}


def carry_out(means: Means, source: Source, ids: Sequence[int]) -> None:
    """Do it; where one of several fails the others are done alone, and it is put off and shouted about."""
    try:
        source.act(means, ids)
    except Exception as fault:
        if len(ids) > 1:
            for one in ids:
                carry_out(means, source, [one])
            return
        means.desk.do(lambda work: alarm.put_off(work, source.kind, ids, work.now + PUT_OFF))
        log.exception("put off for a minute", source=source.name, row=ids, fault=type(fault).__name__)
