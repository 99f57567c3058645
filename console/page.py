"""One page of the desk: its address, what it shows or does, and for whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from callbacks.agent import Role

AGENTS = (Role.AGENT, Role.SUPERVISOR)
"""Whoever has to do with requests."""

ADMINISTRATORS = (Role.ADMINISTRATOR,)

EVERYBODY = tuple(Role)


@dataclass(frozen=True)
class Page:
    """An address and what it shows or does. `name` is its endpoint; a `heading` stands above every page.

    A page of a `section` stands in the list at the side of the section's pages. `largest` is how many
    bytes of a form it takes.
    """

    rule: str
    name: str
    view: Callable[..., Any]
    method: str = "GET"
    roles: Sequence[Role] = ()
    heading: bool = False
    section: str = ""
    largest: int = 1_000_000

    def __post_init__(self) -> None:
        """Whose a page is, is always said: one that is everybody's says EVERYBODY."""
        if not self.roles:
            raise ValueError(f"the page {self.rule} is nobody's: say its roles")

    @property
    def endpoint(self) -> str:
        """As url_for knows it."""
        return f"console.{self.name}"
