"""TOML read with the line of every value; what is broken is named, and all the rest is still read."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from callbacks.policy.statements import HEADER, Statement, Token, begins_one, cut

Path = tuple[str | int, ...]

MENDS = (
    (re.compile("Unclosed array"), "close the list with ]"),
    (re.compile("Illegal character '.n'|Unterminated string|Expected \"'\""), "close the text with a quote"),
    (re.compile("Invalid value"), 'put text between double quotes, like name = "Support"'),
    (re.compile("'=' after a key"), 'write one name = value to a line, like zone = "Europe/Rome"'),
    (re.compile("Expected ']'"), "close the table's name with ]"),
    (re.compile("newline or end of document"), "end the line after the value, or begin a comment with #"),
    (re.compile("date or datetime"), "write a day that exists, like 2026-12-24"),
    (
        re.compile("inline table|initial character for a key"),
        'write it on one line, like says = { en = "delivery", it = "consegne" }',
    ),
)


@dataclass
class Lines:
    """What was read: the values, the line of each by its path, and what could not be read, by line."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    opened: set[Path] = field(default_factory=set)

    def line(self, path: Path) -> int:
        """The line of this value, or of the nearest thing around it that is written."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, 1)

    def at(self, path: Path) -> Any:
        """The value at a path that exists."""
        value: Any = self.values
        for step in path:
            value = value[step]
        return value


def read(text: str) -> Lines:
    """Read every statement on its own; where none is faulty, TOML's own reader has the last word."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = Lines()
    table: Path | None = ()
    amid_broken = False
    for statement in cut(text):
        if amid_broken and not begins_one(statement.text):
            continue
        parsed, fault = _parse(statement.text)
        amid_broken = fault is not None
        if fault:
            found.faults.append((statement.line, fault))
            found.broken.update(_meant(statement.text, table))
        if statement.is_header:
            table = _enter(found, statement, parsed)
        elif parsed is not None and table is not None:
            _take(found, table, parsed, statement)
    if not found.faults:
        _check_whole(found, text)
    return found


def _parse(statement: str) -> tuple[dict[str, Any] | None, str | None]:
    """One statement's values, or what is wrong with it and how to mend it."""
    try:
        return tomllib.loads(statement), None
    except RecursionError:
        return None, "lists within lists without end; write plain values"
    except ValueError as refusal:
        said = re.sub(r" \(at .*\)$", "", str(refusal))
        mend = next((mend for sign, mend in MENDS if sign.search(said)), "write it as TOML")
        first = statement.split("\n", 1)[0].strip()
        shown = first if len(first) <= 60 else f"{first[:57]}..."
        return None, f"{shown!r} cannot be read ({said[:80]}); {mend}"


def _meant(statement: str, table: Path | None) -> set[Path]:
    """Which value a broken statement was to give, so that it is not called missing as well."""
    key = re.match(r"\s*([\w-]+(?:\.[\w-]+)*)\s*=?", statement, re.ASCII)
    return {(*(table or ()), *key[1].split("."))} if key else set()


def _check_whole(found: Lines, text: str) -> None:
    """Name what only the whole file does wrong, such as adding to a table that was written as a value."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as refusal:
        line = re.search(r"at line (\d+)", str(refusal))
        found.faults.append((int(line[1]) if line else 1, f"cannot be read: {refusal}; write it once"))


def _enter(found: Lines, statement: Statement, parsed: dict[str, Any] | None) -> Path | None:
    """Make the header's table the current one; a broken header still names it where that can be told."""
    if parsed is None:
        named = HEADER.match(statement.text)
        parsed = tomllib.loads(f"[{named[1]}]") if named else None
    if not parsed:
        return None
    keys, innermost = _unwrap(parsed)
    path = _descend(found, keys[:-1] if isinstance(innermost, list) else keys, statement.line)
    if path is None:
        return None
    if isinstance(innermost, list):
        return _append(found, path, keys[-1], statement.line)
    if path in found.opened:
        name, first = ".".join(keys), found.places[path]
        found.faults.append((statement.line, f"[{name}] is already opened on line {first}; join the two"))
    found.opened.add(path)
    return path


