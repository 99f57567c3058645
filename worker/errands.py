"""The clock's own spare hands for errands over the network: few, and never waited for."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger("clock")


class Errands:
    """Each errand has a thread that dies with the process; what that leaves undone is found by its lease."""

    def __init__(self, hands: int = 4) -> None:
        self._hands = hands
        self._busy = 0
        self._change = threading.Condition()

    @property
    def free(self) -> int:
        """How many more could be begun now."""
        return self._hands - self._busy

    def run(self, act: Callable[[], None]) -> None:
        """Begin it at once; there must be a free hand."""
        with self._change:
            self._busy += 1
        threading.Thread(target=self._carry_out, args=(act,), daemon=True).start()

    def settle(self, seconds: float) -> bool:
        """Wait until all hands are free; False where they are not in that time."""
        with self._change:
            return self._change.wait_for(lambda: self._busy == 0, seconds)

    def _carry_out(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:
            log.exception("an errand failed, and is found again when its lease is over")
        finally:
            with self._change:
                self._busy -= 1
                self._change.notify_all()
