"""How a scripted call is to behave."""

from typing import TypedDict


class Manner(TypedDict, total=False):
    """How a scripted call behaves."""

    params: dict[str, str | None]  # further parameters of every request; None leaves a usual one out
    voice_url: str  # asked in place of the exchange's
    step: bool  # stop at every prompt, as `listen` goes on
    quiet: bool  # a document that breaks a rule fails the call, and raises nothing
    hangs_up_at: int  # the caller is gone at the so-manieth moment, counted from 0; see Call.moments