def _unwrap(parsed: dict[str, Any]) -> tuple[list[str], Any]:
    """A header's keys, outermost first, and what it opens: a table, or a list of tables."""
    keys: list[str] = []
    inner: Any = parsed
    while isinstance(inner, dict) and inner:
        key, inner = next(iter(inner.items()))
        keys.append(key)
    return keys, inner


def _descend(found: Lines, keys: list[str], line: int) -> Path | None:
    """The path of a table, made where it is not there yet; a list of tables is entered at its last."""
    path: Path = ()
    for key in keys:
        inner = found.at(path).setdefault(key, {})
        path = (*path, key)
        found.places.setdefault(path, line)
        if isinstance(inner, list) and inner and isinstance(inner[-1], dict):
            path = (*path, len(inner) - 1)
        elif not isinstance(inner, dict):
            _twice(found, path, line)
            return None
    return path


def _append(found: Lines, path: Path, key: str, line: int) -> Path | None:
    """Begin another table in a list of tables."""
    tables = found.at(path).setdefault(key, [])
    listed = (*path, key)
    found.places.setdefault(listed, line)
    if not isinstance(tables, list):
        _twice(found, listed, line)
        return None
    tables.append({})
    found.places[(*listed, len(tables) - 1)] = line
    return (*listed, len(tables) - 1)


def _twice(found: Lines, path: Path, line: int) -> None:
    """Say that one name was given two meanings."""
    name = ".".join(str(step) for step in path if isinstance(step, str))
    found.faults.append((line, f"{name} is already written on line {found.line(path)}; write it once"))


def _take(found: Lines, table: Path, parsed: dict[str, Any], statement: Statement) -> None:
    """Put a key's value where it belongs, and note the line of everything in it."""
    path, tree, into = table, parsed, found.at(table)
    while True:
        key, value = next(iter(tree.items()))
        path = (*path, key)
        if key not in into:
            break
        if not (isinstance(value, dict) and isinstance(into[key], dict) and len(value) == 1):
            return _twice(found, path, statement.line)
        tree, into = value, into[key]
    into[key] = value
    _Places(found, statement.marks()).note_pair(table)
    return None


@dataclass
class _Places:
    """Walks what a statement is made of, noting lines; the statement is known to be good TOML."""

    found: Lines
    tokens: list[Token]

    def note_pair(self, around: Path) -> None:
        """Note a key and its value."""
        written, line = "", self.tokens[0].line
        while self.tokens[0].text != "=" or self.tokens[0].kind != "mark":
            written += self.tokens.pop(0).text
        self.tokens.pop(0)
        path = around
        for key in _unwrap(tomllib.loads(f"{written} = 0"))[0]:
            path = (*path, key)
            self.found.places.setdefault(path, line)
        self.note_value(path)

    def note_value(self, path: Path) -> None:
        """Note what a list or an inline table holds; leave the rest."""
        first = self.tokens.pop(0)
        if first.kind == "mark" and first.text == "[":
            self._note_list(path)
        elif first.kind == "mark" and first.text == "{":
            self._note_inline(path)
        else:
            while self.tokens and self.tokens[0].kind != "mark":
                self.tokens.pop(0)

    def _note_list(self, path: Path) -> None:
        index = 0
        while self.tokens[0].text != "]" or self.tokens[0].kind != "mark":
            self.found.places[(*path, index)] = self.tokens[0].line
            self.note_value((*path, index))
            index += 1
            if self.tokens[0].text == ",":
                self.tokens.pop(0)
        self.tokens.pop(0)

    def _note_inline(self, path: Path) -> None:
        while self.tokens[0].text != "}" or self.tokens[0].kind != "mark":
            self.note_pair(path)
            if self.tokens[0].text == ",":
                self.tokens.pop(0)
        self.tokens.pop(0)
