"""The clock: sleeps until the next alarm in the database, claims what is due, and has it done.

Run as `python -m worker.clock`. Any number may run; each alarm is claimed by one. Nothing is early: what is
due is judged by the wall clock when it is claimed, and once more when it is done.
"""

import signal
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError

import logs
from callbacks import alarm, round
from callbacks.alarm import Claim
from launch.refusal import or_says_why
from settings import Settings
from worker import dialling, rounds
from worker.errands import Errands
from worker.queues import Queues
from worker.setup import Means, compose
from worker.sources import ALARMS, SOURCES, Source, carry_out

LOOKS = 0.25
"""Seconds between two looks at most: how soon an alarm is seen that somebody set for now."""

PATIENCE = 2.0
"""Seconds at most between two tries at a database that is away."""

BATCHES = 10
"""Batches taken from one table before the others get their turn."""

log = structlog.get_logger("clock")


class Clock:
    """One look at a time: `run` goes on for ever, tests call `look`."""

    def __init__(self, means: Means, queues: Queues) -> None:
        self._means = means
        self._queues = queues
        self.errands = Errands()

    def run(self, stopping: threading.Event) -> None:
        """Look, sleep until the next alarm, look again; no fault, and no database that is away, ends it."""
        wait, begun = 0.0, False
        while not stopping.is_set():
            try:
                begun = begun or self._begin()
                stopping.wait(self._until(self.look()))
                wait = 0.0
            except Exception as fault:
                if not wait:
                    _say(fault)
                wait = min(wait * 2 or LOOKS, PATIENCE)
                stopping.wait(wait)

    def look(self) -> datetime | None:
        """Have done what is due, and say when to look next: now if anything was, None if nothing is.

        Whom to ring next is no alarm's matter: it changes as agents come free, so each look asks.
        """
        claimed, coming = self._hand_out_due()
        if dialling.assign(self._means):
            claimed = self._hand_out_due()[0] or claimed
        return self._means.desk.clock() if claimed else coming

    def _hand_out_due(self) -> tuple[bool, datetime | None]:
        """Whether anything was claimed, and the next alarm."""
        with self._means.desk.reading() as work:
            seen = alarm.survey(work.session, [source.kind for source in SOURCES], work.now)
        due = (source for source, is_due in zip(SOURCES, seen.due, strict=True) if is_due)
        claimed = [self._hand_out(source) for source in due]
        return any(claimed), seen.coming

    def _begin(self) -> bool:
        self._means.desk.do(lambda work: round.begin(work, rounds.EVERY))
        return True

    def _until(self, coming: datetime | None) -> float:
        """Seconds to sleep."""
        if coming is None:
            return LOOKS
        return min(max((coming - self._means.desk.clock()).total_seconds(), 0), LOOKS)

    def _hand_out(self, source: Source) -> bool:
        """Claim and hand out, batch by batch. True where anything was claimed."""
        claimed = False
        for _ in range(BATCHES):
            limit = self._room(source)
            claim = self._claim(source, limit)
            if claim.lapsed:
                self._queues.distrust(source.queue)
            self._give(source, claim.ids)
            claimed = claimed or bool(claim.ids)
            if len(claim.ids) < max(limit, 1):
                break
        return claimed

    def _room(self, source: Source) -> int:
        """How many to claim at once: of errands no more than we could do ourselves within the lease."""
        return source.batch * (self.errands.free if source.queue != ALARMS else 2)

    def _claim(self, source: Source, limit: int) -> Claim:
        if not limit:
            return Claim(())
        return self._means.desk.do(lambda work: alarm.claim_due(work, source.kind, limit, source.lease))

    def _give(self, source: Source, ids: Sequence[int]) -> None:
        """To a worker where one will take it, else to our own hands."""
        for start in range(0, len(ids), source.batch):
            batch = ids[start : start + source.batch]
            if self._queues.take(source, batch):
                continue
            if source.queue != ALARMS:
                self.errands.run(partial(carry_out, self._means, source, batch))
            else:
                carry_out(self._means, source, batch)


def _say(fault: Exception) -> None:
    """Once, until a look succeeds."""
    if isinstance(fault, DBAPIError):
        log.warning("the database is away", fault=str(fault.orig))
    else:
        log.error("a look failed; the clock goes on", exc_info=fault)


def main() -> None:
    """Until told to stop, and then at once: whatever is in hand is found again by its lease."""
    with or_says_why():
        settings = Settings.load()
        logs.configure(settings.log_format, settings.log_level)
        composed = compose(settings)
    stopping = threading.Event()
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, lambda *_: stopping.set())
    log.info("the clock runs")
    Clock(composed, Queues(settings.redis_url)).run(stopping)


if __name__ == "__main__":
    main()
