"""The message: the moment a request is made, or found to be there already."""

from ivr.hearing import Answer, Hearing
from ivr.steps import Go, On, Verdict


def take(hearing: Hearing, answer: Answer) -> Verdict:
    """Whatever was recorded, silence too, is a message: the request exists from here on."""
    callback = hearing.takes(answer.recording)
    hearing.remember(callback=callback.id)
    if callback.call == hearing.call:
        return On()
    hearing.remember(stands=callback.id)
    return Go("same", "same_again")


def take_for_sales(hearing: Hearing, answer: Answer) -> Verdict:
    """A message for Sales stands by itself, however often they are asked."""
    hearing.remember(callback=hearing.takes(answer.recording).id)
    return On()
