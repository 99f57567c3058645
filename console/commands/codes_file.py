"""A file of new extension codes: for its owner's eyes alone, and gone again where they were not given out."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from callbacks.extension_code import Given
from console.sheet import sheet

Codes = Sequence[Given]


@contextmanager
def written(path: Path | None) -> Iterator[Callable[[Codes], None]]:
    """Gives what writes the codes; the transaction that makes them goes inside. Never over another file."""
    if path is None:
        yield lambda _codes: None
        return
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(opened, "w", encoding="utf-8", newline="") as file:

            def write(codes: Codes) -> None:
                file.seek(0)
                file.truncate()  # a transaction that is done again makes other codes
                file.write(sheet(("company", "label", "code"), map(vars, codes)))
                file.flush()
                os.fsync(file.fileno())

            yield write
    except BaseException:
        path.unlink()
        raise
