"""Subscriptions from a spreadsheet's CSV: every bad row named with line and mend; all taken, or nothing."""

import codecs
import csv
import difflib
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from callbacks import extension_code, journal, subscribing
from callbacks.amending import Overtaken, differences, terms_of, write_changed
from callbacks.errors import ImportRefused, Sentence
from callbacks.extension_code import Given
from callbacks.policy import Policy
from callbacks.subscription import Subscription
from callbacks.terms import FIELDS, NEEDED, Reading, Terms
from callbacks.work import Work

MOST_ROWS = 20_000
LARGEST = 20_000_000
"""Bytes of a file."""
AT_ONCE = 400
"""Companies asked about in one query."""


@dataclass(frozen=True)
class Row:
    """A row that could be read, and the line it begins on."""

    line: int
    terms: Terms


@dataclass(frozen=True)
class Change:
    """What a row changes of a known company, field by field: as it was, as it would be."""

    row: Row
    company: str
    fields: dict[str, list[str]]


@dataclass(frozen=True)
class Plan:
    """What taking these rows would do; `faults` names those that stand in the way."""

    added: list[Row]
    changed: list[Change]
    same: list[Row]
    faults: list[Sentence]

    def mark(self) -> str:
        """Short, and another where it would do anything else: to tell whether a preview is stale."""
        changes = [(change.company, sorted(change.fields.items())) for change in self.changed]
        told = [[row.line for row in self.added], changes, [str(fault) for fault in self.faults]]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Imported:
    """What an import did; `codes` are those made for new companies, shown this once."""

    added: list[str]
    changed: list[str]
    codes: list[Given]


