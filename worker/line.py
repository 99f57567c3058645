"""The line to the carrier: always with time-outs, reads tried again, an answer or one of two refusals."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from callbacks.errors import DeskError

PATIENCE = (4.0, 10.0)
"""Seconds to connect, and between two bytes."""

WAITS = (0.2, 1.0)
"""Seconds before a read is tried again; what is not a read is never repeated."""

GARBLED = (ValueError, TypeError, KeyError, AttributeError)
"""What the SDK raises over an answer that is not what it expects."""

Answer = TypeVar("Answer")


class CarrierAway(DeskError):  # noqa: N818 - what happened, as the log says it
    """No answer, or none to rely on: ask again later."""


class NotThere(DeskError):  # noqa: N818
    """The carrier says that it does not have it."""


class Line(TwilioHttpClient):  # type: ignore[misc] # the SDK has no types
    """The SDK's way out: to `base` instead of the carrier where one is given."""

    def __init__(self, base: str | None = None, waits: Sequence[float] = WAITS) -> None:
        super().__init__()
        self._base, self._waits = base, tuple(waits)

    def is_carriers(self, address: str) -> bool:
        """Whether an address is the carrier's own, or of what stands in for it."""
        try:
            parts = urlsplit(address)
            ours = parts.scheme == "https" and parts.port in (None, 443)
        except ValueError:
            return False
        if "@" in parts.netloc:
            return False
        twilios = ours and (parts.hostname or "").endswith(".twilio.com")
        return twilios or (self._base is not None and _origin(self._base) == _origin(address))

    def reached_at(self, url: str) -> str:
        """The same path at the base, where one stands in."""
        parts = urlsplit(url)
        if self._base is None or not (parts.hostname or "").endswith(".twilio.com"):
            return url
        return self._base + url[len(f"{parts.scheme}://{parts.netloc}") :]

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """One request of the SDK's."""
        kwargs["timeout"] = PATIENCE[1]
        send = super().request
        for wait in self._waits if method.upper() == "GET" else ():
            try:
                response = send(method, self.reached_at(url), *args, **kwargs)
                if response.status_code < 500 and response.status_code != 429:
                    return response
            except requests.RequestException:
                pass
            time.sleep(wait)
        return send(method, self.reached_at(url), *args, **kwargs)


def asked(question: Callable[[], Answer]) -> Answer:
    """The SDK's answer, or one of our two refusals."""
    try:
        return question()
    except TwilioRestException as refusal:
        check(refusal.status, "it")
        raise CarrierAway(f"the carrier answers {refusal.status}") from refusal
    except (TwilioException, requests.RequestException, *GARBLED) as away:
        raise CarrierAway(f"the carrier gives no answer: {type(away).__name__}") from away


def reached(question: Callable[[], Answer]) -> Answer:
    """An answer past the SDK, or CarrierAway."""
    try:
        return question()
    except (requests.RequestException, ValueError) as away:
        raise CarrierAway(f"the carrier gives no answer: {type(away).__name__}") from away


def check(code: int, what: str) -> None:
    """Raises one of our two refusals where an HTTP answer is one."""
    if code in (404, 410):
        raise NotThere(f"the carrier does not have {what}")
    if not 200 <= code < 300:
        raise CarrierAway(f"the carrier answers {code}")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
