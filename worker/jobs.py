"""Every RQ job: ids in, one call, safe to repeat."""

from worker.setup import means
from worker.sources import BY_NAME, carry_out


def ring(ids: list[int]) -> None:
    """Write what time has made true of these callbacks."""
    carry_out(means(), BY_NAME["ring"], ids)


def dial(ids: list[int]) -> None:
    """Take the next step with these dials: ring the agent's phone, or ask how it stands."""
    carry_out(means(), BY_NAME["dial"], ids)


def tell(ids: list[int]) -> None:
    """Tell somebody of these lines of the journal."""
    carry_out(means(), BY_NAME["tell"], ids)


def tell_own(ids: list[int]) -> None:
    """Tell one person of their own work, by their own ways."""
    carry_out(means(), BY_NAME["tell_own"], ids)


def text(ids: list[int]) -> None:
    """Send these texts to customers, or ask whether they were taken."""
    carry_out(means(), BY_NAME["text"], ids)


def fetch(ids: list[int]) -> None:
    """Take the next step with these messages: fetch, then delete at the carrier."""
    carry_out(means(), BY_NAME["fetch"], ids)


def ask(ids: list[int]) -> None:
    """Ask the carrier how these calls ended and what they recorded."""
    carry_out(means(), BY_NAME["ask"], ids)


def walk(ids: list[int]) -> None:
    """Walk these rounds."""
    carry_out(means(), BY_NAME["walk"], ids)
