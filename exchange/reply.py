"""What the web answered to one request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """What the web answered; code 0 and an error where it did not."""

    code: int
    content_type: str = ""
    body: bytes = b""
    error: int = 0  # Twilio's code: 11200 refused, 11205 no connection, 11210 no such host, 11215 a loop
    seconds: float = 0.0
