"""`figures recount` counts every promise anew from its journal; `report weekly` prints a week's report."""

from datetime import date
from typing import Any

import click
from flask.cli import AppGroup

from callbacks.figures import keeping, report_words
from callbacks.figures import report as reports
from callbacks.figures.days import office_day
from callbacks.wording import Words
from console.commands import as_json, the_desk, verb

figures = AppGroup("figures", help="The supervisor's counts.")
report = AppGroup("report", help="Reports as they are sent.")


class Day(click.ParamType[date]):
    """`2026-11-16`."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write it like 2026-11-16", param, ctx)


@figures.command("recount")
@verb
def recount() -> None:
    """Forget every count and count all promises anew; pages tell what is counted so far meanwhile."""
    desk = the_desk()
    desk.do(keeping.begin_again)
    while desk.do(keeping.catch_up):
        pass
    with desk.reading() as work:
        click.echo(f"{keeping.how_many(work)} promises counted from their journals.")


@report.command("weekly")
@click.option("--week", type=Day(), help="Any day of it; last week where none is given.")
@click.option("--language", type=click.Choice(Words.offered()), default="en", show_default=True)
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def weekly(week: date | None, language: str, in_json: bool) -> None:
    """Print the weekly report as it is told at the week's first opening. Nobody is told by this."""
    desk = the_desk()
    while desk.do(keeping.catch_up):
        pass
    with desk.reading() as work:
        day = week or office_day(work, work.now) - reports.WEEK
        made = reports.report(work, reports.monday_of(day))
    if in_json:
        as_json(made.facts)
        return
    for line in report_words.lines(made.facts, language):
        click.echo(line)
