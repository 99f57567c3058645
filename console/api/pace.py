"""How fast a program may ask: so many at once, then at a steady rate. Each process counts for itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

MOST_KEPT = 10_000
"""Beyond so many askers the count begins anew, rather than growing with every address that ever called."""


@dataclass
class Pace:
    """`burst` may come at once; `a_second` more every second."""

    burst: int
    a_second: float
    clock: Callable[[], datetime]
    _spent: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, asker: str) -> int:
        """0 where one more of this asker's is in time, and counted; else the seconds to wait."""
        now = self.clock()
        with self._lock:
            spent, since = self._spent.get(asker, (0.0, now))
            spent = max(spent - (now - since) / timedelta(seconds=1) * self.a_second, 0)
            if spent + 1 > self.burst:
                return max(ceil((spent + 1 - self.burst) / self.a_second), 1)
            if len(self._spent) >= MOST_KEPT:
                self._spent.clear()
            self._spent[asker] = spent + 1, now
            return 0
