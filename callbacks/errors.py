"""What the desk refuses: one clear sentence each, raised in the core and caught at the edge."""

# ruff: noqa: N818 - what is refused is named in the words of the desk

from collections.abc import Sequence


class DeskError(Exception):
    """A refusal that somebody can act on; `str()` of it is what they read."""


class Refused(DeskError):
    """A move that may not be made now, or a request that may not be granted."""


class NotFound(DeskError):
    """What was asked for is not here."""


class PolicyError(DeskError):
    """The policy file cannot be used: `faults` holds every fault, a sentence each, in the file's order."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class ImportRefused(DeskError):
    """A file of subscriptions with bad rows: nothing of it was taken; `faults` names every bad row."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))
