"""A caller whose phone we are just ringing: told so, and put through to the agent who rings."""

from callbacks import calling_again, put_through
from ivr.hearing import Answer, Hearing
from ivr.steps import Go, On, Verdict


def is_being_called(hearing: Hearing) -> bool:
    """Whether an agent is on the way to this caller at this moment."""
    return put_through.under_way(hearing.work, hearing.call) is not None


def take_over(hearing: Hearing) -> None:
    """The ringing ends, and this call rings the agent instead."""
    dial = put_through.under_way(hearing.work, hearing.call)
    if dial is None:
        return
    calling_again.called_again(hearing.work, dial.callback)
    taken = put_through.take_over(hearing.work, hearing.call, dial)
    hearing.remember(callback=taken.callback_id, stands=taken.callback_id)
    hearing.remember(through=[taken.agent.phone, taken.mark])


def dialled(hearing: Hearing, answer: Answer) -> Verdict:
    """They talked where the carrier connected the two and the agent had said yes."""
    talked = answer.dialled in {"completed", "answered"} and answer.bridged
    dial = put_through.of_call(hearing.work, hearing.call)
    spoke = dial is not None and put_through.over(hearing.work, dial, talked=talked, seconds=answer.seconds)
    return On() if spoke else Go("missed")
