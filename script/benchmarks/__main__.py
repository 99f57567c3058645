"""Runs every benchmark, or those named: a table for each on the screen, all rows in var/bench.json."""

import importlib
import json
import pkgutil
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import script.benchmarks

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]


def names() -> list[str]:
    """Files of this folder that have run()."""
    found = (module.name for module in pkgutil.iter_modules(script.benchmarks.__path__))
    return [name for name in found if not name.startswith("_") and hasattr(_load(name), "run")]


def _load(name: str) -> Any:
    return importlib.import_module(f"script.benchmarks.{name}")


def shown(value: Any) -> str:
    """A figure with as many digits as say something."""
    if isinstance(value, dict):
        return "  ".join(f"{name} {shown(inner)}" for name, inner in value.items())
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> list[str]:
    """Lines of a table; rows of other columns begin a table of their own."""
    lines: list[str] = []
    for keys in dict.fromkeys(tuple(row) for row in rows):
        cells = [list(keys), *([shown(row[key]) for key in keys] for row in rows if tuple(row) == keys)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for cell in cells:
            padded = (f"{text:<{width}}" if place == 0 else f"{text:>{width}}"
                      for place, (text, width) in enumerate(zip(cell, widths, strict=True)))  # fmt: skip
            lines.append("  " + "  ".join(padded).rstrip())
        lines.append("")
    return lines


def main(wanted: Sequence[str]) -> int:
    """0 where all ran; what cannot be measured here says so and does not hold up the rest."""
    known = names()
    if unknown := set(wanted) - set(known):
        sys.exit(f"no benchmark named {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    results: dict[str, list[Row]] = {}
    for name in wanted or known:
        began = time.monotonic()
        print(f"{name}: {_load(name).__doc__.strip().splitlines()[0]}", flush=True)
        results[name] = _load(name).run()
        print("\n".join(table(results[name])), f" ({time.monotonic() - began:.0f} s)\n", flush=True)
    _keep(results)
    return 0


def _keep(results: dict[str, list[Row]]) -> None:
    """Beside what earlier runs of other benchmarks left."""
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True, mode=0o700)
    kept = json.loads(path.read_text())["results"] if path.exists() else {}
    place = {
        "at": datetime.now(UTC).isoformat(),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    path.write_text(json.dumps({**place, "results": {**kept, **results}}, indent=1, default=str))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
