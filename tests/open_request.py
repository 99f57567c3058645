"""A request of Acme's that is open when its caller rings again."""

from sqlalchemy import select, update

from callbacks import intake
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.moves import State
from callbacks.subscription import Subscription
from callbacks.work import Work

CALLS_AGAIN = "+390212344777"
TOPIC = "delivery"


def leave(work: Work, number: str = CALLS_AGAIN, topic: str = TOPIC) -> Callback:
    """Received now, of a caller who speaks English."""
    acme = work.session.scalars(select(Subscription).where(Subscription.company == "Acme")).one()
    callback = Callback(
        reference=intake.new_reference(work.session), kind=Kind.CALLBACK, state=State.WAITING, language="en",
        topic=topic, level=1, number=number, caller=number, messages=[], misses=0, passed_by=[],
        subscription_id=acme.id,
    )  # fmt: skip
    callback.promised(work, work.now)
    work.session.add(callback)
    work.session.flush()
    return callback


def forget(work: Work) -> None:
    """Whatever is open is open no more, as if other callers had left it."""
    work.session.execute(update(Callback).where(Callback.state != State.CLOSED).values(state=State.CLOSED))
