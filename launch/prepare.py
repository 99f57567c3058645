"""What is done once before the desk opens: the database brought up to date, an empty demo desk filled."""

import json
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import select

import logs
from callbacks.agent import Agent
from callbacks.work import Desk
from launch.refusal import or_says_why
from launch.release import release
from settings import Settings


def prepare(settings: Settings) -> dict[str, Any]:
    """The facts that the start prints. Nothing of a demo is made where real callers are answered."""
    desk = release(settings)
    facts: dict[str, Any] = {"number": settings.twilio_number or str(desk.policy.numbers.support)}
    if not settings.in_production:
        facts["demo"] = _demo(desk, settings)
    desk.engine.dispose()
    return facts


def _demo(desk: Desk, settings: Settings) -> Mapping[str, Mapping[str, str]]:
    """Codes and sign-ins. A filled desk is known by its people: loading the demo would take a second more."""
    kept = settings.var / "demo.json"
    with desk.reading() as work:
        filled = work.session.scalar(select(Agent.id).limit(1)) is not None
    if filled and kept.exists():
        return json.loads(kept.read_text())  # type: ignore[no-any-return]
    return import_module("launch.demo").fill(desk, settings)  # type: ignore[no-any-return]


def main(path: Path) -> None:
    """Write the facts for the supervisor's eyes alone; a refusal is printed, a line for each fault."""
    with or_says_why():
        settings = Settings.load()
        logs.configure(settings.log_format, settings.log_level)
        facts = prepare(settings)
    path.touch(mode=0o600)
    path.write_text(json.dumps(facts))


if __name__ == "__main__":
    os.umask(0o077)
    main(Path(sys.argv[1]))
