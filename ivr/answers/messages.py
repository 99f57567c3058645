"""The message: the moment a request is made."""

from ivr.hearing import Answer, Hearing
from ivr.steps import On, Verdict


def take(hearing: Hearing, answer: Answer) -> Verdict:
    """Whatever was recorded, silence too, is a message: the request exists from here on."""
    callback = hearing.takes(answer.recording)
    hearing.remember(callback=callback.id)
    return On()
