"""Taking a request: the moment a promise is made, whichever of the carrier's notices comes first."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks import calling_again, kept_calendar, limits
from callbacks import message as messages
from callbacks.call import Call, Kind, number_of
from callbacks.callback import CALLER, DESK, LIMIT, Callback, told
from callbacks.message import Message
from callbacks.moves import Move, State
from callbacks.work import Work


@dataclass(frozen=True)
class Recording:
    """A recording as the carrier tells of it. `seconds` and `left_at` are None where it did not say."""

    sid: str
    url: str
    seconds: int | None = None
    left_at: datetime | None = None


def take_message(work: Work, call: Call, turn: int | None, recording: Recording | None) -> Callback:
    """The request that this message is: made now if no other notice made it, joined by the recording if new.

    `call` must be held. Safe to repeat in any order, because a request is one (call, turn) and a message one
    recording. The promise counts from when the message reached the carrier (`left_at`), else from now.
    """
    known = messages.by_recording(work.session, recording.sid) if recording else None
    if known is not None:
        _fill_in(known, recording)
        return known.callback
    turn, kind = call.take_of(turn)
    received = (recording and recording.left_at) or work.now
    callback = _of_turn(work.session, call, turn) or _joined(work, call, turn, kind)
    callback = callback or _request(work, call, turn, kind, received)
    if recording is not None:
        _join(work, call, callback, kind, recording)
    return callback


def take_silent_caller(work: Work, call: Call) -> Callback | None:
    """The item for a caller who passed the code and left no message, where the policy wants it.

    None where there is nothing to look at: no code, a request already made or open, a message for Sales.
    """
    _know_caller(work, call)
    if call.extension_code_id is None or not work.policy.call.item_without_message:
        return None
    if call.answers.get("stands") or call.answers.get("joined"):
        return None
    if work.session.scalar(select(Callback.id).where(Callback.call == call).limit(1)):
        return None
    turn, kind = call.take_of(None)
    if kind is Kind.SALES or call.answers.get("left_for_sales"):
        return None
    return _request(work, call, turn, Kind.NO_MESSAGE, work.now)


def of_call(session: Session, call: Call) -> list[Callback]:
    """Everything this call left with us, oldest first."""
    return list(session.scalars(select(Callback).where(Callback.call == call).order_by(Callback.id)))


def new_reference(session: Session) -> str:
    """Six digits nobody can guess from another; a seventh only when six have become hard to find free."""
    digits = 6
    for attempt in range(1, 1000):
        reference = "".join(secrets.choice("0123456789") for _ in range(digits))
        if session.scalar(select(Callback.id).where(Callback.reference == reference)) is None:
            return reference
        digits += attempt % 20 == 0
    raise RuntimeError("no free reference in a thousand draws")


def _of_turn(session: Session, call: Call, turn: int) -> Callback | None:
    """The request of this call's turn; an item made for want of a message is taken over by the message."""
    of_turn = select(Callback).where(Callback.call == call, Callback.turn == turn)
    silent = select(Callback).where(Callback.call == call, Callback.kind == Kind.NO_MESSAGE)
    return session.scalar(of_turn.with_for_update()) or session.scalar(silent.with_for_update())


def _joined(work: Work, call: Call, turn: int, kind: Kind) -> Callback | None:
    """The open request that this message belongs to; that it was asked for again is written once a call."""
    callback = calling_again.joined(work, call, turn) if kind is Kind.CALLBACK else None
    if callback is not None and callback.id not in (call.answers.get("stands"), call.answers.get("joined")):
        call.answers = {**call.answers, "joined": callback.id}
        calling_again.called_again(work, callback)
    return callback


def _request(work: Work, call: Call, turn: int, kind: Kind, received: datetime) -> Callback:
    """A new request with what the call knows: defaults first, refined by later answers."""
    callback = Callback(
        reference=new_reference(work.session), channel="phone", kind=kind, state=State.WAITING, messages=[],
        call=call, turn=turn, level=call.answers.get("level", 1), topic=call.answers.get("topic"),
        language=call.language or work.policy.languages.offered[0], caller=call.from_,
        number=call.answers.get("number") or number_of(call, work.policy),
        subscription_id=call.subscription_id,
        extension_code_id=call.extension_code_id, received_at=received, watched_until=work.now,
    )  # fmt: skip
    _promise(work, callback, kind, received)
    work.session.add(callback)
    work.session.flush()
    callback.make(
        work, Move.RECEIVED, CALLER, about=kind.value, kind=kind.value,
        level=callback.level, no_number=callback.number is None, **_window(callback),
        personal={"caller": call.from_, "number": callback.number, "call": call.call_sid},
    )  # fmt: skip
    if kind is Kind.CALLBACK and limits.past_todays(work, callback):
        callback.hand_to_person(work, LIMIT)
    return callback


def _promise(work: Work, callback: Callback, kind: Kind, received: datetime) -> None:
    """Everything but a message for Sales is watched by the clock of the promise."""
    callback.kind = kind
    if kind is not Kind.SALES:
        kept_calendar.keep(work)
        callback.promised(work, received, callback.wished_for)


def _join(work: Work, call: Call, callback: Callback, kind: Kind, recording: Recording) -> None:
    """The recording is this request's; a silent caller's item becomes what the message makes of it."""
    if callback.kind == Kind.NO_MESSAGE:
        _promise(work, callback, kind, recording.left_at or work.now)
        if not callback.is_open:
            callback.reopen(work, "a message arrived after all")
    sound = Message(
        recording_sid=recording.sid, url=recording.url, seconds=recording.seconds, callback=callback
    )
    sound.arrived_at, sound.alarm_at, sound.tries = work.now, work.now, 0
    sound.state = messages.MessageState.AT_CARRIER
    work.session.add(sound)
    facts: dict[str, Any] = {"recording": recording.sid, "seconds": recording.seconds, "kind": kind.value}
    if callback.call == call:
        callback.make(work, Move.MESSAGE_JOINED, CALLER, **facts, **_window(callback))
    else:
        callback.make(work, Move.MESSAGE_ADDED, CALLER, **facts)


def _know_caller(work: Work, call: Call) -> None:
    """A recording's notice does not say who called: where it came first, its request learns that now."""
    for callback in of_call(work.session, call) if call.from_ else ():
        if not callback.caller:
            callback.caller, number = call.from_, number_of(call, work.policy)
            if number and callback.number is None and callback.may(Move.NUMBER_CHANGED):
                callback.change_number(work, number, DESK)


def _fill_in(known: Message, recording: Recording | None) -> None:
    """A later notice may know the length that an earlier one did not."""
    if recording is not None and known.seconds is None:
        known.seconds = recording.seconds


def _window(callback: Callback) -> dict[str, Any]:
    """What was promised, as a journal line keeps it."""
    return told(callback.promise) if callback.promise else {"opens": None, "closes": None}
