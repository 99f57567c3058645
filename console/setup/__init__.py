"""Setting the desk up: a page a subject, for administrators alone, and the order in which they are listed."""

from collections.abc import Iterator
from itertools import chain

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from console.page import ADMINISTRATORS, Page
from console.room import Room
from console.setup import changes, codes, imports, people, rules, subscriptions, tokens

LISTED = (
    ("rules_hours", "rules_holidays", "rules_closures", "rules_promise"),
    ("people", "subscriptions"),
    ("rules_topics", "rules_languages", "rules_prompts", "rules_numbers", "rules_calls", "rules_ringing"),
    ("rules_notices", "rules_retention", "rules_history", "changes"),
    ("tokens", "displays"),
)
"""The list at the side, what is needed first above: when we work, who there is, what callers meet, what is
told and kept, and what else has a key to the desk."""


def pages(room: Room) -> Iterator[Page]:
    """The heading, then every subject; one with `section="setup"` stands in the list at the side."""
    yield Page("/setup", "setup", _first, roles=ADMINISTRATORS, heading=True)
    yield from chain(subscriptions.pages(room), codes.pages(room), imports.pages(room))
    yield from chain(people.pages(room), tokens.pages(room))
    yield from chain(rules.pages(room), changes.pages(room))


def _first() -> AnyResponse:
    """Setting up begins with what stands first in the list."""
    return redirect(url_for(f"console.{LISTED[0][0]}"))
