"""The customer's leg of a callback: who calls, a way to say "not now", and the carrier's notices."""

from callbacks import handling
from callbacks.dial import Dial
from callbacks.work import Work
from ivr.leg_words import Ringing
from ivr.spoken import Sentence

NOT_NOW_KEYS = frozenset("123")
"""In 15 minutes, in an hour, tomorrow morning."""

OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def whisper(work: Work, dial: Dial, call_sid: str) -> tuple[Sentence, ...]:
    """Heard by whoever picks up, before the two are connected."""
    handling.customer_answered(work, dial, call_sid)
    return Ringing.to_customer(work, dial).say("customer_whisper")


def answered(work: Work, dial: Dial, digits: str) -> tuple[Sentence, ...]:
    """What is said to one who cannot talk now; nothing to one who can, and the two are connected."""
    if digits not in NOT_NOW_KEYS or not dial.live:
        return ()
    handling.not_now(work, dial, digits)
    return Ringing.to_customer(work, dial).say("customer_later")


def state_told(work: Work, dial: Dial, call_sid: str, state: str, seconds: int | None) -> None:
    """A notice of this leg's state: in any order, twice, or never.

    Its end is told by the agent's leg, which knows whether the two were connected; else by this.
    """
    if state == "ringing":
        handling.customer_rings(work, dial, call_sid)
    elif state == "in-progress":
        handling.customer_answered(work, dial, call_sid)
    elif state in OVER and dial.hung_up_at is not None:
        handling.customer_leg_over(work, dial, state, seconds, bridged=dial.answered_at is not None)
