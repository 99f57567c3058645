"""A program that cannot begin says why, a line for each fault, and ends: nobody is shown a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

import logs
from callbacks.errors import DeskError
from settings import SettingsError


@contextmanager
def or_says_why() -> Iterator[None]:
    """Around whatever a program does before it begins; it ends with 1."""
    try:
        yield
    except (SettingsError, DeskError) as refusal:
        raise SystemExit(str(refusal)) from None
    except DBAPIError as fault:
        words = logs.redacted(str(fault.orig)).strip()
        raise SystemExit(f"the database cannot be used: {words}") from None
