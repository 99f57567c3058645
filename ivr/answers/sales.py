"""Sales: reached in its hours, left a message outside them."""

from ivr.hearing import Answer, Hearing
from ivr.steps import Go, On, Verdict


def out_of_reach(hearing: Hearing) -> bool:
    """Whether nobody at Sales can be rung now."""
    policy = hearing.work.policy
    return policy.sales.number is None or not policy.sales_hours.is_open(hearing.work.now)


def dialled(_hearing: Hearing, answer: Answer) -> Verdict:
    """A dial that nobody answered, or only a machine took, leads to a message."""
    talked = answer.dialled in {"completed", "answered"} and answer.bridged
    return On() if talked else Go("missed")


def left_support(hearing: Hearing) -> None:
    """From here on the call is Sales' affair: hanging up leaves support nothing to look at."""
    hearing.remember(left_for_sales=True)
