"""Connections that are kept open between requests, one set a thread, each request within its seconds."""

import http.client
import select
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlunsplit

from exchange.twiml import MOST_BYTES


@dataclass(frozen=True, slots=True)
class Sent:
    """One request on the wire."""

    parts: SplitResult
    method: str
    body: bytes | None
    head: Mapping[str, str]
    ends: float  # on time.monotonic


@dataclass(frozen=True, slots=True)
class Got:
    """One answer off the wire; body has at most one byte more than a document may."""

    code: int
    content_type: str
    onwards: str
    body: bytes


class Wire:
    """The connections; raises OSError or HTTPException where an answer could not be had."""

    def __init__(self) -> None:
        self._mine = threading.local()

    def ask(self, sent: Sent) -> Got:
        line = self._connection(sent.parts)
        try:
            return _ask(line, sent)
        except BaseException:
            with suppress(OSError):
                line.close()
            raise

    def close(self) -> None:
        """Close this thread's connections."""
        for line in self._mine.__dict__.pop("kept", {}).values():
            line.close()

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        kept: dict[str, http.client.HTTPConnection] = self._mine.__dict__.setdefault("kept", {})
        where = f"{parts.scheme}://{parts.hostname}:{parts.port}"
        line = kept.get(where)
        if line is None:
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            line = kept[where] = kind(parts.hostname or "", parts.port)
        # A connection that the other side has closed is readable: asking on it again could ask twice.
        elif line.sock and select.select([line.sock], [], [], 0)[0]:
            line.close()
        return line


def _ask(line: http.client.HTTPConnection, sent: Sent) -> Got:
    line.timeout = max(0.05, sent.ends - time.monotonic())
    if line.sock is None:
        line.connect()
    line.sock.settimeout(line.timeout)
    path = urlunsplit(("", "", sent.parts.path or "/", sent.parts.query, ""))
    line.request(sent.method, path, sent.body, dict(sent.head))
    answer = line.getresponse()
    body = _read(answer, line, sent.ends)
    if not answer.isclosed():
        line.close()
    return Got(answer.status, answer.getheader("Content-Type", ""), answer.getheader("Location", ""), body)


def _read(answer: http.client.HTTPResponse, line: http.client.HTTPConnection, ends: float) -> bytes:
    held = b""
    while len(held) <= MOST_BYTES:
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("The answer took too long")
        if line.sock:
            line.sock.settimeout(left)
        piece = answer.read1(MOST_BYTES + 1 - len(held))
        if not piece:
            break
        held += piece
    return held
