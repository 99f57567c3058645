"""Languages: which are offered and in which order, by which voice, and on which number dialled."""

from collections.abc import Mapping, Sequence
from typing import Any

from callbacks.policy.tables import spoken
from console.room import Room
from console.setup.rules.fields import FLAG, LIST, OPTIONAL, PAIRS, Field
from console.setup.rules.page import Sheet, Subject


class Languages(Subject):
    """A voice for each language that the desk has words in."""

    name, template = "rules_languages", "setup/rules/languages.html"

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """The order, the key, the voices, the numbers."""
        del values
        voices = [Field(("languages", "voices", each), OPTIONAL) for each in sorted(spoken())]
        return [
            Field(("languages", "offered"), LIST),
            Field(("languages", "key_at_welcome"), FLAG, True),
            *voices,
            Field(("languages", "by_number"), PAIRS, {}),
        ]

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """What may be offered."""
        del room, sheet
        return {"known": sorted(spoken())}
