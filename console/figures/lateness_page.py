"""What is late, what was rung too late, and what was not solved in time: by how much, and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, render_template, request

from callbacks.figures import lateness
from callbacks.figures.cause import Cause
from callbacks.figures.lateness import PROMISE, SOLVE, Asked, Late
from callbacks.work import Work
from console.figures import filters
from console.figures.filters import Filters
from console.room import Room
from console.sheet import download, local, pieces
from console.times import Times

SHOWN = 50
"""Rows of one page."""

MINUTE = timedelta(minutes=1)
COLUMNS = (
    "reference", "company", "topic", "level", "agent", "received", "due", "ended", "late_working_minutes",
    "late_minutes_by_the_clock", "cause", "calendar",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One row, in the reader's words."""

    late: Late
    times: Times
    calendar_since: datetime | None

    @property
    def reference(self) -> str:
        """In groups of three, as the caller heard it."""
        digits = self.late.callback.reference
        return "\u202f".join(digits[i : i + 3] for i in range(0, len(digits), 3))

    @property
    def company(self) -> str:
        """The company, or that it is nobody we know."""
        known = self.late.callback.subscription
        return known.company if known else self.times.words.say("request.nobody")

    @property
    def working(self) -> str:
        """By how much, in working time."""
        return self.times.length(self.late.working)

    @property
    def wall(self) -> str:
        """The same on the wall's clock."""
        return self.times.length(self.late.wall)

    @property
    def is_of_another_calendar(self) -> bool:
        """Whether the hours have changed since it was promised."""
        return self.late.calendar != self.times.work.hours.version


class LatenessPage:
    """The page, and the sheet of the same rows."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """The page."""
        filters.catch_up(self.room.desk)
        with self.room.desk.reading() as work:
            chosen = filters.read(work, request.args)
            asked = _asked(chosen, request.args)
            totals = lateness.totals(work, asked)
            pages = max(1, -(-totals.count // SHOWN))
            page = min(_page(request.args), pages)
            return render_template(
                "figures/lateness.html", chosen=chosen, choices=filters.choices(work), asked=asked,
                totals=totals, causes=_causes(asked.target), page=page, pages=pages,
                rows=self._rows(work, asked, page), address=_address(chosen, asked),
                times=self.room.times(work),
            )  # fmt: skip

    def sheet(self) -> Response:
        """Every row that was asked for, not this page's alone."""
        filters.catch_up(self.room.desk)
        with self.room.desk.reading() as work:
            chosen = filters.read(work, request.args)
        name = f"lateness-{chosen.days.first}-{chosen.days.last}"
        rows = self._each(_asked(chosen, request.args), self.room.words().say)
        return download(pieces(COLUMNS, rows), name)

    def _each(self, asked: Asked, say: Callable[..., str]) -> Iterator[dict[str, Any]]:
        """Each as the sheet has it, by the office's clock; read while the sheet travels."""
        with self.room.desk.reading() as work:
            zone = work.hours.zone
            for late in lateness.each(work, asked):
                yield {name: local(value, zone) for name, value in _row(late, say).items()}

    def _rows(self, work: Work, asked: Asked, page: int) -> list[Shown]:
        found = lateness.rows(work, asked, SHOWN, (page - 1) * SHOWN)
        since = lateness.first_used(work, {late.calendar for late in found})
        times = self.room.times(work)
        return [Shown(late, times, since.get(late.calendar or "")) for late in found]


def _asked(chosen: Filters, said: Mapping[str, str]) -> Asked:
    """With what this page alone can ask."""
    target = SOLVE if said.get("target") == SOLVE else PROMISE
    cause = said.get("cause", "")
    return Asked(chosen.wanted, target, Cause(cause) if cause in _causes(target) else None)


def _causes(target: str) -> list[Cause]:
    """Which there can be."""
    of_solving_alone = (Cause.UNANSWERED, Cause.UNSOLVED)
    return [cause for cause in Cause if target == SOLVE or cause not in of_solving_alone]


def _page(said: Mapping[str, str]) -> int:
    page = said.get("page", "1")
    return max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 7 else 1


def _address(chosen: Filters, asked: Asked) -> dict[str, str]:
    target = {"target": SOLVE} if asked.target == SOLVE else {}
    return {**chosen.address(), **target, **({"cause": asked.cause.value} if asked.cause else {})}


def _row(late: Late, say: Any) -> dict[str, Any]:
    """One of the sheet; the moments by the office's clock."""
    callback = late.callback
    return {
        "reference": callback.reference,
        "company": callback.subscription.company if callback.subscription else "",
        "topic": callback.topic,
        "level": late.level,
        "agent": late.agent,
        "received": callback.received_at,
        "due": late.due,
        "ended": late.ended,
        "late_working_minutes": late.working // MINUTE,
        "late_minutes_by_the_clock": late.wall // MINUTE,
        "cause": say(f"cause.{late.cause}"),
        "calendar": late.calendar,
    }
