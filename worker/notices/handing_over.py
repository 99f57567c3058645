"""The hand-over as people read it: how much is open, then a line for each request at risk tomorrow."""

from collections.abc import Mapping
from typing import Any

from callbacks.journal import Entry


def lines(words: Mapping[str, Any], entry: Entry) -> list[str]:
    """One entry's lines."""
    said, facts = words["hand_over"], entry.facts
    why = [said["line"].format(reference=each, why=said[reason]) for each, reason in facts["why"]]
    return [said["open"].format(open=facts["open"], at_risk=facts["at_risk"]), *why]
