"""Ringing among 100,000 open requests and 200 agents: one assignment, and from "due now" to the carrier."""

import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, insert, update
from sqlalchemy.orm import Session

from callbacks import assignment, handling
from callbacks.agent import Agent, Presence
from callbacks.callback import Callback
from callbacks.database import open_engine
from callbacks.dial import Dial
from callbacks.policy import Policy
from callbacks.subscription import Plan, Subscription
from callbacks.work import Work
from exchange.box import Exchange
from exchange.order import Order
from exchange.records import CallRecord, new_sid
from exchange.server import serve
from launch.migrate import upgrade
from script.benchmarks import many
from script.benchmarks.watch import databases
from settings import Settings
from tests.processes import ROOT, Processes, environment, until
from tests.valkey import Server

OPEN, CLOSED, AGENTS, COMPANIES = 100_000, 1_000_000, 200, 300
ROUNDS, WARM, RINGS = 120, 20, 60
FAR = timedelta(days=30)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED_BEFORE = {
    "reference": "'b' || n", "state": "'closed'", "closed_at": "received_at", "alarm_at": "NULL",
    "agent_id": f"1 + n % {AGENTS}", "subscription_id": f"1 + n % {COMPANIES}",
    "first_rang_at": "received_at", "first_reached_at": "received_at",
}  # fmt: skip
"""Each talked with one of our agents, of each company thousands."""

Row = dict[str, Any]


def run() -> list[Row]:
    """Rows for SQLite, and for PostgreSQL where it is installed; milliseconds."""
    with databases() as addresses:
        return [row for kind, address in addresses for row in _measured(kind, address)]


def _measured(kind: str, address: str) -> list[Row]:
    upgrade(address)
    engine, folder = open_engine(address), Path(tempfile.mkdtemp(prefix="ringback-bench-"))
    policy = _always_open(folder)
    _add_companies(engine)
    _add_agents(engine)
    rings = _rings(engine, address, folder)
    _add(engine, 0, OPEN, "waiting")
    few = _assignments(engine, policy)
    with engine.begin() as connection:
        many.copy(connection, Callback.__table__, CLOSED_BEFORE, CLOSED)  # type: ignore[arg-type]
    after_years = _assignments(engine, policy)
    engine.dispose()
    rows = [
        _row(f"one assignment, {OPEN:,} open, {AGENTS} agents, median", median(few.took), "under 5"),
        _row("the same, p5: as quick as this machine ever is", _p5(few.took), ""),
        _row("the same, p99", _p99(few.took), ""),
        _row("the same, on a processor of ours, median", median(few.worked), ""),
        _row("its commit, median", median(few.committed), ""),
        _row(f"the same with {CLOSED:,} closed, median", median(after_years.took), "no growth"),
        _row("the same, p5", _p5(after_years.took), ""),
        _row("its commit, median", median(after_years.committed), ""),
        _row("due now to the carrier's request, p50", median(rings), ""),
        _row("due now to the carrier's request, p99", _p99(rings), "under 1,000"),
    ]
    return [{"database": kind, **row} for row in rows]


@dataclass
class _Assignments:
    """What each took by the wall clock, how long a processor of ours was at work on it, and its commit, which
    is the disk's. Other load bears less on the second."""

    took: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    committed: list[float] = field(default_factory=list)


def _assignments(engine: Engine, policy: Policy) -> _Assignments:
    """Each is chosen, written and committed; then the carrier knows nothing of it, and the agent is free."""
    many.settle(engine)
    measured = _Assignments()
    for number in range(ROUNDS):
        with Session(engine, expire_on_commit=False) as session:
            work = Work(session, datetime.now(UTC), policy, b"")
            began, worked = time.perf_counter(), time.process_time()
            (dial,) = assignment.assign_due(work, limit=1)
            session.flush()
            written, worked = time.perf_counter(), time.process_time() - worked
            session.commit()
            committed = time.perf_counter()
            handling.not_placed(work, dial)
            session.commit()
        if number >= WARM:
            measured.took.append((written - began) * 1000)
            measured.worked.append(worked * 1000)
            measured.committed.append((committed - written) * 1000)
    return measured


class _Timed(Exchange):
    """An exchange that notes when it was asked to ring."""

    asked_at: dict[str, float]

    def place(self, from_: str, to: str, order: Order) -> CallRecord:  # noqa: ARG002 - as the exchange's
        """Nothing rings: that it was asked is all."""
        self.asked_at[to] = time.time()
        return CallRecord(new_sid("CA"), from_, to, "outbound-api", datetime.now(UTC), state="ringing")


