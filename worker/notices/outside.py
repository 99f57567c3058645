"""An address that a person named leads out of the house, wherever its name points by now."""

import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from callbacks.house import is_inside

Found = list[tuple[Any, ...]]

_ask = socket.getaddrinfo
_open_to: ContextVar[frozenset[str] | None] = ContextVar("hosts of the house that may be told", default=None)


class InTheHouse(socket.gaierror):
    """A name that leads into the house; to whoever asked it is one that leads nowhere."""


@contextmanager
def outside_only(inside: Collection[str]) -> Iterator[None]:
    """In here no connection is opened into the house, but to these hosts.

    Names are judged as they are resolved for each connection, redirects too: a name that points elsewhere
    a moment later, as in DNS rebinding, is judged by where it points when it is used.
    """
    socket.getaddrinfo = _judged
    before = _open_to.set(frozenset(host.casefold() for host in inside))
    try:
        yield
    finally:
        _open_to.reset(before)


def _judged(host: Any, *args: Any, **named: Any) -> Found:
    """What the system's own look-up finds. Outside of `outside_only` nothing is judged."""
    found: Found = _ask(host, *args, **named)
    hosts = _open_to.get()
    if hosts is None or _name(host) in hosts:
        return found
    if any(is_inside(str(each[4][0])) for each in found):
        raise InTheHouse(socket.EAI_NONAME, "leads into the house")
    return found


def _name(host: Any) -> str:
    written = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return written.casefold().rstrip(".")
