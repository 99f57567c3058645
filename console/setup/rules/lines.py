"""Subjects that are plain lines of the policy, each with a sentence that says what it does."""

from collections.abc import Mapping, Sequence
from typing import Any

from callbacks.policy.tables import CallLines, Guards, Retention, Ring
from console.setup.rules.fields import Field, lines_of
from console.setup.rules.page import Subject


class Lines(Subject):
    """Tables of the policy, line by line, but for those that another page shows."""

    def __init__(self, name: str, *fields: Field) -> None:
        self.name, self._fields = name, fields

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """The same, whatever stands in them."""
        del values
        return self._fields


PLAIN = (
    Lines("rules_ringing", *lines_of(Ring, "ring")),
    Lines("rules_calls", *lines_of(CallLines, "call"), *lines_of(Guards, "guards")),
    Lines("rules_retention", *lines_of(Retention, "retention")),
)
