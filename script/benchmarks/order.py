"""Promises broken where requests outnumber agents: the least time left first, beside two other orders."""

from typing import Any

from script.arrivals import recorded
from script.orderings import AGENTS, first_days
from script.simulation import ORDERINGS, simulate

DAYS = 3
"""From Monday on: Wednesday has the outage. `script/order` rings the whole week."""


def run() -> list[dict[str, Any]]:
    """One row an order; `good` where ours broke fewer than this one."""
    arrivals = first_days(recorded(), DAYS)
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
