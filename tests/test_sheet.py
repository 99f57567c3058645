"""A sheet opened in a spreadsheet: every cell is what it says, and none of them does anything."""

import csv
import io

import pytest

from console.sheet import AT_ONCE, cell, pieces, sheet

HOSTILE = [
    "=cmd|'/c calc'!A1", "+1", "-2", "@SUM(A1)", "  =1+1", "\xa0=1", "＝1", "\t=1", "\r=1", "\n=1", "|x",
    "%x",     "a;=1+1", "a\t=1", "a\n=1", "a; @x",
]  # fmt: skip
HARMLESS = [
    "Acme", "", 'He said "no"', "a,b", "a;b", "two\nlines", "1 - 2", "<script>", "\u202egnp.exe",
    "x" * 10_000, "ünï\u0301", "a=b", "\x00",
]  # fmt: skip


@pytest.mark.parametrize("written", HOSTILE)
def test_what_might_become_a_formula_is_text(written: str) -> None:
    safe = cell(written)
    assert safe.replace("'", "") == written.replace("'", "")
    for end in ";\t\r\n":
        for piece in safe.split(end):
            assert piece == "" or not piece.lstrip(" \xa0").startswith(tuple("=+-@|%＝＋－＠")), safe


@pytest.mark.parametrize("written", HARMLESS)
def test_what_is_harmless_stays_as_it_is(written: str) -> None:
    assert cell(written) == written


def test_a_telephone_number_stays_readable_and_numbers_stay_numbers() -> None:
    assert cell("+39 02 1234 4587") == "'+39 02 1234 4587"
    assert (cell(-5), cell(1.5), cell(None), cell(True), cell(False)) == (-5, 1.5, None, "yes", "no")


def test_a_long_sheet_comes_in_pieces_and_is_the_same_sheet() -> None:
    rows = [{"name": f"Acme, {number}"} for number in range(2 * AT_ONCE + 1)]
    made = list(pieces(("name",), rows))
    assert len(made) == 3
    assert "".join(made) == sheet(("name",), rows)
    assert len(list(csv.DictReader(io.StringIO("".join(made), newline="")))) == len(rows)


def test_a_sheet_reads_back_as_it_was_written() -> None:
    rows = [{"who": text, "many": number} for number, text in enumerate(HARMLESS + HOSTILE)]
    text = sheet(["who", "many"], rows)
    assert text.startswith("who,many\r\n")
    back = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["who"] for row in back] == [cell(row["who"]) for row in rows]
    assert [int(row["many"]) for row in back] == [row["many"] for row in rows]
