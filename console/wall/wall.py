"""The wall: counts, promises kept, the crew, and what to do next; on a desk or on a big screen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import pressing
from callbacks.crew import Crew
from callbacks.figures import kept
from callbacks.figures.days import period
from callbacks.outlook import Next, Standing, what_next
from callbacks.work import Work
from console import live
from console.board import open_words
from console.health import PATIENT, behind
from console.room import Room
from console.row import Row
from console.shared import Shared
from console.times import Times
from console.wall import said
from console.wall.people import counts, people

PERIODS = ("today", "week", "month")
SHOWN = {"": 40, "big": 5}
"""Lines of what to do next: on a desk, and where it is read across a room."""


@dataclass(frozen=True)
class Line:
    """One request on the list: why it is there, why nothing happens with it, and what mends that."""

    row: Row
    standing: Standing
    words: str
    why: str
    mend: str


@dataclass(frozen=True)
class Kept:
    """How many promises of a period were kept. `share` is in percent, and only all is a hundred."""

    name: str
    kept: int
    broken: int

    @property
    def share(self) -> int | None:
        whole = self.kept + self.broken
        return self.kept * 100 // whole if whole else None


class Wall:
    """The page, and its living part alone."""

    def __init__(self, room: Room) -> None:
        self.room, self.shared = room, Shared(room)

    def show(self) -> str:
        """The whole page; with `screen=big` nothing but the wall."""
        with self.room.desk.reading() as work:
            living = self.shared.words(work, _part(), self._render())
            return render_template("wall/wall.html", screen=_screen(), leads=True, living=living)

    def live(self) -> AnyResponse:
        """What changes; 304 where nothing did. All see the same but for how they are there themselves."""
        with self.room.desk.reading() as work:
            return self.shared.answer(work, _part(), self._render(), live.head(self.room))

    def big(self, work: Work, template: str) -> str:
        """The big screen where nobody is signed in: nothing on it leads anywhere."""
        return self._shown(work, template=template, screen="big", leads=False)

    def _render(self) -> Callable[[Work], str]:
        return partial(self._shown, template="wall/live.html", screen=_screen(), leads=True)

    def _shown(self, work: Work, *, template: str, screen: str, leads: bool) -> str:
        facts = _facts(work, self.room.times(work), SHOWN[screen])
        return render_template(template, screen=screen, leads=leads, **facts)


def _screen() -> str:
    """Where it is shown, as the address says."""
    return "big" if request.args.get("screen") == "big" else ""


def _part() -> str:
    """The address of its living part."""
    return url_for("console.wall_live", screen=_screen() or None)


def _facts(work: Work, times: Times, shown: int) -> dict[str, Any]:
    crew = Crew.of(work)
    to_do, there = what_next(work, crew, shown), people(times, crew)
    lag = behind(work)
    return {
        "times": times,
        "backlog": pressing.counts(work),
        "calling": len(crew.dials),
        "kept": _promises_kept(work),
        "people": there,
        "crew": counts(there),
        "lines": [_line(times, each) for each in to_do.lines],
        "more": to_do.more,
        "open": open_words(times),
        "stands_still": times.length(lag) if lag > PATIENT else "",
        "clock": times.clock(work.now),
    }


def _promises_kept(work: Work) -> list[Kept]:
    counted = kept.of_each(work, [period(work, name) for name in PERIODS])
    return [Kept(name, *each) for name, each in zip(PERIODS, counted, strict=True)]


def _line(times: Times, found: Next) -> Line:
    row = Row(found.callback, times)
    words = row.lateness_words
    if found.standing is Standing.WILL_BE_LATE and found.callback.closes:
        words = times.words.say("standing.will_be_late", moment=times.soon(found.callback.closes))
    elif found.standing is Standing.SOLVE_LATE and row.solve_by:
        words = times.words.say("standing.solve_late", moment=times.soon(row.solve_by))
    elif found.standing is Standing.DECIDE:
        words = times.words.say("standing.decide")
    return Line(row, found.standing, words, said.reason(times, found.reason), said.mend(times, found.reason))
