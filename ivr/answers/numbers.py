"""The number to call back on: the caller's own, or another that is read back."""

from collections.abc import Mapping

from callbacks.moves import Move
from callbacks.phone_number import NotCallable, PhoneNumber, Reason, judge, read
from callbacks.policy import Policy
from ivr.answers.spoken_digits import digits_in
from ivr.hearing import Answer, Hearing
from ivr.steps import Again, Back, Go, On, Repeat, Verdict

REFUSALS = tuple(f"number_{reason}" for reason in Reason)
"""One sentence for each reason that a number is not one to call."""


def none_to_keep(hearing: Hearing) -> bool:
    """Whether we have no number yet: withheld, or not one to call back."""
    return hearing.callback is None or hearing.callback.number is None


def keep(_hearing: Hearing, answer: Answer) -> Verdict:
    """Silence or `1` keeps the number, `2` gives another."""
    meanings: Mapping[str, Verdict] = {"": On(), "1": On(), "2": Go("other"), "*": Repeat()}
    return meanings.get(answer.digits, Again())


def enter(hearing: Hearing, answer: Answer) -> Verdict:
    """Typed or spoken digits, as one would dial them; a number that is never called back says why."""
    entered = answer.digits or digits_in(answer.speech, hearing.language)
    if "*" in entered:
        return Repeat()
    if not entered:
        return Again()
    number = callable_number(hearing.work.policy, entered)
    if isinstance(number, NotCallable):
        return Again(f"number_{number.reason}")
    hearing.remember(entered_number=number.e164)
    return On()


def confirm(hearing: Hearing, answer: Answer) -> Verdict:
    """`1` takes the number that was read back, `2` asks for it again."""
    if answer.digits == "1":
        _change(hearing)
        return On()
    meanings: Mapping[str, Verdict] = {"2": Back("other"), "*": Repeat()}
    return meanings.get(answer.digits, Again())


def settle(hearing: Hearing) -> None:
    """A request without a number stands, and a person looks for one."""
    callback = hearing.callback
    if callback and callback.number is None:
        callback.note(hearing.work, "left no number to call back on", "desk")


def callable_number(policy: Policy, written: str) -> PhoneNumber | NotCallable:
    """The number written as dialled from the office's country, where the policy lets the desk call it."""
    number = read(written, *([policy.numbers.country] if policy.numbers.country else []))
    return judge(number, policy.numbers) if isinstance(number, PhoneNumber) else number


def _change(hearing: Hearing) -> None:
    """A request that has been dealt with meanwhile is left as it is."""
    callback, number = hearing.callback, hearing.known("entered_number")
    if callback and number != callback.number and callback.may(Move.NUMBER_CHANGED):
        callback.change_number(hearing.work, number)
