"""A field of a form for each line of the policy: how it is shown, and what is meant by what was typed."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import Any, get_origin

from callbacks.policy.editing import GONE, differences, value_at
from callbacks.policy.form import declared_lines
from callbacks.policy.lines import Path

Form = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """How a value is written in a field, and read back; what cannot be is left for the policy to judge."""

    shape: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _number(typed: str) -> Any:
    return int(typed) if re.fullmatch(r"\d{1,9}", typed, re.ASCII) else typed


def _listed(typed: str) -> list[str]:
    return [each.strip() for each in re.split(r"[,;\n]", typed) if each.strip()]


def _paired(typed: str) -> dict[str, str]:
    """A line each: what is before the last blank stands for what is behind it."""
    lines = [line.split() for line in typed.splitlines() if line.strip()]
    return {"".join(words[:-1]) or words[0]: words[-1] for words in lines}


TEXT = Kind("text", str, str)
NUMBER = Kind("number", str, _number)
FLAG = Kind("flag", lambda value: "on" if value else "", bool)
LIST = Kind("several", lambda value: ", ".join(map(str, value)), _listed)
PAIRS = Kind("pairs", lambda value: "\n".join(f"{key} {item}" for key, item in value.items()), _paired)
OPTIONAL = Kind("text", lambda value: "" if value is GONE else str(value), lambda typed: typed or GONE)
"""A line that is taken out where its field is emptied."""


@dataclass(frozen=True)
class Field:
    """One line. Its name in the form is its dotted place in the policy; `default` is what none means."""

    path: Path
    kind: Kind
    default: Any = GONE
    choices: Sequence[tuple[str, str]] = ()

    @property
    def name(self) -> str:
        """As form and faults name it."""
        return ".".join(map(str, self.path))

    def stands(self, values: Mapping[str, Any]) -> Any:
        """What the policy has there."""
        found = value_at(values, self.path)
        return self.default if found is GONE else found

    def written(self, values: Mapping[str, Any]) -> str:
        """What the policy has there, as the field shows it."""
        stands = self.stands(values)
        return "" if stands is GONE else self.kind.write(stands)

    def typed(self, form: Form) -> str:
        """What stands in the field."""
        return form.get(self.name, "").replace("\r\n", "\n").strip()

    def changes(self, values: Mapping[str, Any], form: Form) -> dict[Path, Any]:
        """What somebody who saw these values wants otherwise."""
        was, wanted = self.stands(values), self.kind.read(self.typed(form))
        if was == wanted or self.typed(form) == self.written(values):
            return {}
        if isinstance(was, dict) and isinstance(wanted, dict):
            return differences(was, wanted, self.path)
        return {self.path: wanted}


def lines_of(built: type, *path: str) -> Iterator[Field]:
    """A field for each plain line that a table of the policy declares."""
    for key, declared in declared_lines(built).items():
        default = declared.metadata["default"]
        kind = LIST if get_origin(declared.type) is tuple else _kind_of(default)
        yield Field((*path, key), kind, GONE if default is MISSING else default)


def _kind_of(default: Any) -> Kind:
    """Told from how the default is written."""
    for type_, kind in ((bool, FLAG), (int, NUMBER), (dict, PAIRS)):
        if isinstance(default, type_):
            return kind
    return TEXT


def values_of(text: str) -> dict[str, Any]:
    """The policy's plain values."""
    return tomllib.loads(text)


@dataclass(frozen=True)
class Row:
    """A field as a page shows it: with what was typed or stands, and what is wrong with it."""

    field: Field
    value: str
    fault: str | None = None
    stands: str | None = None
    """What somebody else has made of it meanwhile."""

    @property
    def name(self) -> str:
        """For the form."""
        return self.field.name

    @property
    def shape(self) -> str:
        """Which control it is."""
        return "choice" if self.field.choices else self.field.kind.shape


def faults_by_field(
    fields: Sequence[Field], placed: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Each fault beside the field it lies in, and by their places those that lie in none."""
    beside: dict[str, str] = {}
    rest: dict[str, str] = {}
    for place, sentence in placed.items():
        around = [each.name for each in fields if f"{place}.".startswith(f"{each.name}.")]
        inside = [each.name for each in fields if place and each.name.startswith(f"{place}.")]
        if around or inside:
            beside.setdefault(max(around, key=len) if around else inside[0], sentence)
        else:
            rest[place] = sentence
    return beside, rest
