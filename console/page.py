"""One page of the desk: its address, what it shows or does, and for whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from callbacks.agent import Role

AGENTS = (Role.AGENT, Role.SUPERVISOR)
"""Whoever has to do with requests."""

EVERYBODY = tuple(Role)


@dataclass(frozen=True)
class Page:
    """An address and what it shows or does. `name` is its endpoint; a `heading` stands above every page."""

    rule: str
    name: str
    view: Callable[..., Any]
    method: str = "GET"
    roles: Sequence[Role] = EVERYBODY
    heading: bool = False

    @property
    def endpoint(self) -> str:
        """As url_for knows it."""
        return f"console.{self.name}"
