"""Rows of the board as they are written: once, and then again when anything of them is another."""

import time
from collections.abc import Callable, Iterable

from flask import current_app
from markupsafe import Markup

from callbacks import queue
from callbacks.listed import Listed
from console.changes import GIVES_WAY
from console.live import FRESH
from console.row import Row
from console.times import Times

Rows = dict[Listed, Markup]


class WrittenRows:
    """Of each language those of the last look; by one hand at a time."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Rows]] = {}

    def of(self, times: Times, listed: Iterable[Listed]) -> Rows:
        """All of these; whatever changed, and all once time has passed, is read and written anew."""
        when, wanted = int(times.work.now.timestamp() // FRESH), list(listed)
        then, kept = self._kept.get(times.words.language, (when, Rows()))
        known = kept if then == when else Rows()
        new = [each for each in wanted if each not in known]
        rows = {each: known[each] for each in wanted if each in known} | _written(times, new)
        self._kept[times.words.language] = when, rows
        return rows


def _written(times: Times, listed: Iterable[Listed]) -> Rows:
    by_key = {each.key: each for each in listed}
    if not by_key:
        return {}
    session = times.work.session
    found = queue.read(times.work, by_key.keys())
    rings = queue.rings(session, list(found.values()))
    dials = queue.under_way(session) if any(each.dial for each in by_key.values()) else {}
    write, turns, until = _writer(times), current_app.extensions["turns"], time.monotonic() + GIVES_WAY
    rows = Rows()
    for key, each in found.items():
        turns.give_way(until)  # all of them take long, and callers are answered between one and the next
        rows[by_key[key]] = write(Row(each, times, rings.get(key, 0), dials.get(key)))
    return rows


def _writer(times: Times) -> Callable[[Row], Markup]:
    row = current_app.jinja_env.get_template("board_row.html")
    written: Callable[[Row], Markup] = row.make_module({"say": times.words.say, "times": times}).written  # type: ignore[attr-defined]
    return written
