"""Ring safety: seeded days on which everything goes wrong; prints what was done and what was wrong.

`script/ring_safety [--runs N] [--seed S] [--without-lease] [--database URL]`, or with real processes that are
killed and stopped: `script/ring_safety --processes SECONDS [--seed S] [--postgresql]`
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import structlog

from callbacks.database import open_engine
from callbacks.dial import ASKS, Dial, Leg
from callbacks.placing import Placing
from launch.migrate import all_tables
from script.whole_story import a_database
from tests import ring_processes
from tests.people import Clock, make_desk
from tests.ring_ground import Ground, ground, live_through

EVERY = 100
"""Runs between two words of how far it has come."""


def main() -> int:
    """0 where nothing was wrong."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=2000)
    words.add_argument("--seed", type=int, default=1, help="of the first run; the next has the next")
    words.add_argument("--without-lease", action="store_true", help="take the lease away, to see it fail")
    words.add_argument("--database", default="", help="an empty database; a SQLite file where none is named")
    words.add_argument("--processes", type=float, default=0, help="seconds of real processes that are killed")
    words.add_argument("--postgresql", action="store_true", help="these on a PostgreSQL of its own")
    asked = words.parse_args()
    if asked.processes:
        return with_processes(asked.processes, asked.seed, postgresql=asked.postgresql)
    began, counts = time.monotonic(), Counter[str]()
    seeds = range(asked.seed, asked.seed + asked.runs)
    with a_ground(asked.database) as here, without_lease(asked.without_lease), overheard() as faults:
        wrong: list[str] = []
        for seed in seeds:
            wrong += live_through(here, seed, counts)
            if (seed - asked.seed + 1) % EVERY == 0:
                print(f"{seed - asked.seed + 1:,} runs, {len(wrong)} wrong", file=sys.stderr, flush=True)
    return told(f"{asked.runs:,} runs in {time.monotonic() - began:.0f} s", counts, wrong + faults)


def with_processes(seconds: float, seed: int, *, postgresql: bool) -> int:
    """0 where nothing was wrong."""
    began, counts = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory() as place, a_database(Path(place), postgresql) as url, overheard():
        wrong = ring_processes.live_through(Path(place), url, seed, seconds, counts)
    return told(f"{time.monotonic() - began:.0f} s of real processes", counts, wrong)


def told(what: str, counts: Counter[str], wrong: Sequence[str]) -> int:
    """Print what was done and what was wrong."""
    for name, number in sorted(counts.items()):
        print(f"{number:9,} {name}")
    print(f"{what}, {len(wrong)} wrong")
    print(*wrong[:20], sep="\n")
    return 1 if wrong else 0


@contextmanager
def overheard() -> Iterator[list[str]]:
    """What the desk says went wrong inside it, in place of the log of a bad day, which is long."""
    faults: list[str] = []

    def hear(_logger: object, level: str, line: MutableMapping[str, Any]) -> NoReturn:
        if level in ("error", "exception", "critical"):
            faults.append(f"{line['event']}: {line.get('source')} {line.get('fault')} {sys.exc_info()[1]}")
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[hear], cache_logger_on_first_use=False)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    line, heard = logging.getLogger("ivr"), _Heard(faults)
    line.addHandler(heard)
    line.propagate = False
    try:
        yield faults
    finally:
        line.removeHandler(heard)
        line.propagate = True
        structlog.configure(**before)


class _Heard(logging.Handler):
    """The phone line's own faults; that the carrier fell back on it is no more than the day's."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        """One line of the log."""
        if record.exc_info:
            self._faults.append(f"{record.getMessage()}: {record.exc_info[1]!r}")


@contextmanager
def without_lease(wanted: bool = True) -> Iterator[None]:
    """Dials that anybody may ask the carrier for, at any time: what the lease is there to prevent."""
    if not wanted:
        yield
        return

    def take(dial: Dial, now: datetime) -> int:
        dial.asked_at, dial.lease_until, dial.alarm_at = now, now + ASKS, now + ASKS
        return 1

    def placed(dial: Dial, call_sid: str) -> None:
        dial.agent_call_sid = dial.agent_call_sid or call_sid
        if dial.leg == Leg.TO_ASK and dial.live:
            dial.leg = Leg.AGENT

    def always(_taken: Placing, _now: datetime) -> bool:
        return True

    with patch.multiple(Dial, take=take, placed=placed), patch.object(Placing, "may_still_ask", always):
        yield


@contextmanager
def a_ground(url: str = "") -> Iterator[Ground]:
    """The servers of bad days, on this empty database or one in memory."""
    memory = Path("/dev/shm")  # where there is one, no disk is waited for
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        address = url or f"sqlite:///{folder}/desk.sqlite3"
        clock, engine = Clock(), open_engine(address)
        all_tables().create_all(engine)
        with ground(make_desk(engine, clock), clock, Path(folder)) as here:
            yield here
        engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
