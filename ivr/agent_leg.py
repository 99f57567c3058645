"""The agent's leg of a callback: whisper, accept, connect, wrap up. One turn at a time, safe to repeat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from callbacks import asking_again, handling, put_through
from callbacks.dial import Dial, Leg, Outcome
from callbacks.errors import Refused
from callbacks.message import Message
from callbacks.moves import Disposition
from callbacks.work import Work
from ivr.leg_words import Ringing
from ivr.spoken import Sentence


@dataclass(frozen=True)
class Said:
    """What the agent hears, and what follows: keys waited for, the customer rung, or the end of the call."""

    dial: Dial
    sentences: tuple[Sentence, ...]
    turn: int | None = None
    """The turn that an answer belongs to; None hangs up."""
    connect: bool = False
    play: Message | None = None


@dataclass(frozen=True)
class Heard:
    """What came back: keys of the agent's, or the carrier's last word on the customer's leg."""

    call_sid: str
    digits: str = ""
    dialled: str = ""
    bridged: bool = False
    seconds: int | None = None


WRAP_UP_KEYS: Mapping[str, Disposition] = {
    "1": Disposition.SOLVED,
    "2": Disposition.ESCALATED,
    "3": Disposition.WAITING,
    "4": Disposition.OUT_OF_SCOPE,
    "5": Disposition.WRONG_NUMBER,
    "6": Disposition.WITHDRAWN,
}
MAILBOX_KEYS = {"7": True, "8": False}
"""A mailbox answered: a message was left, or none."""


def turn(work: Work, dial: Dial, number: int, heard: Heard) -> Said:
    """What the answer to this turn leads to. One to another turn changes nothing, and hears where it stands.

    A call that is not this dial's, or whose dial has ended, hears that it is in other hands: no phone is ever
    rung twice for want of a notice.
    """
    dial.placed(heard.call_sid)
    if dial.agent_call_sid != heard.call_sid or not dial.live:
        return _end(work, dial, "agent_not_now" if _not_now(dial, heard) else "agent_elsewhere")
    if number != dial.turn or number == 0:
        return _stand(work, dial)
    step = _STEPS.get(Leg(dial.leg))
    return step(work, dial, heard) if step else _end(work, dial, "agent_elsewhere")


def _stand(work: Work, dial: Dial) -> Said:
    """Where the call stands. Once the customer may have been rung it is never rung from here again."""
    if dial.leg == Leg.AGENT and dial.asks:
        return _ask_again(work, dial)
    if dial.leg == Leg.AGENT:
        dial.turn = dial.turn or 1
        return _ask(work, dial, "agent_whisper", "agent_keys")
    if dial.leg == Leg.WRAP_UP:
        return _ask(work, dial, _how_it_ended(work, dial))
    return _end(work, dial, "agent_elsewhere")


def _ask_again(work: Work, dial: Dial) -> Said:
    """Of which talk, and how it ended; nothing where that is known by now."""
    if not asking_again.answered(dial):
        return _end(work, dial, "agent_wrapped")
    dial.turn = 1
    return _ask(work, dial, "agent_asked_again", _how_it_ended(work, dial))


def _how_it_ended(work: Work, dial: Dial) -> str:
    """The question; a customer who rang in was no mailbox."""
    return "agent_wrap_up_in" if put_through.rang_in(work, dial) else "agent_wrap_up"


def _whispered(work: Work, dial: Dial, heard: Heard) -> Said:
    """`1` takes it, `2` plays the message first, `3` passes, `9` puts it off; a mailbox presses nothing."""
    if heard.digits == "1":
        return _accept(work, dial)
    if heard.digits == "2":
        return _hear_first(work, dial)
    if heard.digits == "3":
        handling.passed(work, dial)
        return _end(work, dial, "agent_passed")
    if heard.digits == "9":
        handling.later(work, dial)
        return _end(work, dial, "agent_later")
    return _again(work, dial, "agent_keys_2", lambda: handling.lapsed(work, dial))


def _accept(work: Work, dial: Dial) -> Said:
    if not handling.accepted(work, dial):
        return _end(work, dial, "agent_elsewhere")
    dial.turn, dial.tries = dial.turn + 1, 0
    return Said(dial, _say(work, dial, "agent_connecting"), dial.turn, connect=True)


def _hear_first(work: Work, dial: Dial) -> Said:
    dial.turn += 1
    message = next((each for each in reversed(dial.callback.messages) if each.playable), None)
    names = ("agent_keys",) if message else ("agent_no_sound", "agent_keys")
    return Said(dial, _say(work, dial, *names), dial.turn, play=message)


def _dialled(work: Work, dial: Dial, heard: Heard) -> Said:
    """The carrier's last word on the customer's leg; without one, the carrier is asked for it later."""
    if not heard.dialled:
        return _end(work, dial, "agent_elsewhere")
    handling.customer_leg_over(work, dial, heard.dialled, heard.seconds, bridged=heard.bridged)
    if dial.leg == Leg.WRAP_UP:
        dial.turn, dial.tries = dial.turn + 1, 0
        return _ask(work, dial, "agent_wrap_up")
    return _end(work, dial, "agent_missed")


def _wrapped_up(work: Work, dial: Dial, heard: Heard) -> Said:
    """One key for the outcome; silence leaves it open, and it is asked for once more."""
    by = f"agent:{dial.agent.sign_in}"
    shorter = f"{_how_it_ended(work, dial)}_2"
    if heard.digits in MAILBOX_KEYS and not put_through.rang_in(work, dial):
        handling.mailbox(work, dial, left_message=MAILBOX_KEYS[heard.digits])
        return _end(work, dial, "agent_missed")
    if heard.digits in WRAP_UP_KEYS:
        try:
            handling.wrap_up(work, dial.callback, WRAP_UP_KEYS[heard.digits], by)
        except Refused:
            return _again(work, dial, shorter, lambda: None)
        return _end(work, dial, "agent_wrapped")
    return _again(work, dial, shorter, lambda: None)


def _not_now(dial: Dial, heard: Heard) -> bool:
    """Whether this agent was just told by the customer to ring another time."""
    return dial.outcome == Outcome.NOT_NOW and dial.agent_call_sid == heard.call_sid


def _again(work: Work, dial: Dial, name: str, give_up: Callable[[], object]) -> Said:
    """One more try, or the end of the call where the policy's tries are used up."""
    dial.tries += 1
    if dial.tries >= work.policy.call.tries:
        gave_up_at = dial.leg
        give_up()
        return _end(work, dial, "agent_no_outcome" if gave_up_at == Leg.WRAP_UP else "agent_passed")
    dial.turn += 1
    return _ask(work, dial, name)


def _ask(work: Work, dial: Dial, *names: str) -> Said:
    return Said(dial, _say(work, dial, *names), dial.turn)


def _end(work: Work, dial: Dial, *names: str) -> Said:
    return Said(dial, _say(work, dial, *names))


def _say(work: Work, dial: Dial, *names: str) -> tuple[Sentence, ...]:
    return Ringing.to_agent(work, dial).say(*names)


_STEPS: Mapping[Leg, Callable[[Work, Dial, Heard], Said]] = {
    Leg.AGENT: _whispered,
    Leg.ACCEPTED: _dialled,
    Leg.TALKING: _dialled,
    Leg.WRAP_UP: _wrapped_up,
}
