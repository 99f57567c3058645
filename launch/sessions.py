"""Everything that runs in a session we opened, down to the last grandchild, and its end."""

import os
import signal
import time
from pathlib import Path

TERM, KILL = signal.SIGTERM, signal.SIGKILL


def members(session: int) -> list[int]:
    """Ids of all that live in the session; elsewhere than on Linux, its leader alone."""
    proc = Path("/proc")
    if not (proc / "self" / "stat").exists():
        return [session] if _lives(session) else []
    return [
        int(entry.name) for entry in proc.iterdir() if entry.name.isdigit() and _session(entry) == session
    ]


def _session(entry: Path) -> int | None:
    """The session of one process; None where it has gone or is only waiting to be reaped."""
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    state, session = fields[0], int(fields[3])
    return None if state in {"Z", "X"} else session


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def tell(session: int, number: signal.Signals) -> None:
    """Send the signal to the session's leader, which passes it on as it sees fit."""
    try:
        os.kill(session, number)
    except ProcessLookupError:
        return


def kill(session: int) -> None:
    """End whatever is left in the session, at once; a second look catches what was just being born."""
    for _look in range(50):
        left = members(session)
        for pid in left:
            tell(pid, KILL)
        if not left:
            return
        time.sleep(0.01)


def end(sessions: list[int], patience: float) -> None:
    """Ask all leaders to stop, wait `patience` seconds in all, then end what is left."""
    for session in sessions:
        tell(session, TERM)
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up and any(members(session) for session in sessions):
        time.sleep(0.02)
    for session in sessions:
        kill(session)
