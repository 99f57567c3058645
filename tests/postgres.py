"""A private PostgreSQL cluster for one run of the tests: made in a temporary folder, gone with it."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

SETTINGS = {
    "listen_addresses": "",  # reached by its socket alone
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
CARELESS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs, or None where it is not installed."""
    on_path = shutil.which("initdb")
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = [*packaged, *([Path(on_path).resolve()] if on_path else [])]
    return found[-1].parent if found else None


def fast_folder() -> str:
    """Memory where there is plenty of it, else the usual place."""
    memory = "/dev/shm"
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    return memory if roomy else "/tmp"


def _version(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0


@dataclass
class Server:
    """A cluster in a folder of its own, which holds its socket too; its superuser is `postgres`, trusted."""

    folder: str
    programs: Path
    settings: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def make(self) -> None:
        """Its files."""
        options = ["-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        made = [str(self.programs / "initdb"), "-D", f"{self.folder}/d", *options]
        subprocess.run(made, check=True, capture_output=True, cwd="/", **_account())

    def start(self) -> None:
        """Until it can be asked."""
        settings = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with Path(f"{self.folder}/log").open("a") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", f"{self.folder}/d", "-k", self.folder, *settings],
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread runs yet, or none that matters
                **_account(),
            )
        _wait_for(self.folder, self.process)

    def kill(self) -> None:
        """At once, and whoever is connected with it."""
        if self.process is not None:
            self.thaw()  # what is frozen hears nothing
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)
            self.process = None

    def freeze(self) -> None:
        """It is there and says nothing, to anybody."""
        self._tell_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was."""
        self._tell_all(signal.SIGCONT)

    def _tell_all(self, word: signal.Signals) -> None:
        for one in (self.process.pid, *_children(self.process.pid)) if self.process else ():
            with suppress(ProcessLookupError):
                os.kill(one, word)


@contextmanager
def server(durable: bool = False) -> Iterator[Server]:
    """A running cluster. A durable one keeps its promises as in production, on disk: what a benchmark must
    measure."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: run script/test, or apt-get install postgresql")
    folder = tempfile.mkdtemp(prefix="ringback-pg-", dir="/tmp" if durable else fast_folder())
    account = _account()
    if account:
        os.chown(folder, account["user"], account["group"])
    made = Server(folder, programs, SETTINGS | (dict.fromkeys(CARELESS, "on") if durable else {}))
    try:
        made.make()
        made.start()
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(durable: bool = False) -> Iterator[str]:
    """The folder of the socket of a running cluster."""
    with server(durable) as made:
        yield made.folder


def _children(parent: int) -> list[int]:
    """Each connection is a process of its own."""
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(each) for each in listed.read_text().split()] if listed.exists() else []


def _account() -> Mapping[str, Any]:
    """PostgreSQL refuses to run as root, so there it runs as an account without rights."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    """Even where the tests are killed, no server is left behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait_for(folder: str, server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and server.poll() is None:
        try:
            psycopg.connect(host=folder, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(Path(f"{folder}/log").read_text())