def read(content: bytes, policy: Policy) -> list[Row]:
    """The rows of a file; ImportRefused names every bad one. Commas, semicolons or tabs between its cells."""
    text = _text(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reading = Reading(policy, day_first=delimiter == ";")
    rows: dict[str, Row] = {}
    faults: list[Sentence] = []
    for line, cells in _cells(text, delimiter, faults):
        terms, wrong = reading.terms(cells)
        if terms and (twin := rows.setdefault(terms.company.casefold(), Row(line, terms))).line != line:
            words = "{company} is on line {twin} too; leave one of them out"
            values = {"company": terms.company, "twin": twin.line}
            wrong = [Sentence("twice", words, values, field="company")]
        faults += [fault.about(line=line) for fault in wrong]
    if not rows and not faults:
        words = "no rows; write one company a line below the columns' names"
        faults = [Sentence("no_rows", words, line=1)]
    if faults:
        raise ImportRefused(faults)
    return list(rows.values())


def plan(work: Work, rows: Sequence[Row], *, update: bool = False) -> Plan:
    """What taking them would do. A known company is refused, or with `update` put on the new terms."""
    return _planned(rows, _known(work, rows), update=update)


def _planned(rows: Sequence[Row], known: Mapping[str, Subscription], *, update: bool) -> Plan:
    found = Plan([], [], [], [])
    for row in rows:
        subscription = known.get(row.terms.company.casefold())
        if subscription is None:
            found.added.append(row)
        elif not update:
            words = "{company} has a subscription; leave it out, or update"
            values = {"company": row.terms.company}
            found.faults.append(Sentence("known", words, values, field="company", line=row.line))
        else:
            _compare(found, row, subscription)
    return found


def take(work: Work, rows: Sequence[Row], by: str, *, update: bool = False, seen: str = "") -> Imported:
    """Take up every company in the rows, or none. `seen` is the mark of the plan that was shown."""
    known = _known(work, rows)
    planned = _planned(rows, known, update=update)
    if seen and planned.mark() != seen:
        raise Overtaken(Sentence("overtaken", "the desk has changed meanwhile; look again, then decide"))
    if planned.faults:
        raise ImportRefused(planned.faults)
    journal.hold(work, [journal.DESK])
    fresh = [row.terms for row in planned.added]
    numbers = subscribing.take_up_many(work, fresh)
    for change in planned.changed:
        subscribing.change(work, known[change.company.casefold()], change.row.terms)
        write_changed(work, change.company, change.fields, by)
    labelled = [(number, terms.label) for number, terms in zip(numbers, fresh, strict=True)]
    codes = extension_code.make_many(work, labelled)
    facts = {"added": len(fresh), "changed": len(planned.changed)}
    journal.write(work, journal.DESK, "subscriptions_imported", by, facts=facts)
    given = [Given(each.company, each.label, code) for each, code in zip(fresh, codes, strict=True)]
    return Imported([each.company for each in given], [change.company for change in planned.changed], given)


def _known(work: Work, rows: Sequence[Row]) -> dict[str, Subscription]:
    """The companies of the rows that have a subscription, by how they read without capitals."""
    names = subscribing.companies(work.session)
    wanted = [names[name] for row in rows if (name := row.terms.company.casefold()) in names]
    found: dict[str, Subscription] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = select(Subscription).where(Subscription.company.in_(wanted[start : start + AT_ONCE]))
        found |= {each.company.casefold(): each for each in work.session.scalars(some)}
    return found


def _compare(found: Plan, row: Row, subscription: Subscription) -> None:
    """A row beside the terms as they stand; how the name is capitalised stays."""
    old = terms_of(subscription)
    fields = differences(old, replace(row.terms, company=old.company))
    if fields:
        found.changed.append(Change(row, old.company, fields))
    else:
        found.same.append(row)


def _text(content: bytes) -> str:
    """The file's text; spreadsheets put a mark before UTF-8, and another before UTF-16."""
    if len(content) > LARGEST:
        words = "the file has more than {most:,} bytes; split it"
        raise ImportRefused([Sentence("too_many_bytes", words, {"most": LARGEST}, line=1)])
    code = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(code).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as refusal:
        line = content.count(b"\n", 0, refusal.start) + 1
        raise ImportRefused([Sentence("no_utf8", "not UTF-8; save it as CSV UTF-8", line=line)]) from refusal


def _cells(text: str, delimiter: str, faults: list[Sentence]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row by its columns' names, with the line it begins on; rows without any cell are passed over."""
    table = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    begins = 1
    try:
        for cells in table:
            if columns is None:
                columns = _columns(cells)
            elif len(cells) > len(columns):
                words = "{cells} cells for {columns} columns; put what has a {sign} between quotes"
                values = {"cells": len(cells), "columns": len(columns), "sign": delimiter}
                faults.append(Sentence("too_many_cells", words, values, line=begins))
            elif any(cell.strip() for cell in cells):
                yield begins, dict(zip(columns, cells, strict=False))
            begins = table.line_num + 1
            if table.line_num > MOST_ROWS:
                words = "more than {most:,} lines; split the file"
                raise ImportRefused(
                    [Sentence("too_many_lines", words, {"most": MOST_ROWS}, line=table.line_num)]
                )
    except csv.Error as refusal:
        words = "cannot be read ({why}); mend the quotes"
        faults.append(Sentence("bad_quotes", words, {"why": refusal}, line=begins))


def _columns(cells: Sequence[str]) -> list[str]:
    """The columns' names, each known and none missing or twice."""
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    faults: list[Sentence] = []
    for name in names:
        near = difflib.get_close_matches(name[:60], FIELDS, n=1)
        if name not in FIELDS and near:
            words = "{name!r} is not a column; did you mean {near}?"
            faults.append(Sentence("near_column", words, {"name": name[:40], "near": near[0]}, line=1))
        elif name not in FIELDS:
            words, known = "{name!r} is not a column; known are {known}", ", ".join(FIELDS)
            faults.append(Sentence("no_column", words, {"name": name[:40], "known": known}, line=1))
    for name in NEEDED:
        if name not in names:
            words = "the column {name} is missing; add it"
            faults.append(Sentence("missing_column", words, {"name": name}, line=1))
    for name in FIELDS:
        if names.count(name) > 1:
            words = "the column {name} is there twice; leave one out"
            faults.append(Sentence("column_twice", words, {"name": name}, line=1))
    if faults:
        raise ImportRefused(faults)
    return names
