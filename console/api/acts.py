"""What a program may do with one callback: each act is a move of the core's, as on the board."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from callbacks import agent as agents
from callbacks import dial as dials
from callbacks import handling
from callbacks.agent import Agent
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.moves import Disposition, Move
from callbacks.search import is_on_a_dial
from callbacks.work import Work
from console.api.field import Field, choice, text
from console.buttons import LONGEST_NOTE, outcomes

RESULTS = ("answered", "busy", "no_answer")
AGENT = text("agent", "The name the agent signs in by.", 80, required=True)

Body = Mapping[str, Any]
Do = Callable[[Work, Callback, Body, str], None]


@dataclass(frozen=True)
class Act:
    """`do` makes the move, in the name of `by`; what it refuses is told with 409."""

    name: str
    says: str
    do: Do
    fields: tuple[Field, ...] = ()
    while_ringing: bool = False
    """Whether it may be done while the desk itself is ringing for this callback."""

    def make(self, work: Work, callback: Callback, body: Body, by: str) -> None:
        """Do it, unless it would cut across a dial that is under way."""
        live = None if self.while_ringing else dials.live_of(work.session, callback)
        if live is not None and not live.owes_outcome:
            raise Refused(
                f"callback {callback.reference} is being rung just now; wait until the call is over"
            )
        self.do(work, callback, body, by)


def _agent(work: Work, body: Body) -> Agent:
    agent = agents.by_sign_in(work.session, body["agent"])
    if agent is None:
        raise Refused("nobody signs in by that name at this desk")
    return agent


def _dial(work: Work, callback: Callback, body: Body, by: str) -> None:
    agent = _agent(work, body)
    if not agent.phone:
        raise Refused(f"{agent.sign_in} has no phone to ring")
    if is_on_a_dial(work.session, agent):
        raise Refused(f"{agent.sign_in} is on another call")
    handling.ring_agent(work, callback, agent, by)


def _rang(work: Work, callback: Callback, body: Body, by: str) -> None:
    """As on the board: where nobody was reached, it comes again after the policy's pause."""
    callback.rang(work, by, body["result"])
    if body["result"] != "answered" and callback.may(Move.MISSED):
        callback.missed(work, by)


def _wrap_up(work: Work, callback: Callback, body: Body, by: str) -> None:
    disposition, referral = Disposition(body["disposition"]), body.get("referral")
    if disposition not in outcomes(callback):
        fitting = ", ".join(outcomes(callback))
        raise Refused(f"callback {callback.reference} cannot end as {disposition}; it may as {fitting}")
    if referral is not None and referral not in work.policy.referrals:
        known = ", ".join(work.policy.referrals) or "none"
        raise Refused(f"there is no such service to refer to; the policy knows {known}")
    handling.wrap_up(work, callback, disposition, by, referral)
    if "note" in body:
        callback.note(work, body["note"], by)


ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act(
            "assign", "Give it to an agent.",
            lambda work, callback, body, by: callback.assign(work, _agent(work, body), by), (AGENT,),
        ),
        Act(
            "release", "Put it back into the queue, in its old place.",
            lambda work, callback, _, by: callback.release(work, by),
        ),
        Act("dial", "Ring the agent, and when they accept, the customer.", _dial, (AGENT,)),
        Act(
            "note", "Add a note to its journal.",
            lambda work, callback, body, by: callback.note(work, body["text"], by),
            (text("text", "What is to be known.", LONGEST_NOTE, required=True),), while_ringing=True,
        ),
        Act(
            "rang", "Say that the customer's phone rang: this keeps the promise, or shows it broken.", _rang,
            (choice("result", "What came of it.", RESULTS, required=True),),
        ),
        Act(
            "reached", "Say that somebody talked with the customer.",
            lambda work, callback, _, by: callback.reached(work, by),
        ),
        Act(
            "wrap-up", "Say what came of it: an end, a level up, or a wait for the customer.", _wrap_up,
            (
                choice("disposition", "What came of it.", Disposition, required=True),
                text("referral", "Where it was out of scope: the policy's name of the service.", 60),
                text("note", "What is to be known.", LONGEST_NOTE),
            ),
        ),
        Act(
            "resume", "Say that the customer we waited for is back.",
            lambda work, callback, _, by: callback.resume(work, by),
        ),
    )
}  # fmt: skip
"""Each by the last word of its address."""
