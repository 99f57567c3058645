"""Which programs make the desk, in the order they start, and the order in which they stop."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from launch import valkey
from launch.child import Program
from launch.demo_phones import PHONES
from settings import Settings, socket_path

STOPPING = ("rehearsal", "web", "worker", "clock", "exchange", "valkey")


def store(settings: Settings) -> Program | None:
    """The embedded Valkey; None where REDIS_URL names another, or where no server is to be had."""
    server = valkey.program()
    if not settings.redis_embedded or server is None:
        return None
    socket, folder = socket_path(settings.var), settings.var / "valkey"
    valkey.prepare(socket, folder)
    command = tuple(valkey.command(server, socket, folder))
    mute = ("overcommit", "signal-handler", "bye bye")
    return Program("valkey", command, ready=lambda: valkey.answers(socket), mute=mute)


def preparation(settings: Settings, facts: Path) -> Program:
    """Runs once, before all others: migrates, fills the demo, and writes the facts worth printing."""
    return Program("prepare", _python("launch.prepare", str(facts)), _environ(settings), once=True)


def exchange(settings: Settings, number: str) -> Program:
    """The telephone exchange in a box. It stands in for Twilio and knows nothing of ours."""
    ours = settings.public_url
    given = {
        "--port": str(settings.exchange_port),
        "--data": str(settings.var / "exchange"),
        "--account-sid": settings.twilio_account_sid,
        "--number": number,
        "--voice-url": f"{ours}/ivr/call",
        "--status-url": f"{ours}/ivr/ended",
        "--fallback-url": f"{ours}/ivr/fallback",
        "--message-url": f"{ours}/ivr/message",
    }
    words = [word for option in given.items() for word in option]
    words += [word for name, phone in PHONES.values() for word in ("--phone", f"{phone}=rings:{name}")]
    environ = {name: text for name, text in _environ(settings).items() if not name.startswith("TWILIO_")}
    environ["EXCHANGE_AUTH_TOKEN"] = settings.twilio_auth_token
    ready = _answers(f"http://127.0.0.1:{settings.exchange_port}/")
    return Program("exchange", _python("exchange", *words), environ, ready)


def desk(settings: Settings) -> list[Program]:
    """The desk itself: the phone line and the screens, the worker, the clock."""
    environ = _environ(settings)
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
    ready = _answers(f"http://{host}:{settings.port}/readyz")
    return [
        Program("web", _python("launch.web"), environ, ready, patience=6),
        Program("worker", _python("worker"), environ, patience=10),
        Program("clock", _python("worker.clock"), environ),
    ]


def rehearsal(settings: Settings) -> Program:
    """A desk apart, to call without a customer or a figure knowing. The real one does not wait for it."""
    return Program("rehearsal", _python("launch.rehearsal"), _environ(settings), patience=20)


def _python(module: str, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *words)


def _environ(settings: Settings) -> Mapping[str, str]:
    """The environment we were given; the settings are read again by each program, from the same place."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "VAR_FOLDER": str(settings.var)}


def _answers(address: str) -> Callable[[], bool]:
    """A question that is answered with yes once a page is served there."""

    def ready() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=2) as page:  # noqa: S310 - our own loopback address
                return bool(page.status < 400)
        except (urllib.error.URLError, OSError):
            return False

    return ready
