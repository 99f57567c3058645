"""Bad moments of the REST side, laid up by a test for the requests to come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to one request: it is refused with a code, or carried out and its answer lost."""

    http: int = 503
    code: int = 20500
    message: str = "Internal server error"
    lost: bool = False  # the request is carried out, and the connection breaks before the answer


TOO_MANY = Trouble(429, 20429, "Too many requests")
DOWN = Trouble(503, 20503, "Service unavailable")
LOST = Trouble(lost=True)
