"""Proxies in front of the desk: from which of them it is believed where a request came from."""

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

MOST = 10
"""Proxies in a row; more is a slip."""
LONGEST = 100
"""Addresses that are looked at; the header is as long as a stranger makes it."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class Proxies:
    """So many in a row, or those of these networks. None of both: nobody's word is taken."""

    count: int = 0
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Proxies":
        """`1`, or `10.0.0.5, 10.1.0.0/16`; a ValueError says what is wrong."""
        if text.isascii() and text.isdecimal():
            if not 0 < int(text[:4]) <= MOST:
                raise ValueError(f"is no such number: give a whole number from 1 to {MOST}")
            return cls(count=int(text))
        try:
            return cls(networks=tuple(ipaddress.ip_network(each.strip()) for each in text.split(",")))
        except ValueError:
            raise ValueError(
                "is neither a number of proxies nor their addresses: write it like 1 or 10.0.0.5, 10.1.0.0/16"
            ) from None

    def origin(self, peer: str, forwarded: str) -> str:
        """Who asked, where `peer` is who spoke to us and `forwarded` what the proxies wrote, nearest last."""
        told = [_address(each) for each in forwarded.split(",")[-LONGEST:]] if forwarded.strip() else []
        if self.count:
            found = told[-self.count] if len(told) >= self.count else None
            return str(found) if found else peer
        here = peer
        for each in reversed(told):
            if not self.trusts(here) or each is None:
                break
            here = str(each)
        return here

    def trusts(self, peer: str) -> bool:
        """Whether what this one says of others is believed."""
        found = _address(peer)
        return bool(self.count) or any(found in network for network in self.networks if found is not None)


class Behind:
    """The app behind its proxies: it sees from where and by which scheme the browser asked."""

    def __init__(self, app: Wsgi, proxies: Proxies) -> None:
        self.app, self.proxies = app, proxies

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """As WSGI has it."""
        peer = str(environ.get("REMOTE_ADDR", ""))
        if self.proxies.trusts(peer):
            scheme = str(environ.get("HTTP_X_FORWARDED_PROTO", "")).rpartition(",")[2].strip().lower()
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
            environ["REMOTE_ADDR"] = self.proxies.origin(peer, str(environ.get("HTTP_X_FORWARDED_FOR", "")))
        return self.app(environ, start_response)


def _address(text: str) -> Address | None:
    """`203.0.113.9`, `203.0.113.9:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
