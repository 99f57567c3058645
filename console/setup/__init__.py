"""Setting the desk up: a page a subject, for administrators alone, in the order in which they are listed."""

from collections.abc import Iterator
from itertools import chain

from console.page import ADMINISTRATORS, Page
from console.room import Room
from console.setup import changes, codes, imports, people, rules, subscriptions, tokens


def pages(room: Room) -> Iterator[Page]:
    """The heading, then every subject; one with `section="setup"` stands in the list at the side."""
    yield Page("/setup", "setup", subscriptions.first, roles=ADMINISTRATORS, heading=True)
    yield from chain(subscriptions.pages(room), codes.pages(room), imports.pages(room))
    yield from chain(people.pages(room), tokens.pages(room))
    yield from chain(rules.pages(room), changes.pages(room))
