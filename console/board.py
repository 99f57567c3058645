"""The board: every open request in ringing order, with what is late on top."""

from collections.abc import Iterable
from itertools import chain

from flask import render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from callbacks.listed import Listed, listed
from callbacks.work import Work
from console import live
from console.room import Room
from console.shared import Shared
from console.times import Times
from console.written import Rows, WrittenRows

SHOWN = {"to_ring": 50, "rung": 40, "to_look_at": 30, "for_sales": 20}
"""The board from top to bottom, and how many of each: nobody looks further down, and everybody waits for it.

Each name is also its count's and its heading's.
"""


class Board:
    """The page, and its living part alone, which the browser asks for again and again."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.shared, self.rows = Shared(room), WrittenRows("board_row.html")

    def show(self) -> str:
        """The whole page."""
        with self.room.desk.reading() as work:
            living = self.shared.words(work, url_for("console.board_live"), self._render)
            return render_template("board.html", living=living)

    def live(self) -> AnyResponse:
        """What changes; 304 where nothing did. All see the same but for how they are there themselves."""
        with self.room.desk.reading() as work:
            part = url_for("console.board_live")
            return self.shared.answer(work, part, self._render, live.head(self.room))

    def _render(self, work: Work) -> str:
        times, parts = self.room.times(work), listed(work, SHOWN)
        rows = self.rows.of(times, chain.from_iterable(parts.values()))
        return render_template(
            "board_live.html", backlog=self.room.counted.of(work, live.heard()), times=times,
            open=open_words(times), shown={name: _there(rows, part) for name, part in parts.items()},
        )  # fmt: skip


def _there(rows: Rows, part: Iterable[Listed]) -> list[Markup]:
    """Without what was deleted at this very instant."""
    return [rows[each].words for each in part if each in rows]


def open_words(times: Times) -> str:
    """`open until 13:00`, or when the office opens next."""
    work = times.work
    if work.hours.is_open(work.now):
        return times.words.say("office.open", until=times.soon(work.hours.closing(work.now)))
    return times.words.say("office.closed", opens=times.soon(work.hours.opening(work.now)))
