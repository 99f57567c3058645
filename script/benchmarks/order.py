"""Promises broken where requests outnumber agents: the least time left first, beside two other orders."""

from typing import Any

from script.arrivals import OUTAGE, recorded
from script.ring_orders import ORDERINGS
from script.simulation import simulate

AGENTS = 3
"""On the day of the outage alone. `script/order` rings the whole week, with four."""


def run() -> list[dict[str, Any]]:
    """One row an order; `good` where ours broke fewer than this one."""
    arrivals = [arrival for arrival in recorded() if arrival.received.date() == OUTAGE.date()]
    results = {name: simulate(arrivals, AGENTS, order) for name, order in ORDERINGS.items()}
    ours = next(iter(results.values()))
    return [
        {
            "name": name, "unit": "promises broken", "ours": ours.late, "this": result.late,
            "worst_minutes": result.worst, "median_wait_minutes": result.median_wait,
            "good": result is ours or ours.late < result.late,
        }
        for name, result in results.items()
    ]  # fmt: skip
