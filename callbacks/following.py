"""Following a dial whose notices do not come: what the carrier, asked, says of its two legs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callbacks import handling, put_through
from callbacks.dial import FOLLOWS, SETTLES, Dial, Leg
from callbacks.work import Work

OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""How the carrier says that a call is over."""

RANG = frozenset({"ringing", "in-progress", "completed", "busy", "no-answer"})
"""States of a leg that rang, or had rung."""

UNDECIDED = timedelta(minutes=5)
"""How much longer than the offer's time an agent may listen before it lapses."""

SOONEST, LATEST = timedelta(seconds=15), timedelta(minutes=5)
"""Bounds of the wait before a carrier that was away is asked again; between them, half of what has passed."""


@dataclass(frozen=True)
class LegAtCarrier:
    """A call as the carrier knows it; `seconds` is how long it was connected."""

    call_sid: str
    state: str
    made_at: datetime
    seconds: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it ended, one way or another."""
        return self.state in OVER


def looked_up(work: Work, dial_id: int, call_sid: str | None) -> None:
    """The outcome was unknown: the carrier has rung it as this call, or never did."""
    dial = work.held(Dial, dial_id)
    if dial is None or not dial.live or dial.leg != Leg.ASKED:
        return
    if call_sid is None:
        handling.not_placed(work, dial)
        return
    dial.placed(call_sid)
    dial.look_again(work.now)


def followed(work: Work, dial_id: int, agent: LegAtCarrier | None, customer: LegAtCarrier | None) -> bool:
    """Take the carrier's word for both legs. True where the agent's call is to be ended there."""
    dial = work.held(Dial, dial_id)
    if dial is None or not dial.live or dial.leg in (Leg.TO_ASK, Leg.ASKED):
        return False
    if customer is not None:
        _customers_leg(work, dial, customer)
    if agent is None or agent.is_over:
        handling.agent_leg_over(work, dial, agent.state if agent else "failed", nobody_rung=customer is None)
    dial.look_again(work.now + FOLLOWS)
    if dial.leg == Leg.AGENT and work.now - dial.made_at > work.policy.ring.offer_lapses + UNDECIDED:
        return handling.lapsed(work, dial)
    return False


def caller_followed(
    work: Work, dial_id: int, caller: LegAtCarrier | None, agent: LegAtCarrier | None
) -> None:
    """A customer who rang in and was put through: the carrier's word for both calls."""
    dial = work.held(Dial, dial_id)
    if dial is None or not dial.live or dial.leg != Leg.CALLED_IN:
        return
    if caller is None or caller.is_over or (agent is not None and agent.is_over):
        seconds = agent.seconds if agent else None
        put_through.over(work, dial, talked=bool(seconds), seconds=seconds)
    dial.look_again(work.now + FOLLOWS)


def unanswered(work: Work, dial_id: int) -> None:
    """The carrier is away: ask again, less and less often."""
    dial = work.held(Dial, dial_id)
    if dial is not None and dial.live:
        waited = work.now - (dial.asked_at or dial.made_at) - SETTLES
        dial.look_again(work.now + min(max(waited / 2, SOONEST), LATEST))


def _customers_leg(work: Work, dial: Dial, leg: LegAtCarrier) -> None:
    """As the notices would have said it. The carrier's list does not tell whether the two were connected:
    a leg that was answered for any time is taken to have been."""
    if leg.state in RANG:  # learned late, it still rang when the carrier began it
        handling.customer_rings(work, dial, leg.call_sid, leg.made_at)
    if leg.state == "in-progress":
        handling.customer_answered(work, dial, leg.call_sid)
    elif leg.is_over:
        dial.customer_call_sid = dial.customer_call_sid or leg.call_sid
        handling.customer_leg_over(work, dial, leg.state, leg.seconds, bridged=bool(leg.seconds))
