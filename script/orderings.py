"""The order callbacks are rung in, beside two others, over one week: who was rung late, and how late.

`script/order [--agents N …] [--days D] [--considered]`
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

from callbacks.assignment import Ordering
from script.arrivals import MONDAY, Arrival, recorded
from script.ring_orders import CONSIDERED, ORDERINGS
from script.simulation import Result, simulate

AGENTS = 4
"""As many as the week's requests keep busy from Monday's opening on; one fewer never catches up."""

COLUMNS = "{:<26} {:>8} {:>6} {:>8} {:>10} {:>12} {:>12} {:>12}"


def main() -> int:
    """0 where ours broke the fewest promises with the usual agents."""
    words = argparse.ArgumentParser("script/order", description=__doc__)
    words.add_argument("--agents", type=int, nargs="+", default=[AGENTS])
    words.add_argument("--days", type=int, default=7, help="of the week, from Monday on")
    words.add_argument("--considered", action="store_true", help="beside them an order we do not keep")
    asked = words.parse_args()
    orders = {**ORDERINGS, **(CONSIDERED if asked.considered else {})}
    arrivals = first_days(recorded(), asked.days)
    return max([compared(arrivals, agents, orders) for agents in asked.agents])


def first_days(arrivals: Sequence[Arrival], days: int) -> list[Arrival]:
    """What arrived in the first so many days of the week."""
    return [arrival for arrival in arrivals if arrival.received < MONDAY + timedelta(days=days)]


def compared(arrivals: Sequence[Arrival], agents: int, orders: Mapping[str, Ordering]) -> int:
    """Print them side by side; 0 where ours broke no more promises than either of the plain ones."""
    print(f"{len(arrivals):,} requests, {agents} agents (minutes are working time)")
    heads = ("promised", "late", "late %", "worst late", "all lateness", "median wait", "95% talked")
    print(COLUMNS.format("rung in this order", *heads))
    late = []
    for name, order in orders.items():
        began = time.monotonic()
        result = simulate(arrivals, agents, order)
        late.append(result.late)
        print(_row(name, result), f"  ({time.monotonic() - began:.0f} s)", flush=True)
    print()
    return 0 if late[0] <= min(late[: len(ORDERINGS)]) else 1


def _row(name: str, result: Result) -> str:
    share = f"{100 * result.late / result.promised:.1f}"
    times = (result.worst, sum(result.minutes_late), result.median_wait, result.slow_talk)
    return COLUMNS.format(name, result.promised, result.late, share, *(f"{each:,.0f} min" for each in times))


if __name__ == "__main__":
    raise SystemExit(main())
