"""One request to the web and what came of it; notices are such requests, held until someone sends them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from exchange.effects import Tell
from exchange.reply import Reply


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request as it was sent, and its answer."""

    kind: str  # document, last, recording, ended, answered, message ...
    method: str
    url: str
    fields: Mapping[str, str]
    mark: str  # the idempotency token: the same for the same request sent twice
    reply: Reply

    @property
    def code(self) -> int:
        return self.reply.code

    @property
    def body(self) -> bytes:
        return self.reply.body

    @property
    def text(self) -> str:
        return self.reply.body.decode(errors="replace")

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.code or self.reply.error}"


class Notice:
    """A notice in hand: it can be sent now, later, twice, or never."""

    def __init__(self, tell: Tell, mark: str, send: Callable[["Notice"], Webhook]) -> None:
        self.kind = tell.kind
        self.url, self.method, self.fields = tell.url, tell.method, tell.fields
        self.mark = mark
        self.sent: list[Webhook] = []
        self._send = send

    def deliver(self, times: int = 1) -> list[Webhook]:
        """Send it, and answer what came back; may be called again for a notice that arrives twice."""
        got = [self._send(self) for _ in range(times)]
        self.sent.extend(got)
        return got

    def __repr__(self) -> str:
        return f"<Notice {self.kind} to {urlsplit(self.url).path}, sent {len(self.sent)} times>"
