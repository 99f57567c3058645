"""One command starts the desk: `python -m launch`, which script/start runs; Ctrl-C stops all of it."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from launch import ground, plan
from launch.child import Program
from launch.shown import Screen, welcome
from launch.supervisor import StartError, StopAsked, Supervisor
from settings import Settings, SettingsError

FIRST_START, READY = 120.0, 60.0


def main() -> int:
    """0 where somebody stopped us, 1 where the desk does not come up, 2 where the environment is wrong."""
    try:
        settings = Settings.load()
    except SettingsError as faults:
        sys.stderr.write(f"{faults}\n")
        return 2
    screen = Screen(as_json=settings.log_format == "json")
    try:
        lock = ground.hold(settings.var)
        ground.check_ports(settings)
    except (StartError, OSError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    with lock:
        return _open(settings, screen)


def _open(settings: Settings, screen: Screen) -> int:
    """Start all, care for all, stop all."""
    began = time.monotonic()
    supervisor = Supervisor(screen.line)
    code = 0
    try:
        _start(supervisor, settings, screen, began)
        supervisor.run()
    except StopAsked:
        screen.line("launch", "stopping")
    except (StartError, OSError) as fault:
        screen.line("launch", str(fault))
        code = 1
    finally:
        supervisor.stop(plan.STOPPING, at_once=code != 0)
    screen.line("launch", "all stopped")
    return code


def _start(supervisor: Supervisor, settings: Settings, screen: Screen, began: float) -> None:
    """Those who answer callers come first; the worker and the clock follow once a call can be taken."""
    store = plan.store(settings)
    if store:
        supervisor.start(store)
    elif settings.redis_embedded:
        screen.line(
            "launch", "no Valkey for this machine: the clock does all work itself; set REDIS_URL for more"
        )
    web, *timed = plan.desk(settings)
    facts = _prepared(supervisor, settings, web)
    if not settings.in_production:
        supervisor.start(plan.exchange(settings, str(facts["number"])))
    supervisor.wait_ready(READY)
    for program in timed:
        supervisor.start(program)
    if settings.in_production and settings.rehearsal:
        supervisor.start(plan.rehearsal(settings))
    phone = None if settings.in_production else f"http://127.0.0.1:{settings.exchange_port}"
    title = f"Ringback is ready ({time.monotonic() - began:.1f} s)"
    screen.block(title, welcome(facts, settings.public_url, phone), "Ctrl-C stops it all.")


def _prepared(supervisor: Supervisor, settings: Settings, web: Program) -> Mapping[str, Any]:
    """Run what comes before all else, and read what it found; the web loads meanwhile."""
    path = settings.var / "prepared.json"
    supervisor.start(plan.preparation(settings, path))
    supervisor.start(web)
    if supervisor.wait_end("prepare") != 0:
        raise StartError("not started: see the lines above")
    facts: Mapping[str, Any] = json.loads(path.read_text())
    path.unlink()
    return facts


if __name__ == "__main__":
    raise SystemExit(main())
