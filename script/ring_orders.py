"""Orders in which callbacks might be rung: the desk's own, two plain ones, and one considered."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, case

from callbacks.assignment import Ordering, ringing_order
from callbacks.callback import Callback


def first_come(now: datetime) -> Select[Callback]:
    """First come, first served."""
    return ringing_order(now).order_by(None).order_by(Callback.received_at, Callback.id)


def newest(now: datetime) -> Select[Callback]:
    """Newest first."""
    return ringing_order(now).order_by(None).order_by(Callback.received_at.desc(), Callback.id.desc())


def not_yet_rung(now: datetime) -> Select[Callback]:
    """Ours, but whom we rang once, in time, waits for those we have not rung: their promise is kept."""
    return (
        ringing_order(now)
        .order_by(None)
        .order_by(case((Callback.first_rang_at.is_(None), 0), else_=1), Callback.closes, Callback.received_at)
    )


ORDERINGS: Mapping[str, Ordering] = {
    "least time left (ours)": ringing_order,
    "first come, first served": first_come,
    "newest first": newest,
}

CONSIDERED: Mapping[str, Ordering] = {"not yet rung, then ours": not_yet_rung}
"""Not what the desk does: fewer first rings late, and longer waits for those whom a ring did not reach."""
