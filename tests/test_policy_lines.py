"""Files that are not TOML, or only nearly: what is wrong is told by its line, and the rest is still read."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.errors import PolicyError
from callbacks.policy import Policy
from callbacks.policy.lines import read
from tests.policies import SHIPPED, faults_of, with_line


@pytest.mark.parametrize(
    ("broken", "mend"),
    [
        ('zone = "Europe/Rome', "close the text with a quote"),
        ("zone = Europe/Rome", "put text between double quotes"),
        ("zone", "write one name = value to a line"),
        ('zone = ["Europe/Rome"', "close the list with ]"),
        ('zone = "Europe/Rome" Rome', "end the line after the value"),
        ('zone = "Europe/Rome", email = 3', "end the line after the value"),
        ("zone = 2026-02-30", "write a day that exists"),
        ("zone = " + "[" * 5000, "write"),
        ("zone = " + "9" * 5000, "write"),
        ("zone = \x00", "put text between double quotes"),
    ],
)
def test_a_line_that_is_not_toml_is_named_and_hides_nothing_else(broken: str, mend: str) -> None:
    text, number = with_line('zone = "Europe/Rome"', broken)
    first, second = faults_of(text.replace("tries = 3 ", "tries = 7 "))
    assert first.startswith(f"policy.toml line {number}: ")
    assert mend in first
    assert "call.tries: 7 is out of range" in second
    assert len(first) < 300


def test_a_list_left_open_is_named_where_it_begins_and_the_lines_after_it_are_read() -> None:
    text, number = with_line(
        'tue = ["09:00-13:00", "14:00-18:00"]', 'tue = [\n  "09:00-13:00",\n  "14:00-18:00"'
    )
    [fault] = faults_of(text)
    assert fault.startswith(f"policy.toml line {number}: 'tue = [' cannot be read (Unclosed array)")


def test_words_spread_over_lines_are_one_fault_with_the_mend() -> None:
    old = 'says = { en = "the API and integrations", it = "le API e le integrazioni" }'
    new = 'says = {\n  en = "the API",\n  it = "le API"\n}\nlevle = 3'
    text, number = with_line(old, new)
    spread, unknown = faults_of(text)
    assert spread.startswith(f"policy.toml line {number}: 'says = {{' cannot be read")
    assert "write it on one line, like says = {" in spread
    assert unknown.endswith("topics.levle: unknown; did you mean level?")
    forgotten, unknown = faults_of(with_line(old, 'says = { en = "the API"\nlevle = 3')[0])
    assert "'says = { en = \"the API\"' cannot be read" in forgotten
    assert unknown.endswith("topics.levle: unknown; did you mean level?")


def test_a_header_left_open_still_begins_its_table() -> None:
    text, number = with_line("[office.hours] ", "[office.hours ")
    [fault] = faults_of(text)
    assert fault.startswith(f"policy.toml line {number}: '[office.hours ")


def test_what_is_written_twice_is_told_with_the_first_line() -> None:
    text, number = with_line('zone = "Europe/Rome"', 'zone = "Europe/Rome"\nzone = "Europe/Paris"')
    assert faults_of(text) == [
        f"policy.toml line {number + 1}: office.zone is already written on line {number}; write it once"
    ]
    again, twice = faults_of(f"{SHIPPED}[call]\nkey_wait = '1s'\n")
    if "key_wait" in again:
        again, twice = twice, again
    assert "[call] is already opened on line" in again
    assert "call.key_wait is already written on line" in twice


def test_a_file_saved_by_a_windows_editor_is_read() -> None:
    assert Policy.parse("\ufeff" + SHIPPED.replace("\n", "\r\n")).office.name == "Acme Support"


def test_a_file_that_is_absent_or_not_text_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere\.toml cannot be read: No such file"):
        Policy.load(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(b'[office]\nname = "Citt\xe0"\n')
    with pytest.raises(PolicyError, match=r"latin\.toml line 2: not UTF-8; save the file as UTF-8"):
        Policy.load(tmp_path / "latin.toml")


def test_an_empty_file_names_all_that_must_be_written() -> None:
    assert [fault.split(": ")[1] for fault in faults_of("")] == [
        "languages",
        "numbers",
        "office",
        "sales",
        "topics",
    ]


VALUES = st.recursive(
    st.one_of(
        st.integers(),
        st.booleans(),
        st.text(max_size=8),
        st.dates(),
        st.sampled_from(["09:00-13:00", "2h", "en", ""]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc.-", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=4,
)


def as_toml(value: object) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in value) + '"'
    if isinstance(value, list):
        return "[" + ",\n ".join(map(as_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)


LINES = [line for line in SHIPPED.splitlines() if re.match(r"[a-z_]+ = ", line) and not line.endswith("[")]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(LINES), VALUES.filter(lambda value: "\n" not in str(value)))
def test_whatever_is_written_in_a_line_is_taken_or_refused_in_words(line: str, value: object) -> None:
    key = line.split(" = ", maxsplit=1)[0]
    written = as_toml(value).replace("\n", "") if isinstance(value, dict) else as_toml(value)
    for fault in faults_of(SHIPPED.replace(line, f"{key} = {written}", 1)):
        assert re.match(r"policy\.toml line \d+: .+", fault, re.DOTALL)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(SHIPPED)))
def test_no_scribble_in_the_file_is_more_than_a_fault(scribble: str, at: int) -> None:
    assert all(
        fault.startswith("policy.toml line ") for fault in faults_of(SHIPPED[:at] + scribble + SHIPPED[at:])
    )


STATEMENTS = [
    "[a]", "[a.b]", "[[c]]", "[[c.d]]", "[ 'k' . m ]", "x = 1", "y.z = 'q'", 'y."w.v" = [1, # one\n 2,\n]',
    "", "e = {f = 1, g.h = [2]}", 's = """two\nlines"""', "t = 2026-01-02", "# words", 'u = "[x] = #"',
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(STATEMENTS), max_size=8))
def test_lines_are_read_as_toml_reads_them(statements: list[str]) -> None:
    text = "\n".join(statements)
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert read(text).faults
    else:
        found = read(text)
        assert found.faults == []
        assert found.values == expected


def test_lines_are_counted_through_lists_tables_and_long_texts() -> None:
    found = read(
        'a = 1\n[b]\nc = [ # two\n  { d = 1 },\n\n  { e.f = [\n 2] } ]\n[[g]]\nh = """\n\n"""\ni."j.k" = 3\n'
    )
    assert found.faults == []
    assert found.places[("b", "c", 0, "d")] == 4
    assert found.places[("b", "c", 1, "e", "f")] == 6
    assert found.places[("b", "c", 1, "e", "f", 0)] == 7
    assert found.places[("g", 0, "h")] == 9
    assert found.places[("g", 0, "i", "j.k")] == 12
    assert found.line(("g", 0, "absent")) == 8
