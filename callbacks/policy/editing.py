"""A policy's text changed in one place, with everything around it, comments too, left as it stands."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Any

import tomlkit
from tomlkit.items import AoT

from callbacks.policy.lines import Path


class Gone:
    """Stands for a value that is to be taken out."""


GONE = Gone()

Changes = Mapping[Path, Any]
"""What is to stand at each place. A number is a place in a list; the one past its end adds to it."""


def edited(text: str, changes: Changes) -> str:
    """The text with these changes in it.

    TOML's own reader must find in it exactly what was meant; a text too crooked for that is written anew,
    without its comments: better plain than wrong.
    """
    document, meant = tomlkit.parse(text), tomllib.loads(text)
    for path, value in changes.items():
        _put(document, path, value)
        _put_plainly(meant, path, value)
    written = tomlkit.dumps(document)
    return written if _is(written, meant) else tomlkit.dumps(meant)


def differences(old: Mapping[str, Any], new: Mapping[str, Any], before: Path = ()) -> dict[Path, Any]:
    """The changes that lead from one policy's values to another's; a list counts as one value."""
    found: dict[Path, Any] = {(*before, key): GONE for key in old if key not in new}
    for key, value in new.items():
        was = old.get(key, GONE)
        if isinstance(was, dict) and isinstance(value, dict):
            found |= differences(was, value, (*before, key))
        elif was != value:
            found[*before, key] = value
    return found


def value_at(values: Any, path: Path) -> Any:
    """What stands at a place, GONE where nothing does."""
    for step in path:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return GONE
    return values


def _is(written: str, meant: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(written) == meant
    except ValueError:
        return False


def _put(document: Any, path: Path, value: Any) -> None:
    around, last = document, path[-1]
    for step, following in pairwise(path):
        if isinstance(step, str) and step not in around:
            if value is GONE:
                return
            around[step] = tomlkit.aot() if isinstance(following, int) else tomlkit.table()
        around = around[step]
    if value is GONE:
        _take_out(document, path, around)
    elif isinstance(last, int) and last == len(around):
        around.append(_as_table(value) if isinstance(around, AoT) else value)
    else:
        around[last] = _as_tables(value) if _is_tables(value) else _as_item(value)


def _as_item(value: Any) -> Any:
    """A table of its own stays one; the rest is written on the line."""
    return _as_table(value) if isinstance(value, dict) and not _is_said(value) else value


def _is_said(value: Mapping[str, Any]) -> bool:
    """Words in each language, which the policy writes on one line."""
    return all(len(key) == 2 and isinstance(item, str) for key, item in value.items())


def _as_table(value: Mapping[str, Any]) -> Any:
    table = tomlkit.table()
    for key, item in value.items():
        if isinstance(item, dict) and _is_said(item):
            said = tomlkit.inline_table()
            said.update(item)
            table[key] = said
        else:
            table[key] = _as_item(item)
    table.add(tomlkit.nl())
    return table


def _as_tables(values: list[Mapping[str, Any]]) -> AoT:
    tables = tomlkit.aot()
    for value in values:
        tables.append(_as_table(value))
    return tables


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _take_out(document: Any, path: Path, around: Any) -> None:
    """With the list that becomes empty by it."""
    if isinstance(path[-1], str):
        if path[-1] in around:
            del around[path[-1]]
        return
    del around[path[-1]]
    if not len(around):
        _put(document, path[:-1], GONE)


def _put_plainly(values: Any, path: Path, value: Any) -> None:
    """The same, on values without comments."""
    whole = values
    for step, following in pairwise(path):
        if isinstance(step, str) and step not in values:
            if value is GONE:
                return
            values[step] = [] if isinstance(following, int) else {}
        values = values[step]
    last = path[-1]
    if value is GONE and isinstance(last, str):
        values.pop(last, None)
    elif value is GONE:
        del values[last]
        if not values:
            _put_plainly(whole, path[:-1], GONE)
    elif isinstance(last, int) and last == len(values):
        values.append(deepcopy(value))
    else:
        values[last] = deepcopy(value)
