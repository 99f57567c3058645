"""Who is told how a call gets on, and of which of its moments."""


class Progress:
    """An address, and the moments it is told of: initiated, ringing, answered, completed."""

    def __init__(self, url: str, method: str = "POST", moments: frozenset[str] | None = None) -> None:
        self.where = (url, method)
        self.moments = (moments or frozenset(["completed"])) if url else frozenset()
        self._told = -1

    def count(self) -> int:
        """The next number in the sequence of notices."""
        self._told += 1
        return self._told
