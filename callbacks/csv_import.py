"""Subscriptions from a spreadsheet's CSV: every bad row named with line and mend; all taken, or nothing."""

import csv
import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from callbacks import extension_code, journal, subscribing
from callbacks.errors import ImportRefused, Sentence
from callbacks.extension_code import Given
from callbacks.policy import Policy
from callbacks.subscription import Subscription, by_company
from callbacks.terms import FIELDS, NEEDED, Reading, Terms
from callbacks.work import Work

MOST_ROWS = 20_000
LARGEST = 20_000_000
"""Bytes of a file."""


@dataclass(frozen=True)
class Row:
    """A row that could be read, and the line it begins on."""

    line: int
    terms: Terms


@dataclass(frozen=True)
class Imported:
    """What an import did; `codes` are those made for new companies, shown this once."""

    added: list[str]
    changed: list[str]
    codes: list[Given]


def read(content: bytes, policy: Policy) -> list[Row]:
    """The rows of a file; ImportRefused names every bad one. Commas or semicolons, with or without a BOM."""
    text = _text(content)
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reading = Reading(policy, day_first=delimiter == ";")
    rows: dict[str, Row] = {}
    faults: list[str] = []
    for line, cells in _cells(text, delimiter, faults):
        terms, wrong = reading.terms(cells)
        if terms and (twin := rows.setdefault(terms.company.casefold(), Row(line, terms))).line != line:
            wrong = [
                Sentence(
                    "twice",
                    "{company} is on line {line} too; leave one of them out",
                    {"company": terms.company, "line": twin.line},
                    field="company",
                )
            ]
        faults += [f"line {line}: {fault}" for fault in wrong]
    if not rows and not faults:
        faults = ["line 1: no rows; write one company a line below the columns' names"]
    if faults:
        raise ImportRefused(faults)
    return list(rows.values())


def take(work: Work, rows: Sequence[Row], by: str, *, update: bool = False) -> Imported:
    """Take up every company in the rows. A known one is refused, or with `update` put on the new terms."""
    known = subscribing.companies(work.session)
    if not update and (twice := [row for row in rows if row.terms.company.casefold() in known]):
        mend = "leave it out, or update"
        raise ImportRefused(
            [f"line {row.line}: company: {row.terms.company} has a subscription; {mend}" for row in twice]
        )
    fresh: list[tuple[Subscription, str]] = []
    changed = []
    for terms in (row.terms for row in rows):
        if (name := known.get(terms.company.casefold())) is None:
            fresh.append((subscribing.take_up(work, terms), terms.label))
        elif (subscription := by_company(work.session, name)) is not None:
            subscribing.change(work, subscription, terms)
            changed.append(name)
    codes = extension_code.make_many(work, fresh)
    facts = {"added": len(fresh), "changed": len(changed)}
    journal.write(work, journal.DESK, "subscriptions_imported", by, facts=facts)
    given = [Given(each.company, label, code) for (each, label), code in zip(fresh, codes, strict=True)]
    return Imported([each.company for each in given], changed, given)


def _text(content: bytes) -> str:
    """The file's text; spreadsheets put a mark before UTF-8."""
    if len(content) > LARGEST:
        raise ImportRefused([f"line 1: the file has more than {LARGEST:,} bytes; split it"])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as refusal:
        line = content.count(b"\n", 0, refusal.start) + 1
        raise ImportRefused([f"line {line}: not UTF-8; save it as CSV UTF-8"]) from refusal


def _cells(text: str, delimiter: str, faults: list[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row by its columns' names, with the line it begins on; rows without any cell are passed over."""
    table = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    begins = 1
    try:
        for cells in table:
            if columns is None:
                columns = _columns(cells)
            elif len(cells) > len(columns):
                counts = f"{len(cells)} cells for {len(columns)} columns"
                faults.append(f"line {begins}: {counts}; put what has a {delimiter} between quotes")
            elif any(cell.strip() for cell in cells):
                yield begins, dict(zip(columns, cells, strict=False))
            begins = table.line_num + 1
            if begins > MOST_ROWS:
                raise ImportRefused([f"line {begins}: more than {MOST_ROWS:,} lines; split the file"])
    except csv.Error as refusal:
        faults.append(f"line {begins}: cannot be read ({refusal}); mend the quotes")


def _columns(cells: Sequence[str]) -> list[str]:
    """The columns' names, each known and none missing or twice."""
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    faults = []
    for name in names:
        if name not in FIELDS:
            near = difflib.get_close_matches(name[:60], FIELDS, n=1)
            mend = f"did you mean {near[0]}?" if near else f"known are {', '.join(FIELDS)}"
            faults.append(f"line 1: {name[:40]!r} is not a column; {mend}")
    faults += [f"line 1: the column {name} is missing; add it" for name in NEEDED if name not in names]
    twice = [name for name in FIELDS if names.count(name) > 1]
    faults += [f"line 1: the column {name} is there twice; leave one out" for name in twice]
    if faults:
        raise ImportRefused(faults)
    return names
