"""The whole desk as a stranger has it: a fresh clone, an empty home, script/start, a call."""

import json
import os
import select
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twilio.request_validator import RequestValidator

ROOT = Path(__file__).resolve().parent.parent
OURS = ("VAR_FOLDER", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "MEDIA_URL", "VIRTUAL_ENV")


def fresh_clone(folder: Path) -> Path:
    """What is committed, and nothing else."""
    clone = folder / "ringback"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, clone], check=True)
    (folder / "home").mkdir()
    return clone


def free_port() -> int:
    """A port that nobody holds just now."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        return int(place.getsockname()[1])


class Started:
    """A running desk: what it printed, where it is, how long it took."""

    def __init__(self, runner: "subprocess.Popen[bytes]", var: Path, port: int) -> None:
        self.runner = runner
        self.var = var
        self.url = f"http://127.0.0.1:{port}"
        self.printed = ""

    def wait_for(self, words: str, within: float) -> float:
        """Seconds until the words were printed."""
        began = time.monotonic()
        assert self.runner.stdout
        while words not in self.printed:
            assert time.monotonic() - began < within, f"no {words!r} in {within} s: {self.printed}"
            if select.select([self.runner.stdout], [], [], 0.1)[0]:
                heard = os.read(self.runner.stdout.fileno(), 65536)
                assert heard, f"it ended: {self.printed}"
                self.printed += heard.decode(errors="replace")
        return time.monotonic() - began

    def ring(self) -> str:
        """A signed call, as the carrier would announce it; the TwiML of the answer."""
        account = json.loads((self.var / "exchange.json").read_text())
        form = {
            "CallSid": "CA" + os.urandom(16).hex(),
            "AccountSid": account["account_sid"],
            "From": "+390212344587",
            "To": "+18889624587",
            "CallStatus": "ringing",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
        }
        url = f"{self.url}/ivr/call"
        signature = RequestValidator(account["auth_token"]).compute_signature(url, form)
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(url, body, {"X-Twilio-Signature": signature})
        with urllib.request.urlopen(request, timeout=15) as answer:
            return str(answer.read().decode())

    def descendants(self) -> list[int]:
        """Everything that runs because of this start."""
        parents = {pid: parent for pid, parent in _parents() if pid != parent}
        found = [self.runner.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid and child not in found]
        return found

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.runner.send_signal(signal.SIGINT)
        return self.runner.wait(30)


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            yield int(entry.name), int(stat.rpartition(")")[2].split()[1])


def living_in(folder: Path) -> list[str]:
    """The command lines of all that run from this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            place, words = (entry / "cwd").readlink(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if entry.name.isdigit() and (place == folder or str(folder).encode() in words) and words:
            found.append(words.replace(b"\0", b" ").decode())
    return found


@contextmanager
def started(clone: Path, home: Path, **environ: str) -> Iterator[Started]:
    """script/start in that folder, ended in any case."""
    port, exchange_port = free_port(), free_port()
    clean = {name: text for name, text in os.environ.items() if name not in OURS and "TWILIO" not in name}
    given = {**clean, "HOME": str(home), "PORT": str(port), "EXCHANGE_PORT": str(exchange_port), **environ}
    with subprocess.Popen(
        ["bash", "script/start"], cwd=clone, env=given, stdout=subprocess.PIPE, start_new_session=True
    ) as runner:
        try:
            yield Started(runner, clone / "var", port)
        finally:
            runner.kill()
