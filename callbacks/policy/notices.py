"""Where notices go, as written in the policy: an address that is a secret may stay in the environment."""

import re
from dataclasses import dataclass, field
from typing import Any

from callbacks.policy.faults import fault
from callbacks.policy.form import Reading
from callbacks.policy.lines import Path

LOG = "log"
FROM_ENVIRONMENT = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)", re.ASCII)
SCHEME = re.compile(r"([a-z][a-z0-9+]*)://\S+", re.ASCII | re.IGNORECASE)
MEND = fault(
    "addresses",
    'write "log", an Apprise address like "mailtos://…", or "env:NAME" for one kept in the environment',
)


@dataclass(frozen=True)
class NoticeAddress:
    """`written` may be shown to anybody; `address` ("log", or what Apprise takes) may hold a secret."""

    written: str
    address: str = field(repr=False)

    def __str__(self) -> str:
        return self.written


def notice_address(value: Any, path: Path, reading: Reading) -> Any:
    """An address of the file, or of the environment; a fault never repeats what may be secret."""
    if not isinstance(value, str):
        return reading.fault(path, fault("no_address", "has something that is not text; {mend}", mend=MEND))
    if value == LOG:
        return NoticeAddress(LOG, LOG)
    named = FROM_ENVIRONMENT.fullmatch(value)
    if named and not reading.environ.get(named[1]):
        words = "'{value}' is not in the environment; set {name}, or leave this out"
        return reading.fault(path, fault("no_environment", words, value=value, name=named[1]))
    address = reading.environ[named[1]] if named else value
    scheme = SCHEME.fullmatch(address)
    if not scheme:
        what = value if named else fault("an_address", "an address")
        return reading.fault(path, fault("no_scheme", "{what} has no scheme; {mend}", what=what, mend=MEND))
    return NoticeAddress(value if named else f"{scheme[1].lower()}://…", address)
