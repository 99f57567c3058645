"""Where a person may be told: chat and mail by an Apprise address, a telephone by its number."""

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from callbacks import texting
from callbacks.house import is_inside
from callbacks.phone_number import PhoneNumber, read
from callbacks.work import Work

LONGEST = 500
SERVICES = frozenset({
    "mailto", "mailtos", "slack", "discord", "msteams", "workflows", "gchat", "tgram", "signal", "signals",
    "matrix", "matrixs", "mmost", "mmosts", "rocket", "rockets", "ntfy", "ntfys", "gotify", "gotifys",
    "pover", "zulip", "webex", "wxteams", "threema",
})  # fmt: skip
"""Chat and mail. What makes the desk ask any address, or touches its machine, is not among them."""

HIDDEN = "…"


class NotAnAddress(Exception):  # noqa: N818 - what is wrong, as the page says it
    """Its text is the name of the sentence that says what."""


def address(typed: str, inside: Collection[str] = ()) -> str:
    """The address as it is kept; NotAnAddress where nothing could be told there.

    Hosts of the house are refused as they are written, but those of `inside`; where a name leads is judged
    when it is used.
    """
    typed = typed.strip()
    scheme = typed.partition("://")[0].lower()
    if not re.fullmatch(r"[a-z]+://[^\s\x00]+", typed, re.IGNORECASE) or len(typed) > LONGEST:
        raise NotAnAddress("notices.no_address")
    if scheme not in SERVICES:
        raise NotAnAddress("notices.no_service")
    if _is_inside(typed, inside) or not _understood(typed):
        raise NotAnAddress("notices.not_understood")
    return typed


def number(work: Work, typed: str) -> str:
    """A number that texts reach, as the policy lets us send them."""
    found = read(typed.replace("\x00", ""), work.policy.numbers.country or "")
    if not isinstance(found, PhoneNumber) or not texting.may_text(work, found.e164):
        raise NotAnAddress("notices.no_number")
    return found.e164


def shown(kind: str, kept: str) -> str:
    """What may be seen of it: the kind of service, or the last digits."""
    if kind == "text":
        found = read(kept)
        return found.masked if isinstance(found, PhoneNumber) else HIDDEN
    return f"{kept.partition('://')[0].lower()}://{HIDDEN}"


def _understood(typed: str) -> bool:
    """Whether Apprise can make one service of it, and not several."""
    from apprise import Apprise  # noqa: PLC0415 - large, and seldom wanted
    from apprise.utils.parse import parse_urls  # noqa: PLC0415

    one = len(parse_urls(typed)) == 1  # type: ignore[no-untyped-call]
    return one and Apprise.instantiate(typed, suppress_exceptions=True) is not None


def _is_inside(typed: str, inside: Collection[str]) -> bool:
    """A host of the house, as it is written."""
    try:
        host = (urlsplit(typed).hostname or "").casefold()
    except ValueError:
        return True
    if host in {each.casefold() for each in inside}:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".internal"))
    return is_inside(host)
