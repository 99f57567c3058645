"""Sheets for a spreadsheet: the one place that writes CSV for people to open. No cell becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

MARK = "\ufeff"
"""At the beginning of a file it tells spreadsheets that it is UTF-8."""

AT_ONCE = 200
"""Lines of a piece."""

FORMULA = re.compile("(^|[;\t\r\n])(?=[ \xa0]*[=+\\-@|%＝＋－＠\t\r\n])")
"""Where a cell may become a formula, or start a program: at its beginning, and behind what another country's
spreadsheet takes for the end of a cell."""


def cell(value: Any) -> Any:
    """Text that a spreadsheet might take for a formula gets a quote before it, by which it is text.

    A telephone number stays readable: `'+39 02 1234 4587`.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def sheet(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Comma-separated as RFC 4180 has it, the names of the columns first."""
    return "".join(pieces(columns, rows))


def pieces(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same some lines at a time, for a sheet that is long: it travels while the rest is still read."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({name: cell(row.get(name)) for name in columns})
        if number % AT_ONCE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def download(text: str | Iterator[str], name: str) -> Response:
    """A sheet as a file of this name, kept by no cache.

    Of one in pieces the first is read before anything is answered: what cannot be read at all is said so.
    """
    whole = text if isinstance(text, str) else chain([next(text)], text)
    return Response(
        MARK + whole if isinstance(whole, str) else chain([MARK], whole),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def local(value: Any, zone: ZoneInfo) -> Any:
    """A moment by the office's clock, with its distance from UTC; anything else as it is."""
    is_moment = isinstance(value, datetime)
    return value.astimezone(zone).isoformat(timespec="seconds") if is_moment else value
