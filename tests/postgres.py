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
from contextlib import contextmanager
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


@contextmanager
def cluster(durable: bool = False) -> Iterator[str]:
    """The folder of the socket of a running cluster; its superuser is `postgres`, trusted.

    A durable one keeps its promises as in production, on disk: what a benchmark must measure.
    """
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: run script/test, or apt-get install postgresql")
    folder = tempfile.mkdtemp(prefix="ringback-pg-", dir="/tmp" if durable else fast_folder())
    account = _account()
    if account:
        os.chown(folder, account["user"], account["group"])
    server: subprocess.Popen[bytes] | None = None
    try:
        made = [
            str(programs / "initdb"),
            "-D",
            f"{folder}/d",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
        ]
        subprocess.run([*made, "--locale=C"], check=True, capture_output=True, cwd="/", **account)
        chosen = SETTINGS | (dict.fromkeys(CARELESS, "on") if durable else {})
        settings = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        with Path(f"{folder}/log").open("w") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", f"{folder}/d", "-k", folder, *settings],
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread runs yet
                **account,
            )
        _wait_for(folder, server)
        yield folder
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


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
