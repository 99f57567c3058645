"""Passwords: argon2 digests, never more of them at once than the machine can bear."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from callbacks.errors import DeskError, Refused

AT_ONCE = 2
"""Each digest takes 64 MB and a fifth of a second of one core."""
PATIENCE = 5.0
"""Seconds that a sign-in waits for its turn."""
SHORTEST = 10
LONGEST = 200
"""Characters. What is longer is no password but an attempt to keep us busy."""


class Busy(DeskError):  # noqa: N818 - it is no error of anybody's
    """Too many people sign in at this instant."""


class Passwords:
    """Makes and checks digests. A name that nobody has costs the same work as one that somebody has."""

    def __init__(self, hasher: PasswordHasher | None = None, at_once: int = AT_ONCE) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(at_once)
        self._nobodys = ""

    def digest(self, password: str) -> str:
        """What is kept of a new password; Refused where it is too short to be one."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise Refused(f"a password has at least {SHORTEST} characters and at most {LONGEST}")
        with self._turn():
            return self._hasher.hash(password)

    def is_right(self, digest: str, password: str) -> bool:
        """Whether the password is the one; an empty digest is nobody's and never right."""
        digest = digest if len(password) <= LONGEST else ""
        with self._turn():
            try:
                return self._hasher.verify(digest or self._decoy(), password[:LONGEST]) and bool(digest)
            except (Argon2Error, InvalidHashError):
                return False

    def is_dated(self, digest: str) -> bool:
        """Whether it was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(digest)

    def _decoy(self) -> str:
        self._nobodys = self._nobodys or self._hasher.hash(secrets.token_hex(16))
        return self._nobodys

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE):
            raise Busy("too many people are signing in at once; try again in a few seconds")
        try:
            yield
        finally:
            self._turns.release()


def new_password() -> str:
    """One that nobody guesses and everybody can type: four groups of four."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))
