"""Policies for tests: the one that ships, whole or with one passage written otherwise."""

from pathlib import Path

from callbacks.errors import PolicyError
from callbacks.policy import Policy

ROOT = Path(__file__).parent.parent
SHIPPED = (ROOT / "policy.toml").read_text()


def faults_of(text: str, **environ: str) -> list[str]:
    """What the desk says of a policy; empty where it takes it."""
    try:
        Policy.parse(text, environ=environ)
    except PolicyError as refusal:
        return list(refusal.faults)
    return []


def with_line(old: str, new: str) -> tuple[str, int]:
    """The shipped policy with one passage written otherwise, and the number of that line."""
    assert SHIPPED.count(old) == 1, old
    return SHIPPED.replace(old, new), SHIPPED[: SHIPPED.index(old)].count("\n") + 1


def policy_with(old: str, new: str) -> Policy:
    """The shipped policy with one passage written otherwise, as it holds."""
    return Policy.parse(with_line(old, new)[0])
