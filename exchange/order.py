"""What an outgoing call is to do once somebody answers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Order:
    """An address to ask or a document to carry out, and who is told how the call gets on."""

    url: str = ""
    method: str = "POST"
    document: bytes = b""
    fallback: tuple[str, str] | None = None
    told: tuple[str, str] = ("", "POST")
    moments: frozenset[str] = field(default_factory=lambda: frozenset(["completed"]))
    detects: tuple[str, str] | None = None  # told later who answered, where that is asked for
    seconds: float = 60.0  # how long to ring
    params: Mapping[str, str] = field(default_factory=dict)
