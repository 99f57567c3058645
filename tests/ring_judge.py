"""What must hold after phones have rung: one ring a dial, and an outcome for each request."""

from collections import Counter

from sqlalchemy import select

from callbacks import seal
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.moves import State
from callbacks.work import Desk
from tests.ringing import Switchboard


def faults_in(desk: Desk, exchange: Switchboard, requests: int, counts: Counter[str]) -> list[str]:
    """What is wrong after all this, in words."""
    marks = {record.sid: url.rsplit("/", 2)[-2] for url, record in exchange.placed}
    agents = Counter(marks.values())
    legs = [each for each in exchange.store.calls.values() if each.direction == "outbound-dial"]
    customers = Counter(marks[leg.parent or ""] for leg in legs)
    wrong = [f"an agent's phone rang {n} times for one dial" for n in agents.values() if n > 1]
    wrong += [f"a customer's phone rang {n} times for one dial" for n in customers.values() if n > 1]
    with desk.reading() as work:
        found, dials = list(work.session.scalars(select(Callback))), list(work.session.scalars(select(Dial)))
        wrong += seal.faults(work.session)
    wrong += [f"a dial never ended: {dial.leg}" for dial in dials if dial.live]
    wrong += [f"a request is lost: {each.state}" for each in found if each.state != State.CLOSED]
    wrong += [
        "a request is closed without an outcome" for each in found if each.closed_at and not each.disposition
    ]
    wrong += ["a request vanished"] * (requests - len(found))
    counts.update({"dials": len(dials), "agents rung": agents.total(), "customers rung": len(legs)})
    return wrong
