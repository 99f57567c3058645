"""Everybody whose phone rings in a scripted exchange, and the notices of their calls, until all is quiet."""

from typing import TYPE_CHECKING

from exchange.carrying import Carried
from exchange.people import act
from exchange.plan import Delivery
from exchange.webhook import Notice

if TYPE_CHECKING:
    from exchange.box import Exchange


def run(exchange: "Exchange") -> None:
    """They act until nobody's phone rings any more; what their acts lead to rings and is acted on too."""
    while waiting := [call for call in exchange.outgoing if call.verb == "ringing"]:
        for call in waiting:
            act(call, exchange.at(call.facts.to), exchange)
        deliver(exchange)


def deliver(exchange: "Exchange") -> None:
    """The notices in hand: those that are late come after the others; some come twice, some never."""
    calls = [call for call in list(exchange.carried.values()) if isinstance(call, Carried)]
    held = [(_arrives(exchange, notice), notice) for call in calls for notice in call.notices]
    for call in calls:
        call.notices.clear()
    for arrives, notice in sorted(held, key=lambda one: one[0].late):
        notice.deliver(arrives.times)


def _arrives(exchange: "Exchange", notice: Notice) -> Delivery:
    if exchange.plan is None:
        return Delivery()
    return exchange.plan.delivery(notice.fields.get("To", ""), notice.kind)
