"""The fields of a query or a body: declared once, read strictly, and drawn into the API's description."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps: the NUL, and halves of a character."""


@dataclass(frozen=True)
class Field:
    """`read` gives the value of what was sent, or raises a ValueError that goes on from the name."""

    name: str
    says: str
    schema: Mapping[str, Any]
    read: Callable[[Any], Any]
    required: bool = False
    many: bool = False
    """May be repeated in a query; then its value is a list."""


def text(name: str, says: str, longest: int, required: bool = False) -> Field:
    """A person's or a company's words; blank is no word."""

    def read(sent: Any) -> str:
        if not isinstance(sent, str):
            raise ValueError("must be a text")  # noqa: TRY004 - the sender's fault, not ours
        if NO_TEXT.search(sent):
            raise ValueError("has characters in it that cannot be kept")
        if not 0 < len(sent) <= longest:
            raise ValueError(f"must have 1 to {longest} characters")
        return sent

    pattern = r"^[^\u0000\ud800-\udfff]+$"
    schema = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": pattern}
    return Field(name, says, schema, read, required)


def choice(name: str, says: str, options: Iterable[str], required: bool = False, many: bool = False) -> Field:
    """One of few words."""
    words = [str(option) for option in options]

    def read(sent: Any) -> str:
        if not isinstance(sent, str) or sent not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return sent

    return Field(name, says, {"type": "string", "enum": words}, read, required, many)


def whole(name: str, says: str, lowest: int, highest: int, default: int | None = None) -> Field:
    """A whole number: written in digits in a query, a number in a body."""

    def read(sent: Any) -> int:
        number = int(sent) if _is_whole(sent) else sent
        if isinstance(number, bool) or not isinstance(number, int) or not lowest <= number <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return number

    schema: dict[str, Any] = {"type": "integer", "minimum": lowest, "maximum": highest}
    return Field(name, says, schema if default is None else {**schema, "default": default}, read)


def _is_whole(sent: Any) -> bool:
    """Digits, or what JSON takes for a whole number: 7.0 is one."""
    if isinstance(sent, str):
        return re.fullmatch("[0-9]{1,10}", sent) is not None
    return isinstance(sent, float) and sent.is_integer()


def moment(name: str, says: str) -> Field:
    """A moment with its zone."""
    return Field(name, says, {"type": "string", "format": "date-time"}, _moment)


def pattern(name: str, says: str, regex: str, read: Callable[[str], Any]) -> Field:
    """A text of a fixed form."""
    return Field(name, says, {"type": "string", "pattern": f"^{regex}$"}, read)


class Faults(Exception):  # noqa: N818 - several, gathered
    """All that is wrong with what was sent: where it is, and the mend."""

    def __init__(self, found: list[dict[str, str]]) -> None:
        super().__init__("; ".join(f"{fault['name']} {fault['detail']}" for fault in found))
        self.found = found


def read_all(fields: Iterable[Field], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each field that was sent; Faults names everything wrong at once.

    What came more than once in a query comes as a tuple.
    """
    known = {field.name: field for field in fields}
    found = [_fault(name, _unknown(name, known)) for name in sent if name not in known]
    missing = (name for name, field in known.items() if field.required and name not in sent)
    found += [_fault(name, "is missing") for name in missing]
    values: dict[str, Any] = {}
    for name in known.keys() & sent.keys():
        try:
            values[name] = _read(known[name], sent[name])
        except ValueError as wrong:
            found.append(_fault(name, str(wrong)))
    if found:
        raise Faults(sorted(found, key=lambda fault: fault["name"]))
    return values


def _read(field: Field, sent: Any) -> Any:
    if field.many:
        return [field.read(one) for one in sent]
    if isinstance(sent, tuple):
        raise ValueError("may be given only once")  # noqa: TRY004
    return field.read(sent)


def _unknown(name: str, known: Mapping[str, Field]) -> str:
    near = difflib.get_close_matches(name[:60], known, 1)
    return f"is not known; did you mean {near[0]}?" if near else "is not known"


def _fault(name: str, detail: str) -> dict[str, str]:
    return {"name": NO_TEXT.sub("?", name[:60]), "detail": detail}


def _moment(sent: Any) -> datetime:
    """RFC 3339; what a form makes of an unescaped plus is understood."""
    form = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+\- ]\d\d:\d\d)"
    if not isinstance(sent, str) or len(sent) > 60 or not re.fullmatch(form, sent, re.ASCII):
        raise ValueError("must be a moment with its zone, like 2026-11-27T16:30:00Z")
    head, tail = sent[:-6], sent[-6:].replace(" ", "+")
    try:
        return datetime.fromisoformat((head + tail).upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is no moment of any calendar") from None
