"""How a table of the policy file becomes a frozen dataclass: each line declared once, kind and default."""

import dataclasses
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from callbacks.errors import Sentence
from callbacks.policy.faults import Wrong, fault
from callbacks.policy.lines import Lines, Path

Built = TypeVar("Built")
MISSING = dataclasses.MISSING


class Faulty:
    """Stands where a value could not be read; a policy that holds one is never handed out."""


FAULTY = Faulty()


@dataclass
class Reading:
    """One reading of one file: what is written, what the environment holds, and every fault found so far."""

    lines: Lines
    environ: Mapping[str, str]
    faults: list[tuple[int, str]] = field(default_factory=list)
    faulty: set[Path] = field(default_factory=set)
    placed: dict[str, Sentence] = field(default_factory=dict)

    def fault(self, path: Path, sentence: Sentence) -> Faulty:
        """Note what is wrong at a place, and go on."""
        name = ".".join(step for step in path if isinstance(step, str))
        self.faults.append((self.lines.line(path), f"{name}: {sentence}" if name else sentence))
        self.faulty.add(path)
        self.placed.setdefault(".".join(map(str, path)), sentence)
        return FAULTY

    def is_sound(self, *paths: Path) -> bool:
        """Whether nothing was wrong at, in or around these places."""
        return not any(_meet(path, faulty) for path in paths for faulty in self.faulty)

    def stands(self, path: Path) -> bool:
        """Whether this place is what it should be, though something in it may not be."""
        return not any(path[: len(faulty)] == faulty for faulty in self.faulty)


Kind = Callable[[Any, Path, Reading], Any]
"""Reads one value at one place: what it means, or FAULTY once its fault is noted."""


def line(kind: Kind, default: Any = MISSING) -> Any:
    """A line of a table; its default is written as in the file. Without one the line must be there."""
    return field(metadata={"kind": kind, "default": default})


def scalar(read: Callable[[Any], Any]) -> Kind:
    """A kind made of a function that gives the meaning or raises Wrong."""

    def kind(value: Any, path: Path, reading: Reading) -> Any:
        try:
            return read(value)
        except Wrong as wrong:
            return reading.fault(path, wrong.sentence)

    return kind


def list_of(kind: Kind, *, what: Sentence, least: int = 0, most: int = 1000) -> Kind:
    """A list whose every item is of one kind, none of them twice."""

    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, list):
            words = "{value} is not a list; write {what} between [ and ]"
            return reading.fault(path, fault("no_list", words, value=shown(value), what=what))
        if len(value) < least:
            words = "is empty; name at least {least}: {what}"
            return reading.fault(path, fault("too_few", words, least=least, what=what))
        if len(value) > most:
            words = "there are {count}, and at most {most} may be; leave some out"
            reading.fault((*path, most), fault("too_many", words, count=len(value), most=most))
        items = [kind(item, (*path, index), reading) for index, item in enumerate(value)]
        for index, item in enumerate(value):
            if item in value[:index] and not isinstance(item, dict):
                words = "{value} is written twice; leave one out"
                reading.fault((*path, index), fault("twice", words, value=shown(item)))
        return tuple(items)

    return read


def map_of(key_kind: Kind, kind: Kind, *, what: Sentence) -> Kind:
    """A table whose keys are the writer's own."""

    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            words = "{value} is not a table; write {what}"
            return reading.fault(path, fault("no_map", words, value=shown(value), what=what))
        places = {key: (*path, key) for key in value}
        return {
            key_kind(key, place, reading): kind(value[key], place, reading) for key, place in places.items()
        }

    return read


def table(built: type[Built]) -> Kind:
    """A table with the lines that a dataclass declares, and no others."""

    def read(value: Any, path: Path, reading: Reading) -> Any:
        if not isinstance(value, dict):
            words = "{value} is not a table; begin it with a line like [office]"
            return reading.fault(path, fault("no_table", words, value=shown(value)))
        return read_table(built, value, path, reading)

    return read


def read_table(built: type[Built], value: Mapping[str, Any], path: Path, reading: Reading) -> Built:
    """Every line of a table, and every fault in it; what could not be read stands as FAULTY."""
    declared = declared_lines(built)
    for key in value:
        if key not in declared:
            reading.fault((*path, key), unknown(key, declared))
    read = {
        line.name: _read_line(line, value.get(key, MISSING), (*path, key), reading)
        for key, line in declared.items()
    }
    return built(**read)


def declared_lines(built: type) -> dict[str, "dataclasses.Field[Any]"]:
    """The lines of a table by the names they have in the file."""
    return {line.name.rstrip("_"): line for line in dataclasses.fields(built) if "kind" in line.metadata}


def _read_line(declared: "dataclasses.Field[Any]", value: Any, path: Path, reading: Reading) -> Any:
    """A written line, or the default of one left out."""
    if path in reading.lines.broken:
        reading.faulty.add(path)
        return FAULTY
    if value is MISSING:
        value = declared.metadata["default"]
    if value is MISSING:
        return reading.fault(path, fault("missing", "is missing; add it"))
    return declared.metadata["kind"](value, path, reading)


def unknown(key: object, known: Iterable[str]) -> Sentence:
    """Of a line that nobody reads."""
    return fault("unknown", "unknown; {mend}", mend=near(key, known))


def near(written: object, known: Iterable[str], *, most: int = 3) -> Sentence:
    """The mend for a name that is not known: those that look like it, or all of a few."""
    names = sorted(known)
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(str(written)[:60].casefold(), folded, n=most, cutoff=0.6)
    if close:
        return did_you_mean([folded[name] for name in close])
    if 0 < len(names) <= 12:
        return fault("known", "known are {names}", names=", ".join(names))
    alike = [name for name in names if name[0] == str(written)[:1]][:12]
    if alike:
        return fault("known_alike", "known are, among others, {names}", names=", ".join(alike))
    return LEAVE_OUT


LEAVE_OUT = fault("leave_out", "leave it out")


def did_you_mean(names: Sequence[str]) -> Sentence:
    """The mend for what is nearly right."""
    return fault("near", "did you mean {names}?", names=or_list(names))


def or_list(names: Sequence[str]) -> str:
    """Names as a sentence says them: a, b or c."""
    if len(names) == 1:
        return names[0]
    return fault("or", "{some} or {last}", some=", ".join(names[:-1]), last=names[-1])


def shown(value: object) -> str:
    """A value as it is named in a fault, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _meet(path: Path, other: Path) -> bool:
    """Whether one place holds the other."""
    return all(step == other_step for step, other_step in zip(path, other, strict=False))
