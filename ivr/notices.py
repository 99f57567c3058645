"""What the carrier tells beside the conversation: in any order, twice, late, or of calls never heard of."""

from dataclasses import replace

from callbacks import call as calls
from callbacks import intake, text_answers
from callbacks.intake import Recording
from callbacks.work import Work
from ivr import texts

TROUBLE_TURN = 0
"""The turn of recordings that no turn asked for."""


def recording_told(work: Work, call_sid: str, turn: int, recording: Recording) -> None:
    """A recording has arrived: its request is made now, unless another word of it came first."""
    call = calls.held(work, call_sid)
    left_at = recording.left_at
    if left_at and not call.started_at <= left_at <= work.now:
        # The carrier's clock and ours do not agree: promise by ours.
        recording = replace(recording, left_at=None)
    intake.take_message(work, call, turn, recording)


def trouble_told(work: Work, call_sid: str, recording: Recording, from_: str, to: str) -> None:
    """A message was left on the trouble line, which no turn asked for."""
    intake.take_message(work, calls.held(work, call_sid, from_, to), TROUBLE_TURN, recording)


def call_ended(work: Work, call_sid: str, from_: str, to: str) -> None:
    """The call is over: a caller who passed the code and left nothing is looked after by a person."""
    call = calls.held(work, call_sid, from_, to)
    call.ended(work.now)
    intake.take_silent_caller(work, call)


def text_came(work: Work, message_sid: str, from_: str, text: str) -> None:
    """A text message is kept once, and done where it is one of the answers we understand."""
    understood = texts.wanted(text, work.policy.languages.offered)
    text_answers.came(work, message_sid, from_, text, understood)
