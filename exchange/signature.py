"""Signs a request as Twilio does, so that what answers can tell it from a stranger's."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit


def sign(token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """The X-Twilio-Signature of a form request: HMAC-SHA1 over the address and its sorted fields."""
    signed = as_signed(url) + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def as_signed(url: str) -> str:
    """The address that Twilio signs: HTTPS drops the port and who signs in; over HTTP both stay."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return urlunsplit(parts._replace(fragment=""))
    host = parts.netloc.rpartition("@")[2]
    bare = host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host
    return urlunsplit(parts._replace(netloc=bare, fragment=""))
