"""`statement`: what was promised to a company in a month, and what became of it."""

import re
from datetime import date
from typing import Any

import click

from callbacks.statement import statement as made
from console.commands import as_json, the_desk, verb
from console.statements import as_facts, as_page, as_sheet


class Month(click.ParamType[date]):
    """`2026-11`, of a century that a calendar knows."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", value):
            self.fail(f"{value!r} is no month; write it like 2026-11", param, ctx)
        return date.fromisoformat(f"{value}-01")


@click.command("statement")
@click.argument("company")
@click.option("--month", type=Month(), required=True, help="Of the messages' arrival, by the office's clock.")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@click.option("--csv", "in_csv", is_flag=True, help="For a spreadsheet; no cell of it is a formula.")
@verb
def statement(company: str, month: date, in_json: bool, in_csv: bool) -> None:
    """Print what was promised to COMPANY in a month, and what became of it."""
    if in_json and in_csv:
        raise click.UsageError("choose --json or --csv")
    desk = the_desk()
    with desk.reading() as work:
        found = made(work, company, month)
    zone = desk.policy.office_hours.zone
    if in_json:
        as_json(as_facts(found, zone))
    else:
        click.echo((as_sheet if in_csv else as_page)(found, zone), nl=False)
