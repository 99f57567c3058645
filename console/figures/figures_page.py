"""The figures of some days: what the promises came to, how long it took, when people call, who did what."""

from flask import Response, render_template, request

from callbacks.errors import NotFound
from callbacks.figures import asking, rota
from callbacks.figures.asking import whole
from callbacks.work import Work
from console.figures import filters, tables
from console.figures.filters import Filters
from console.figures.heat import Heat
from console.figures.numbers import Numbers
from console.room import Room
from console.sheet import download, sheet
from console.times import Times

COMPANIES, AGENTS = 20, 50
"""So many are listed on the page, those with most first; the sheets have them all."""


class FiguresPage:
    """The page, and a sheet of each of its tables."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """The page."""
        filters.catch_up(self.room.desk)
        with self.room.desk.reading() as work:
            chosen = filters.read(work, request.args)
            times = self.room.times(work)
            return render_template("figures/figures.html", **_facts(work, chosen, times))

    def sheet(self, table: str) -> Response:
        """A table by its name."""
        if table not in tables.TABLES:
            raise NotFound(f"no table is called {table[:40]!r}")
        filters.catch_up(self.room.desk)
        with self.room.desk.reading() as work:
            chosen = filters.read(work, request.args)
            made = tables.TABLES[table](work, chosen.wanted)
            name = f"{table}-{chosen.days.first}-{chosen.days.last}"
            return download(sheet(made.columns, made.rows), name)


def _facts(work: Work, chosen: Filters, times: Times) -> dict[str, object]:
    """What the page shows."""
    wanted = chosen.wanted
    days = asking.by_day(work, wanted)
    there = rota.on_shift(work, chosen.days, wanted.agent)
    total, before = whole(days), asking.total(work, wanted.of_days(chosen.before))
    agents, companies = asking.by_agent(work, wanted), asking.by_company(work, wanted)
    return {
        "chosen": chosen,
        "choices": filters.choices(work),
        "address": chosen.address(),
        "times": times,
        "numbers": Numbers(times),
        "total": total,
        "before": before,
        "days": days,
        "there": there,
        "load": tables.load(total.sums["promised"], there),
        "heat": Heat.of(days, there, times.words.language),
        "levels": asking.by_level(work, wanted),
        "agents": agents[:AGENTS],
        "more_agents": len(agents[AGENTS:]),
        "companies": companies[:COMPANIES],
        "more_companies": len(companies[COMPANIES:]),
        "charts": tables.charts(days, there, times),
    }
