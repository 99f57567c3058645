"""What the desk refuses: one clear sentence each, raised in the core and caught at the edge."""

# ruff: noqa: N818 - what is refused is named in the words of the desk

from collections.abc import Mapping, Sequence
from typing import Any, Self


class Sentence(str):
    """A refusal in English that keeps its name and what it tells of: a screen may say it in another language.

    `field` is what was filled in wrongly, `line` where in a file; they stand before the sentence.
    """

    __slots__ = ("field", "line", "name", "values", "words")

    name: str
    words: str
    values: dict[str, Any]
    field: str
    line: int

    def __new__(
        cls, name: str, words: str, values: dict[str, Any] | None = None, *, field: str = "", line: int = 0
    ) -> Self:
        """The words are filled with the values."""
        said = words.format(**values or {})
        self = super().__new__(cls, f"{f'line {line}: ' * bool(line)}{f'{field}: ' * bool(field)}{said}")
        self.name, self.words, self.values, self.field, self.line = name, words, values or {}, field, line
        return self

    def about(self, *, field: str = "", line: int = 0) -> "Sentence":
        """The same, said of this field or line."""
        return Sentence(self.name, self.words, self.values, field=field or self.field, line=line or self.line)


class DeskError(Exception):
    """A refusal that somebody can act on; `str()` of it is what they read."""


class Refused(DeskError):
    """A move that may not be made now, or a request that may not be granted."""


class NotFound(DeskError):
    """What was asked for is not here."""


class PolicyError(DeskError):
    """The policy file cannot be used: `faults` holds every fault, a sentence each, in the file's order.

    `placed` holds the same by the dotted name of the value at fault ("topics.0.says"), without its line.
    """

    def __init__(self, faults: Sequence[str], placed: Mapping[str, str] | None = None) -> None:
        self.faults = tuple(faults)
        self.placed = dict(placed or {})
        super().__init__("\n".join(self.faults))


class Overtaken(Refused):
    """Somebody else, `by`, changed the same while a page lay open: they were first, and theirs stands."""

    def __init__(self, sentence: str, by: str = "") -> None:
        super().__init__(sentence)
        self.by = by


class ImportRefused(DeskError):
    """A file of subscriptions with bad rows: nothing of it was taken; `faults` names every bad row."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))
