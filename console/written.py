"""Rows as they are written: once for all who see them, and then again when anything of them is another."""

import time
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from callbacks import queue
from callbacks.listed import Listed
from console.changes import GIVES_WAY
from console.live import FRESH
from console.row import Row
from console.times import Times


class Written(NamedTuple):
    """A row's words, and how its promise stands in them."""

    words: Markup
    lateness: str


Rows = dict[Listed, Written]
Kept = dict[Listed, tuple[int, Written]]
"""With the stretch of time in which it was written."""


class WrittenRows:
    """Of each language those of these few seconds, as `template` writes them, which may use what is `given`.

    Two hands may write the same row at once; it says the same.
    """

    def __init__(self, template: str, **given: Any) -> None:
        self.template, self.given = template, given
        self._kept: dict[str, Kept] = {}

    def of(self, times: Times, listed: Iterable[Listed]) -> Rows:
        """All of these; what changed is read and written anew, and each now and then as time passes."""
        now, wanted, language = times.work.now.timestamp(), list(listed), times.words.language
        known = self._kept.get(language, {})
        old = [each for each in wanted if each not in known or known[each][0] != _stretch(each, now)]
        if old:
            new = self._write(times, old)
            still = {each: row for each, row in known.items() if row[0] == _stretch(each, now)}
            known = still | {each: (_stretch(each, now), row) for each, row in new.items()}
            self._kept[language] = known
        return {each: known[each][1] for each in wanted if each in known}

    def _write(self, times: Times, listed: Collection[Listed]) -> Rows:
        by_key = {each.key: each for each in listed}
        if not by_key:
            return {}
        session = times.work.session
        found = queue.read(times.work, by_key.keys())
        rings = queue.rings(session, list(found.values()))
        ringing = [each.key for each in listed if each.dial]
        dials = queue.under_way(session, ringing) if ringing else {}
        write, turns = self._writer(times), current_app.extensions["turns"]
        until, rows = time.monotonic() + GIVES_WAY, Rows()
        for key, each in found.items():
            turns.give_way(until)  # all of them take long, and callers are answered between one and the next
            row = Row(each, times, rings.get(key, 0), dials.get(key), by_key[key].line)
            rows[by_key[key]] = Written(write(row), row.lateness)
        return rows

    def _writer(self, times: Times) -> Callable[[Row], Markup]:
        row = current_app.jinja_env.get_template(self.template)
        module: Any = row.make_module({"say": times.words.say, "times": times, **self.given})
        written: Callable[[Row], Markup] = module.written
        return written


def _stretch(listed: Listed, now: float) -> int:
    """Which stretch of `FRESH` seconds this is, by the row's own count: so not all rows grow old at once."""
    return int((now + listed.key) // FRESH)
