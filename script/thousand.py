"""Many calls at once to a desk of two web processes, three workers and a clock; checks what each caller got.

`script/thousand_calls [--calls N]` runs it on a durable PostgreSQL of its own, with an embedded Valkey.
"""

import argparse
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path

import psycopg
from sqlalchemy import func, select

from callbacks import extension_code, seal
from callbacks.message import Message, MessageState
from callbacks.subscription import Plan, Subscription
from callbacks.work import Desk
from exchange.phone import Exchange
from exchange.server import serve
from launch.desk import open_desk
from launch.migrate import upgrade
from script.crowd import Company, Crowd
from settings import Settings
from tests import postgres
from tests.processes import Processes, environment, until
from tests.started import free_port
from tests.valkey import Server

WEB_PROCESSES, WORKERS, COMPANIES = 2, 3, 20
PATIENCE = 300.0
"""Seconds for the workers to fetch, keep and delete at the carrier all that was left."""


@dataclass(frozen=True)
class Outcome:
    """What came of it. `waits` are seconds, shortest first."""

    calls: int
    most_open: int
    seconds: float
    waits: list[float]
    unanswered: int
    kept_after: float
    faults: list[str]

    def __str__(self) -> str:
        p50, p99 = (self.waits[int(len(self.waits) * share)] for share in (0.5, 0.99))
        rate, calls = len(self.waits) / self.seconds, self.calls / self.seconds
        lines = [
            f"{self.calls:,} calls, {self.most_open:,} open at once;"
            f" {WEB_PROCESSES} web processes, {WORKERS} workers, one clock",
            f"{len(self.waits):,} webhooks in {self.seconds:.1f} s: {rate:.0f} a second, {calls:.0f} calls",
            f"an answer took {p50:.2f} s at the median, {p99:.2f} s at p99, {self.waits[-1]:.2f} s at worst",
            f"all messages kept, and deleted at the carrier, {self.kept_after:.1f} s after the last call",
            f"{len(self.faults)} faults; {self.unanswered} webhooks without an answer in the carrier's 15 s",
        ]
        return "\n  ".join([*lines, *self.faults[:20]])


def drive(folder: Path, database_url: str, redis_url: str, calls: int, listening: float = 0.0) -> Outcome:
    """So many calls at once to a desk on this database, which is empty but for its tables."""
    ports = {"PORT": str(free_port()), "EXCHANGE_PORT": str(free_port())}
    base = f"http://127.0.0.1:{ports['EXCHANGE_PORT']}"
    given = {**ports, "WEB_WORKERS": str(WEB_PROCESSES), "TWILIO_API_BASE": base}
    environ = environment(folder, database_url, redis_url, **given)
    settings = Settings.load(environ)
    desk, exchange = open_desk(settings), exchange_of(settings)
    with ExitStack() as stack:
        stack.callback(desk.engine.dispose)
        stack.enter_context(serve(exchange, settings.exchange_port))
        crowd = Crowd.of(_companies(desk), calls)
        stack.enter_context(processes(environ, folder, settings.public_url))
        return _outcome(desk, crowd, exchange, listening)


def exchange_of(settings: Settings) -> Exchange:
    place = f"{settings.public_url}/ivr"
    return Exchange(
        settings.twilio_account_sid, settings.twilio_auth_token, numbers=["+18889624587"],
        voice_url=f"{place}/call", status_url=f"{place}/ended", fallback_url=f"{place}/fallback",
        message_url=f"{place}/message",
    )  # fmt: skip


def _companies(desk: Desk) -> list[Company]:
    """Premium companies with a code each, every second one Italian."""
    with desk.work() as work:
        rows = [_subscription(place, work.now) for place in range(COMPANIES)]
        work.session.add_all(rows)
        work.session.flush()
        codes = extension_code.make_many(work, [(row.id, "front desk") for row in rows])
    return [Company(row.company, row.languages[0], code) for row, code in zip(rows, codes, strict=True)]


def _subscription(place: int, now: datetime) -> Subscription:
    return Subscription(
        company=f"Acme {place}", plan=Plan.PREMIUM, contract_speed=10_000, starts_on=date(2025, 1, 1),
        languages=["it" if place % 2 else "en"], contacts=[], created_at=now,
    )  # fmt: skip


@contextmanager
def processes(environ: dict[str, str], folder: Path, address: str) -> Iterator[None]:
    """The desk as it runs in earnest, ended in any case; what it said is shown where something broke."""
    running = Processes(environ, folder)
    try:
        for words in (["launch.web"], *([["worker"]] * WORKERS), ["worker.clock"]):
            running.start(*words)
        until(lambda: _answers(address), running.said)
        yield
    finally:
        running.kill_all()


def _outcome(desk: Desk, crowd: Crowd, exchange: Exchange, listening: float) -> Outcome:
    began, first = desk.clock(), time.monotonic()
    crowd.ring_at_once(exchange, listening)
    last = time.monotonic()
    faults = _left_over(desk)
    kept_after = time.monotonic() - last
    with desk.reading() as work:
        faults += crowd.faults(work, began) + seal.faults(work.session)
    faults += [f"{sid} is at the carrier still" for sid in exchange.store.recordings]
    return Outcome(
        len(crowd.callers),
        crowd.most_open,
        last - first,
        crowd.waits(),
        crowd.unanswered(),
        kept_after,
        faults,
    )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as page:
            return bool(page.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def _left_over(desk: Desk) -> list[str]:
    """Wait until nothing is left for the workers to do; what they could not do."""
    give_up = time.monotonic() + PATIENCE
    while (left := _unkept(desk)) and time.monotonic() < give_up:
        time.sleep(0.1)
    return [f"{left} messages are not kept after {PATIENCE:.0f} s"] if left else []


def _unkept(desk: Desk) -> int:
    with desk.reading() as work:
        kept = Message.state == MessageState.OURS_ALONE
        return work.session.scalar(select(func.count()).select_from(Message).where(~kept)) or 0


def main() -> int:
    """0 where every caller got what they were told."""
    words = argparse.ArgumentParser("script/thousand_calls", description=__doc__)
    words.add_argument("--calls", type=int, default=1000)
    words.add_argument(
        "--listening", type=float, default=15.0,
        help="seconds for which each caller hears what is said before they act; 0: none hears anything out",
    )  # fmt: skip
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder, postgres.cluster(durable=True) as socket:
        with psycopg.connect(host=socket, user="postgres", autocommit=True) as server:
            server.execute("CREATE DATABASE desk")
        url = f"postgresql+psycopg://postgres@/desk?host={socket}"
        upgrade(url)
        redis = Server(Path(folder) / "valkey")
        redis.start()
        try:
            outcome = drive(Path(folder), url, redis.url, asked.calls, asked.listening)
        finally:
            redis.kill()
    print(outcome)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