def _rings(engine: Engine, address: str, folder: Path) -> list[float]:
    """Requests that become due one by one, with worker and clock idle and agents free."""
    redis = Server(folder)
    redis.start()
    environ = environment(folder, address, redis.url, POLICY_FILE=str(folder / "policy.toml"))
    settings = Settings.load(environ)
    exchange = _Timed(
        settings.twilio_account_sid, settings.twilio_auth_token, numbers=["+18889624587"], folder=folder
    )
    exchange.asked_at = {}
    with serve(exchange) as place:
        processes = Processes(environ | {"TWILIO_API_BASE": place.url}, folder)
        try:
            return _one_by_one(engine, processes, exchange)
        finally:
            processes.kill_all()
            redis.kill()
            _forget(engine)


def _one_by_one(engine: Engine, processes: Processes, exchange: _Timed) -> list[float]:
    for words in (("worker",), ("worker.clock",)):
        processes.start(*words)
    until(lambda: "the clock runs" in processes.said() and processes.said().count("listening") >= 3)
    waits = []
    for number in range(RINGS):
        before = set(exchange.asked_at)
        _add(engine, 10_000_000 + number, 1, "waiting")
        due = time.time()
        until(lambda known=before: set(exchange.asked_at) > known, processes.said)  # type: ignore[misc]
        waits.append((max(exchange.asked_at.values()) - due) * 1000)
    return waits


def _forget(engine: Engine) -> None:
    """Nobody is on a dial, and nothing waits."""
    with engine.begin() as connection:
        connection.execute(Dial.__table__.delete())  # type: ignore[attr-defined]
        connection.execute(update(Callback).values(state="closed", agent_id=None, alarm_at=None))


def _always_open(folder: Path) -> Policy:
    """The policy that ships, for an office that hardly closes: the benchmark may run at night."""
    written = (ROOT / "policy.toml").read_text()
    written = re.sub(r'^(mon|tue|wed|thu|fri) = \["09.*$', "", written, flags=re.MULTILINE)
    week = "".join(f'{day} = ["00:00-12:00", "12:01-23:59"]\n' for day in DAYS)
    written = written.replace("[office.hours]", f"[office.hours]\n{week}#", 1)
    (folder / "policy.toml").write_text(written.replace('country = "IT" ', 'country = "" ', 1))
    return Policy.load(folder / "policy.toml", environ={})


def _add_companies(engine: Engine) -> None:
    now = datetime.now(UTC)
    rows = [
        {
            "company": f"Company {n}", "plan": Plan.PREMIUM, "contract_speed": 10_000, "languages": ["en"],
            "starts_on": now.date(), "contacts": [], "created_at": now,
        }
        for n in range(COMPANIES)
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(Subscription), rows)


def _add_agents(engine: Engine) -> None:
    now = datetime.now(UTC)
    rows = [
        {
            "sign_in": f"agent{n}", "name": f"Agent {n}", "roles": ["agent"], "level": 1 + n % 2,
            "languages": ["en", "it"], "topics": [], "shifts": {}, "days_off": [], "password_hash": "",
            "phone": f"+3902{12340000 + n}", "presence": Presence.READY, "created_at": now,
            "idle_since": now - timedelta(minutes=n),
        }
        for n in range(AGENTS)
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(Agent), rows)


def _add(engine: Engine, first: int, many: int, state: str) -> None:
    """Requests that may be rung now, closing one after the other."""
    for start in range(0, many, 5000):
        numbers = range(first + start, first + min(start + 5000, many))
        with engine.begin() as connection:
            connection.execute(insert(Callback), [_callback(number, state) for number in numbers])


def _callback(number: int, state: str) -> Row:
    now = datetime.now(UTC)
    closes = now + FAR + timedelta(seconds=number % OPEN)
    return {
        "reference": f"{number:08}", "channel": "phone", "kind": "callback", "state": state, "level": 1,
        "language": "en", "caller": "", "number": "+390212345678", "turn": 0,
        "received_at": now, "opens": now,
        "closes": closes, "at_risk_from": closes, "first_handling_by": closes, "solve_by_level_1": closes,
        "solve_by_level_2": closes, "calendar": "bench", "watched_until": now, "alarm_at": None,
        "ring_from": now, "misses": 0, "passed_by": [], "version": 1, "topic": "delivery",
        "subscription_id": 1 + number % COMPANIES,
    }  # fmt: skip


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[min(int(len(times) * 0.99), len(times) - 1)]


def _p5(times: Sequence[float]) -> float:
    return sorted(times)[len(times) // 20]


def _row(name: str, ours: float, aim: str) -> Row:
    return {"name": name, "unit": "ms", "ours": round(ours, 2), "aim": aim}


if __name__ == "__main__":
    for line in run():
        print(line)
