"""The tables of the figures: each as rows for a sheet, and three of them as what charts are drawn from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from callbacks.figures import asking, rota
from callbacks.figures.asking import Share, Wanted
from callbacks.figures.rota import Hours
from callbacks.figures.tally import HALF, LENGTHS, MOST, SUMS, Tally
from callbacks.work import Work
from console.times import Times

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Table:
    """A sheet's columns and rows."""

    columns: Sequence[str]
    rows: Iterable[Mapping[str, Any]]


def _sums(tally: Tally) -> dict[str, Any]:
    """Every sum, working time in minutes, with the share of promises kept."""
    share = tally.share()
    counts = {name: tally.sums[name] for name in SUMS if name != "late_seconds"}
    late = {"late_working_minutes": tally.sums["late_seconds"] // 60}
    return {**counts, **late, "kept_percent": None if share is None else round(share, 2)}


LINES = ("kept", "broken", "arrived", "agents", "median", "most")
NAMES = {"agents": "agents_there"}
COUNTS = tuple(_sums(Tally()))
SPREADS = tuple(f"{name}_{percent}" for name in LENGTHS for percent in (HALF, MOST))


def _by_day(work: Work, wanted: Wanted) -> Table:
    days, there = asking.by_day(work, wanted), rota.on_shift(work, wanted.days, wanted.agent)
    return Table(
        ("day", *COUNTS, *SPREADS, "agent_hours"),
        (
            {"day": day.isoformat(), **_sums(tally), **_spreads(tally), "agent_hours": sum(there[day])}
            for day, tally in days.items()
        ),
    )


def _spreads(tally: Tally) -> dict[str, int | None]:
    """The median and the 90th percentile of each length, in minutes."""
    return {
        f"{name}_{percent}": tally.percentile(name, percent) for name in LENGTHS for percent in (HALF, MOST)
    }


def _by_hour(work: Work, wanted: Wanted) -> Table:
    counts = {weekday: [0] * 24 for weekday in WEEKDAYS}
    for day, tally in asking.by_day(work, wanted).items():
        for hour, count in tally.spread["hour"].items():
            counts[WEEKDAYS[day.weekday()]][hour] += count
    hours = [f"{hour:02}" for hour in range(24)]
    rows = ({"weekday": each, **dict(zip(hours, counts[each], strict=True))} for each in WEEKDAYS)
    return Table(("weekday", *hours), rows)


def _shares(name: str, ask: Callable[[Work, Wanted], list[Share]]) -> Callable[[Work, Wanted], Table]:
    def made(work: Work, wanted: Wanted) -> Table:
        return Table((name, *COUNTS), ({name: each.who, **_sums(each.sums)} for each in ask(work, wanted)))

    return made


TABLES: dict[str, Callable[[Work, Wanted], Table]] = {
    "days": _by_day,
    "hours": _by_hour,
    "levels": _shares("level", asking.by_level),
    "agents": _shares("agent", asking.by_agent),
    "companies": _shares("company", asking.by_company),
}
"""Every table of the page by the name of its sheet."""


def charts(days: Mapping[date, Tally], there: Mapping[date, Hours], times: Times) -> dict[str, Any]:
    """What the charts are drawn from: a moment for each day, and a number for each line."""
    tallies = list(days.values())
    say = times.words.say
    return {
        "days": [int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in days],
        "language": times.words.language,
        "kept": [tally.sums["kept"] for tally in tallies],
        "broken": [tally.not_kept for tally in tallies],
        "arrived": [tally.sums["promised"] for tally in tallies],
        "agents": [max(there[day], default=0) for day in days],
        "median": [tally.percentile("rang", HALF) for tally in tallies],
        "most": [tally.percentile("rang", MOST) for tally in tallies],
        "words": {name: say(f"figures.{NAMES.get(name, name)}") for name in (*LINES, "day")},
    }


def load(arrived: int, there: Mapping[date, Hours]) -> float | None:
    """Requests for each hour that an agent was on shift; None where nobody was."""
    hours = sum(sum(each) for each in there.values())
    return arrived / hours if hours else None
