"""What the desk asks of a machine: seconds to start, memory and idle work of its programs, tests' time."""

import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.started import Started, fresh_clone, started

ROOT = Path(__file__).resolve().parents[2]
READY, SETTLED = "Ctrl-C stops it all.", "the clock runs"
IDLE = 10.0
PROGRAMS = {
    "launch.guardian": "guardian",
    "-m launch": "launch",
    "worker.clock": "clock",
    "-m worker": "worker",
    "granian": "web",
    "-m exchange": "exchange",
    "valkey": "valkey",
}

Row = dict[str, Any]


def run() -> list[Row]:
    """A fresh clone with an empty home is started twice; the second time its programs are looked at."""
    with tempfile.TemporaryDirectory() as folder:
        clone = fresh_clone(Path(folder))
        home = clone.parent / "home"
        first, _ = _started(clone, home)
        second, programs = _started(clone, home)
    starts = [_row("first start, libraries fetched", "s", first), _row("second start", "s", second)]
    return [*starts, *programs, *_test_times()]


def _started(clone: Path, home: Path) -> tuple[float, list[Row]]:
    began = time.monotonic()
    with started(clone, home) as desk:
        desk.wait_for(READY, within=300)
        desk.ring()
        taken = time.monotonic() - began
        desk.wait_for(SETTLED, within=60)
        time.sleep(3)
        rows = _programs(desk)
        desk.stop()
    return taken, rows


def _programs(desk: Started) -> list[Row]:
    """Memory (each page shared by several counted in parts) and work while nobody calls."""
    pids = desk.descendants()
    before = {pid: _work(pid) for pid in pids}
    time.sleep(IDLE)
    found = defaultdict[str, list[tuple[float, float]]](list)
    for pid in pids:
        idle = (_work(pid) - before[pid]) / IDLE * 100
        found[_name(pid)].append((_memory(pid), idle))
    found["in all"] = [each for name in [*found] for each in found[name]]
    return [_figures(name, each) for name, each in found.items()]


def _figures(name: str, found: Sequence[tuple[float, float]]) -> Row:
    memory, idle = (round(sum(column), 1) for column in zip(*found, strict=True))
    return {"program": name, "processes": len(found), "memory MB": memory, "idle, % of a core": idle}


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return next((name for mark, name in PROGRAMS.items() if mark in words), "other")


def _memory(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.partition("Pss:")[2].split()[0]) / 1024


def _work(pid: int) -> float:
    """Seconds of processor that it has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _test_times() -> list[Row]:
    path = ROOT / "var" / "test-times.tsv"
    if not path.exists():
        return []
    parts = (line.split("\t") for line in path.read_text().splitlines())
    return [_row(f"script/test: {name}", "s", float(taken)) for name, taken in parts]


def _row(name: str, unit: str, ours: float) -> Row:
    return {"name": name, "unit": unit, "ours": round(ours, 1)}
