"""What another policy would have promised to those who wait: counted, and nothing is rewritten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from callbacks.callback import Callback
from callbacks.hours import OutOfReach
from callbacks.moves import OPEN
from callbacks.policy import Policy
from callbacks.promise import Promise
from callbacks.work import Work

MOST = 2000
"""Open promises looked at, those that close first; each takes a fraction of a millisecond."""


@dataclass(frozen=True)
class Differing:
    """A promise that stands as it was told, and the window it would have had."""

    callback: Callback
    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class WhatIf:
    """`looked_at` open promises that have not been rung yet; `is_all` where there are no more of them."""

    looked_at: int
    differing: tuple[Differing, ...]
    is_all: bool = True


def would_differ(work: Work, policy: Policy) -> WhatIf:
    """Whose window would have been different, had this policy held when they asked.

    What differs already from today's policy, and would not be changed by this one, is not counted.
    """
    waiting = select(Callback).where(
        Callback.state.in_(OPEN), Callback.closes.is_not(None), Callback.first_rang_at.is_(None)
    )
    found = list(work.session.scalars(waiting.order_by(Callback.closes, Callback.id).limit(MOST + 1)))
    asked = [(each, _given(each, policy), _given(each, work.policy)) for each in found[:MOST]]
    differing = tuple(
        Differing(each, *new)
        for each, new, today in asked
        if new is not None and new not in (today, (each.opens, each.closes))
    )
    return WhatIf(len(asked), differing, len(found) <= MOST)


def _given(callback: Callback, policy: Policy) -> tuple[datetime, datetime] | None:
    try:
        promise = Promise.given(
            callback.received_at, policy.office_hours, policy.targets, callback.wished_for
        )
    except OutOfReach:
        return None
    return promise.opens, promise.closes
