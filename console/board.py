"""The board: every open request in ringing order, with what is late on top."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from callbacks import queue
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.queue import Backlog
from callbacks.work import Work
from console import live
from console.room import Room, me
from console.row import Row
from console.times import Times

PARTS: dict[str, Callable[[Work, int], list[Callback]]] = {
    "to_ring": queue.to_ring,
    "rung": queue.rung,
    "to_look_at": queue.to_look_at,
    "for_sales": queue.for_sales,
}
"""The board from top to bottom; each name is also its count's and its heading's."""

SHOWN = 60
"""Of each part; nobody looks further down, and everybody waits for it."""


@dataclass(frozen=True)
class Part:
    """A section of the board: its rows, and how many more there are below those."""

    name: str
    rows: Sequence[Row]
    more: int


class Board:
    """The page, and its living part alone, which the browser asks for again and again."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.shared = live.Shared()

    def show(self) -> str:
        """The whole page."""
        with self.room.desk.reading() as work:
            living = self.shared.words(work, self._alike(), partial(self._render, work))
            return render_template("board.html", living=living)

    def live(self) -> AnyResponse:
        """What changes; 304 where nothing did. All see the same but for how they are there themselves."""
        with self.room.desk.reading() as work:
            return self.shared.answer(work, self._alike(), partial(self._render, work), live.head)

    def _alike(self) -> tuple[object, ...]:
        return self.room.words().language, me().presence, bool(me().phone)

    def _render(self, work: Work) -> str:
        times = self.room.times(work)
        backlog = queue.backlog(work.session, work.now)
        dials = queue.under_way(work.session)
        parts = [_part(work, name, times, backlog, dials) for name in PARTS]
        return render_template(
            "board_live.html", parts=parts, backlog=backlog, times=times, open=open_words(times)
        )


def _part(work: Work, name: str, times: Times, backlog: Backlog, dials: Mapping[int, Dial]) -> Part:
    callbacks = PARTS[name](work, SHOWN)
    rings = queue.rings(work.session, callbacks)
    rows = [Row(each, times, rings.get(each.id, 0), dials.get(each.id)) for each in callbacks]
    return Part(name, rows, getattr(backlog, name) - len(rows))


def open_words(times: Times) -> str:
    """`open until 13:00`, or when the office opens next."""
    work = times.work
    if work.hours.is_open(work.now):
        return times.words.say("office.open", until=times.soon(work.hours.closing(work.now)))
    return times.words.say("office.closed", opens=times.soon(work.hours.opening(work.now)))
