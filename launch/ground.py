"""What must hold before anything starts: nobody else runs from this folder, and our ports are free."""

import fcntl
import os
import socket
from pathlib import Path
from typing import TextIO

from launch.supervisor import StartError
from settings import Settings


def hold(var: Path) -> TextIO:
    """The folder is ours until the file is closed, however we end."""
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (var / "start.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        with lock:
            lock.seek(0)
            first = lock.read().strip()
        raise StartError(f"Ringback already runs from here (pid {first}): stop that one first") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def check_ports(settings: Settings) -> None:
    """Each port that something else holds is named with its mend."""
    wanted = {"PORT": (settings.host, settings.port)}
    if not settings.in_production:
        wanted["EXCHANGE_PORT"] = ("127.0.0.1", settings.exchange_port)
    faults = [fault for name, place in wanted.items() if (fault := _fault(name, *place))]
    if faults:
        raise StartError("\n".join(faults))


def _fault(name: str, host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((host, port))
        except PermissionError:
            return f"Port {port} is not ours to open: give another, {name}={port % 1000 + 8000} script/start"
        except OSError as fault:
            if fault.errno == 98 or "in use" in str(fault):
                return (
                    f"Port {port} is taken: stop what holds it, or start with {name}={port + 1} script/start"
                )
            return f"HOST {host} cannot be opened: {fault.strerror}"
    return None
