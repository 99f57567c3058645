"""The request that an address names."""

from callbacks.callback import Callback, by_reference
from callbacks.errors import NotFound
from callbacks.work import Work

LONGEST = 12


def found(work: Work, reference: str) -> Callback:
    """NotFound where there is none, whatever the address was filled with."""
    is_one = reference.isascii() and reference.isdecimal() and len(reference) <= LONGEST
    callback = by_reference(work.session, reference) if is_one else None
    if callback is None:
        raise NotFound(f"no request has the reference {reference[:LONGEST]!r}")
    return callback
