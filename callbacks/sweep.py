"""The sweep: what the carrier says of a call, so that no message is lost though every notice of it was."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from callbacks import call as calls
from callbacks import intake, texting
from callbacks import message as messages
from callbacks.call import SETTLES, UNHEARD_OF, Call
from callbacks.callback import Callback
from callbacks.intake import Recording
from callbacks.work import Work

SOONEST, LATEST = timedelta(seconds=30), timedelta(minutes=30)
"""Bounds of the wait before a carrier that was away is asked again; between them, half of what has passed."""


@dataclass(frozen=True)
class AtCarrier:
    """A call as the carrier knows it. `settled`: no recording of it is still being made ready."""

    call_sid: str
    from_: str = ""
    to: str = ""
    inbound: bool = True
    over: bool = True
    settled: bool = True
    recordings: tuple[Recording, ...] = ()


def settle(work: Work, found: AtCarrier) -> list[Callback]:
    """Take every message that no notice has brought, and end the call where it is over. Safe to repeat."""
    call = calls.held(work, found.call_sid, found.from_, found.to)
    taken = [intake.take_message(work, call, None, _in_time(each, work.now)) for each in found.recordings]
    if found.over:
        call.ended(work.now)
    if found.over and found.settled:
        _sweep(work, call)
    elif call.swept_at is None:
        call.alarm_at, call.claimed_until = work.now + (SETTLES if found.over else UNHEARD_OF), None
    return taken


def unanswered(work: Work, call_id: int) -> None:
    """The carrier is away: ask again, less and less often."""
    call = work.held(Call, call_id)
    if call is not None and call.swept_at is None:
        waited = work.now - (call.ended_at or call.started_at)
        call.alarm_at, call.claimed_until = work.now + min(max(waited / 2, SOONEST), LATEST), None


def unheard_of(work: Work, recording_sids: list[str]) -> list[str]:
    """Those of these recordings that the desk has no message of."""
    return [sid for sid in recording_sids if messages.by_recording(work.session, sid) is None]


def _sweep(work: Work, call: Call) -> None:
    intake.take_silent_caller(work, call)
    texting.after_call(work, call)
    call.swept_at, call.alarm_at, call.claimed_until = work.now, None, None


def _in_time(recording: Recording, now: datetime) -> Recording:
    """The carrier's clock may be ahead of ours; nothing was left in the future."""
    return replace(recording, left_at=min(recording.left_at or now, now))
