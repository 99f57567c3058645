"""A statement written down: for reading, for a spreadsheet, for other programs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callbacks.account import Window
from callbacks.statement import Line, Statement, Totals
from console.sheet import local, sheet

MINUTE = timedelta(minutes=1)

COLUMNS: dict[str, Callable[[Line], Any]] = {
    "reference": lambda line: line.reference,
    "topic": lambda line: line.topic,
    "received": lambda line: line.received,
    "first_told_opens": lambda line: line.first.opens,
    "first_told_closes": lambda line: line.first.closes,
    "wished_for": lambda line: line.wished_for,
    "opens": lambda line: line.window.opens,
    "closes": lambda line: line.window.closes,
    "rang": lambda line: line.rang_at,
    "reached": lambda line: line.reached_at,
    "verdict": lambda line: line.verdict.value,
    "late_working_minutes": lambda line: line.late // MINUTE,
    "cause": lambda line: line.cause and line.cause.value,
    "level": lambda line: line.level,
    "solve_by": lambda line: line.solve_by,
    "closed": lambda line: line.closed_at,
    "disposition": lambda line: line.disposition and line.disposition.value,
    "solved_in_time": lambda line: line.solved_in_time,
    "times_rung": lambda line: line.times_rung,
}
"""What is written of each promise, in this order."""


def as_facts(found: Statement, zone: ZoneInfo) -> dict[str, Any]:
    """For other programs; moments by the office's clock, with its distance from UTC."""
    return {
        "company": found.company,
        "month": f"{found.month:%Y-%m}",
        "totals": _numbers(found.totals),
        "promises": [_row(line, zone) for line in found.lines],
    }


def as_sheet(found: Statement, zone: ZoneInfo) -> str:
    """Comma-separated, a promise a row; no cell of it is a formula."""
    rows = ({"company": found.company, **_row(line, zone)} for line in found.lines)
    return sheet(["company", *COLUMNS], rows)


def as_page(found: Statement, zone: ZoneInfo) -> str:
    """To be read."""
    totals = found.totals
    promises = [_sentence(line, zone) for line in found.lines] or ["Nothing was promised."]
    return "\n".join((
        f"{found.company}, {found.month:%B %Y}",
        "",
        *promises,
        "",
        f"{totals.promised} promised: {totals.kept} kept, {totals.broken} broken, {totals.open} open,"
        f" {totals.ended} ended before a ring was owed.",
        f"Late by {totals.late // MINUTE} working minutes in all. {totals.reached} reached, {totals.solved}"
        f" solved, {totals.solved_in_time} of them in time.",
        "",
    ))  # fmt: skip


def _sentence(line: Line, zone: ZoneInfo) -> str:
    """`482913  Fri 27 17:30  told Mon 30 10:30-12:30  rang Mon 30 10:41  kept`."""
    parts = [line.reference, _short(line.received, zone), f"told {_window(line.first, zone)}"]
    if line.window != line.first:
        parts.append(f"then {_window(line.window, zone)}")
    parts.append(f"rang {_short(line.rang_at, zone)}" if line.rang_at else "not rung")
    if line.times_rung > 1:
        parts.append(f"{line.times_rung} times")
    if line.reached_at:
        parts.append(f"reached {_short(line.reached_at, zone)}")
    late = f", late by {line.late // MINUTE} working minutes" if line.late else ""
    parts.append(f"{line.verdict}{late}{f' ({line.cause})' if line.cause else ''}")
    if line.solved_in_time is not None:
        parts.append("solved in time" if line.solved_in_time else "solved late")
    return "  ".join(parts)


def _row(line: Line, zone: ZoneInfo) -> dict[str, Any]:
    return {name: local(of(line), zone) for name, of in COLUMNS.items()}


def _numbers(totals: Totals) -> dict[str, int]:
    """Working time in whole minutes."""
    counted = {name: number for name, number in vars(totals).items() if name != "late"}
    return {**counted, "late_working_minutes": totals.late // MINUTE}


def _short(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %d %H:%M}"


def _window(window: Window, zone: ZoneInfo) -> str:
    opens, closes = window.opens.astimezone(zone), window.closes.astimezone(zone)
    same_day = opens.date() == closes.date()
    return (
        f"{_short(opens, zone)}-{closes:%H:%M}"
        if same_day
        else f"{_short(opens, zone)}-{_short(closes, zone)}"
    )
