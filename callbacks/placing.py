"""Placing a dial: who may ask the carrier for it, and what its answer, or the want of one, makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from callbacks import handling, presence, put_through
from callbacks.dial import ASKS, FOLLOWS, SETTLES, Dial, Leg
from callbacks.moves import State
from callbacks.phone_number import PhoneNumber, judge, read
from callbacks.work import Work

BAD_NUMBERS = {21211, 21214, 21215, 21217, 13223, 13224, 13225, 13226, 13227}
"""The carrier's words for a number that it cannot, or will not, ring."""


@dataclass(frozen=True)
class Placing:
    """What the carrier is to be asked for, by whoever holds the lease. `rings_for` in seconds."""

    dial_id: int
    fence: int
    mark: str
    to: str
    from_: str
    rings_for: int
    lease_until: datetime

    def may_still_ask(self, now: datetime) -> bool:
        """Whether most of the lease is left: a hand that was held up for long must not send any more."""
        return (self.lease_until - now) * 3 > ASKS * 2


def take(work: Work, dial_id: int) -> Placing | None:
    """Take the right to ask for this dial; None where it was taken before, or is not to be rung any more."""
    dial = work.held(Dial, dial_id)
    if dial is None or not dial.live or dial.leg != Leg.TO_ASK:
        return None
    if not _is_wanted(work, dial) or not dial.agent.phone:
        _not_to_be_rung(work, dial)
        return None
    fence = dial.take(work.now)
    return Placing(
        dial.id, fence or 0, dial.mark, dial.agent.phone, work.policy.numbers.support.e164,
        int(work.policy.ring.offer_lapses.total_seconds()), dial.lease_until or work.now,
    )  # fmt: skip


def placed(work: Work, dial_id: int, call_sid: str) -> None:
    """The carrier took it."""
    dial = work.held(Dial, dial_id)
    if dial is not None and dial.live:
        dial.placed(call_sid)
        dial.look_again(work.now + FOLLOWS)
    elif dial is not None:
        put_through.is_to_be_ended(work, dial, call_sid)


def refused(work: Work, dial_id: int, code: int | None) -> None:
    """The carrier said that it does not ring; an agent whose phone it cannot ring is away from now on."""
    dial = work.held(Dial, dial_id)
    if dial is None or not dial.live or dial.leg != Leg.ASKED:
        return
    handling.not_placed(work, dial)
    if code in BAD_NUMBERS:
        presence.set_away(work, dial.agent, f"carrier says {code}")


def unknown(work: Work, dial_id: int) -> None:
    """No answer to rely on: it is looked up once the carrier must know, and nothing is repeated."""
    dial = work.held(Dial, dial_id)
    if dial is not None and dial.leg == Leg.ASKED:
        dial.look_again((dial.asked_at or work.now) + SETTLES)


def of_no_dial(work: Work, call_sids: Sequence[str]) -> list[str]:
    """Those of the carrier's calls that no dial is known by yet."""
    known = set(work.session.scalars(select(Dial.agent_call_sid).where(Dial.agent_call_sid.in_(call_sids))))
    return [sid for sid in call_sids if sid not in known]


def _is_wanted(work: Work, dial: Dial) -> bool:
    """Whether what it was begun for still stands."""
    if dial.asks:
        return dial.callback.state == State.WRAP_UP
    return dial.callback.state == State.OFFERED and _callable(work, dial)


def _callable(work: Work, dial: Dial) -> bool:
    """Judged again by the policy of today: the number may have been given long ago."""
    number = read(dial.number)
    return isinstance(number, PhoneNumber) and isinstance(judge(number, work.policy.numbers), PhoneNumber)


def _not_to_be_rung(work: Work, dial: Dial) -> None:
    callback, uncallable = dial.callback, not dial.asks and not _callable(work, dial)
    handling.not_placed(work, dial)
    if uncallable and callback.is_open:
        callback.hand_to_person(work, "number")
