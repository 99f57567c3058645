"""Messages brought home: fetched, stored, read back, only then deleted at the carrier, a step at a time."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog

from callbacks import journal
from callbacks.callback import DESK
from callbacks.errors import DeskError
from callbacks.message import Message, MessageState
from callbacks.moves import Move
from callbacks.work import Work
from worker.line import CarrierAway, NotThere
from worker.setup import Means
from worker.shelf import Kept, NotKept
from worker.sound import NotSound

log = structlog.get_logger("worker")


def next_step(means: Means, ids: Sequence[int]) -> None:
    """Whatever is next for these messages; no transaction is open while network or disk are at work."""
    for message_id in ids:
        message = _looked_at(means, message_id)
        if message is not None and message.state == MessageState.AT_CARRIER:
            _fetch(means, message)
        elif message is not None and message.state == MessageState.STORED:
            _delete_at_carrier(means, message)
        elif message is not None and message.state == MessageState.CARRIERS_ALONE:
            _ask_it_to_delete(means, message)


def _looked_at(means: Means, message_id: int) -> Message | None:
    with means.desk.reading() as work:
        message = work.session.get(Message, message_id)
        due = message is not None and message.alarm_at is not None and message.alarm_at <= work.now
        return message if due else None


def _fetch(means: Means, message: Message) -> None:
    try:
        with means.carrier.sound(message.recording_sid, message.url) as sound:
            kept = means.shelf.keep(message.recording_sid, sound.media_type, sound.chunks)
    except (NotThere, NotSound) as denied:
        _say(message, denied)
        means.desk.do(partial(_denied, message_id=message.id, why=str(denied)))
    except (CarrierAway, NotKept) as fault:
        _say(message, fault)
        means.desk.do(partial(_failed, message_id=message.id))
    else:
        means.desk.do(partial(_stored, message_id=message.id, kept=kept, media_type=sound.media_type))
        _delete_at_carrier(means, message, kept)


def _delete_at_carrier(means: Means, message: Message, kept: Kept | None = None) -> None:
    """Only once ours is committed, and is there still; where it is not, theirs is fetched anew."""
    path, sha256 = (kept.path, kept.sha256) if kept else (message.path or "", message.sha256 or "")
    try:
        if means.shelf.holds(path, sha256):
            means.carrier.delete(message.recording_sid)
            means.desk.do(partial(_deleted_at_carrier, message_id=message.id))
        else:
            log.error("a stored recording is gone; fetching it again", recording=message.recording_sid)
            means.desk.do(partial(_gone_from_shelf, message_id=message.id))
    except (CarrierAway, NotKept) as fault:
        _say(message, fault)
        means.desk.do(partial(_failed, message_id=message.id))


def _ask_it_to_delete(means: Means, message: Message) -> None:
    """The policy has let it go here: until it is gone there too, it is asked again."""
    try:
        means.carrier.delete(message.recording_sid)
    except CarrierAway as fault:
        _say(message, fault)
        means.desk.do(partial(_failed, message_id=message.id))
    else:
        means.desk.do(partial(_deleted_at_carrier, message_id=message.id))


def _stored(work: Work, message_id: int, kept: Kept, media_type: str) -> None:
    message = _held(work, message_id, MessageState.AT_CARRIER)
    if message is not None:
        message.stored(work.now, kept.path, media_type, kept.size, kept.sha256)
        facts: dict[str, Any] = {"recording": message.recording_sid, "size": kept.size, "sha256": kept.sha256}
        message.callback.make(work, Move.MESSAGE_STORED, DESK, **facts)


def _denied(work: Work, message_id: int, why: str) -> None:
    message = _held(work, message_id, MessageState.AT_CARRIER)
    if message is not None and message.denied(work.now):
        message.callback.make(work, Move.MESSAGE_LOST, DESK, recording=message.recording_sid, why=why)


def _failed(work: Work, message_id: int) -> None:
    states = MessageState.AT_CARRIER, MessageState.STORED, MessageState.CARRIERS_ALONE
    message = _held(work, message_id, *states)
    if message is not None:
        message.failed(work.now)


def _deleted_at_carrier(work: Work, message_id: int) -> None:
    message = _held(work, message_id, MessageState.STORED, MessageState.CARRIERS_ALONE)
    if message is None:
        return
    message.deleted_at_carrier()
    if message.state == MessageState.ERASED:
        facts = {"recording": message.recording_sid}
        journal.write(work, message.callback.subject, "recording_gone_at_carrier", DESK, facts=facts)


def _gone_from_shelf(work: Work, message_id: int) -> None:
    message = _held(work, message_id, MessageState.STORED)
    if message is not None:
        message.gone_from_shelf(work.now)


def _held(work: Work, message_id: int, *states: MessageState) -> Message | None:
    """The message, if another hand has not taken the step already."""
    message = work.held(Message, message_id)
    return message if message is not None and message.state in states else None


def _say(message: Message, fault: DeskError) -> None:
    log.warning("a recording has to wait", recording=message.recording_sid, fault=str(fault))
