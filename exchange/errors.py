"""What can go wrong between a script and its call."""


class BadTwimlError(AssertionError):
    """A document broke Twilio's rules, and the exchange is strict."""


class CallOverError(Exception):
    """Somebody acted on a call that has ended."""


class WrongMomentError(Exception):
    """The call does not wait for what was done: no recording is on, nobody is being dialled."""
