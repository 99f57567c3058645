"""How many callbacks a day the desk rings by itself: past it a person looks first."""

from datetime import datetime

from sqlalchemy import func, select

from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.work import Work


def past_todays(work: Work, callback: Callback) -> bool:
    """Whether this is one too many today, for its subscription or in all. The promise stands all the same."""
    zone = work.hours.zone
    midnight = datetime.combine(work.now.astimezone(zone).date(), datetime.min.time(), zone)
    today = select(func.count(Callback.id)).where(
        Callback.received_at >= midnight, Callback.kind == Kind.CALLBACK
    )
    of_company = today.where(Callback.subscription_id == callback.subscription_id)
    numbers, count = work.policy.numbers, work.session.scalar
    return (count(of_company) or 0) > numbers.per_subscription_a_day or (
        count(today) or 0
    ) > numbers.in_all_a_day
