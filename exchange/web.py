"""Asks web addresses as Twilio does: signed, within fifteen seconds, again where their overrides say so."""

import http.client
import socket
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlencode, urljoin, urlsplit, urlunsplit

from exchange.reply import Reply
from exchange.signature import sign
from exchange.wire import Got, Sent, Wire

REDIRECTS = {301, 302, 303, 307, 308}
AGENT = "TwilioProxy/1.1 (exchange in a box)"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What an address's fragment asks for: how often to try again, after what, and how long to wait."""

    again: int = 1
    after: frozenset[str] = frozenset(["ct"])
    seconds: float = 15.0

    @classmethod
    def of(cls, url: str) -> "Overrides":
        fragment = urlsplit(url).fragment
        if not fragment:
            return cls()
        asked = {name: values[-1] for name, values in parse_qs(fragment).items()}
        again = min(5, int(asked["rc"])) if asked.get("rc", "").isdigit() else 1
        wait = int(asked["tt"]) / 1000 if asked.get("tt", "").isdigit() else 15.0
        return cls(again, frozenset(asked.get("rp", "ct").split(",")), min(15.0, wait))

    def allow(self, reply: Reply) -> bool:
        """Whether an answer is one to try again after."""
        if reply.code:
            return "all" in self.after or f"{reply.code // 100}xx" in self.after
        return "all" in self.after or ("ct" if reply.error in (11205, 11210) else "rt") in self.after


class Web:
    """One account's requests to the web; safe to share between threads, each has its own connections."""

    def __init__(self, token: str, *, seconds: float = 15.0) -> None:
        self.token = token
        self.seconds = seconds
        self._wire = Wire()

    def send(self, url: str, method: str, fields: Mapping[str, str], mark: str = "") -> Reply:
        """Ask an address; tries again as its overrides allow, under the same idempotency token."""
        try:
            overrides = Overrides.of(url)
        except ValueError:
            return Reply(0, error=11100)
        ends = time.monotonic() + min(self.seconds, overrides.seconds)
        reply = self._follow(url, method, fields, mark, ends)
        for _ in range(overrides.again):
            if 200 <= reply.code < 300 or not overrides.allow(reply):
                break
            reply = self._follow(url, method, fields, mark, ends)
        return reply

    def close(self) -> None:
        """Close this thread's connections."""
        self._wire.close()

    def _follow(self, url: str, method: str, fields: Mapping[str, str], mark: str, ends: float) -> Reply:
        began = time.monotonic()
        for _ in range(10):
            got = self._once(self._request(url, method, fields, mark, ends))
            spent = time.monotonic() - began
            if isinstance(got, int):
                return Reply(0, error=got, seconds=spent)
            if got.code not in REDIRECTS or not got.onwards:
                error = 0 if 200 <= got.code < 300 else 11200
                return Reply(got.code, got.content_type, got.body, error, spent)
            url, method = urljoin(url, got.onwards), method if got.code in (307, 308) else "GET"
        return Reply(0, error=11215, seconds=time.monotonic() - began)

    def _once(self, sent: Sent) -> Got | int:
        try:
            return self._wire.ask(sent)
        except socket.gaierror:
            return 11210
        except ConnectionRefusedError:
            return 11205
        except (OSError, http.client.HTTPException):
            return 11200

    def _request(self, url: str, method: str, fields: Mapping[str, str], mark: str, ends: float) -> Sent:
        parts = urlsplit(url)._replace(fragment="")
        if method == "GET" and fields:
            parts = parts._replace(query="&".join(filter(None, [parts.query, urlencode(fields)])))
            return Sent(parts, method, None, self._head(parts, {}, mark), ends)
        return Sent(parts, method, urlencode(fields).encode(), self._head(parts, fields, mark), ends)

    def _head(self, parts: SplitResult, fields: Mapping[str, str], mark: str) -> dict[str, str]:
        head = {
            "Host": parts.netloc.rpartition("@")[2],
            "User-Agent": AGENT,
            "Accept": "*/*",
            "X-Twilio-Signature": sign(self.token, urlunsplit(parts), fields.items()),
            "I-Twilio-Idempotency-Token": mark,
        }
        if fields:
            head["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if parts.username:
            who = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            head["Authorization"] = "Basic " + b64encode(who.encode()).decode()
        return head
