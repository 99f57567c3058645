"""Displays: made, begun by a link that is good once, seen to be there, ended."""

from typing import Any
from urllib.parse import quote

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import display
from callbacks.display import CODE_LASTS, Display
from callbacks.errors import Refused
from callbacks.work import Work
from console.room import Room
from console.setup.hand import by_me, said, typed

HERE = display.NOTED_EVERY * 3
"""Heard of so lately, a display is there now."""


class Displays:
    """The list, with the form of a new one below it."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """Every display there is or was."""
        return self._page()

    def add(self) -> AnyResponse:
        """Made, and its link shown with the answer. No name is given twice: a form sent twice makes one."""
        name = typed("name")
        try:
            made, code = self.room.desk.do(lambda work: display.make(work, name, by_me()))
        except Refused as refused:
            faults = {"name": said(self.room.words(), refused)}
            return make_response(self._page(name, faults), 400)
        return self._once(made, code)

    def link(self, number: int) -> AnyResponse:
        """Another link, where the screen or its browser is a new one."""
        return self._once(*self.room.desk.do(lambda work: display.new_code(work, number, by_me())))

    def revoke(self, number: int) -> AnyResponse:
        """It shows nothing any more, within seconds."""
        name = self.room.desk.do(lambda work: display.revoke(work, number, by_me()))
        flash(self.room.words().say("display.is_revoked", name=name))
        return redirect(url_for("console.displays"))

    def _once(self, made: Display, code: str) -> AnyResponse:
        door = f"{self.room.place.public_url.rstrip('/')}{url_for('console.display_door')}"
        minutes = int(CODE_LASTS.total_seconds() // 60)
        page = render_template(
            "wall/display_once.html", name=made.name, code=code, door=door, minutes=minutes,
            link=f"{door}#{quote(code)}",
        )  # fmt: skip
        return make_response(page)

    def _page(self, name: str = "", faults: Any = None) -> str:
        with self.room.desk.reading() as work:
            shown = [(each, _stands(work, each)) for each in display.listed(work.session)]
            times = self.room.times(work)
            return render_template(
                "wall/displays.html", displays=shown, typed=name, faults=faults or {}, times=times
            )


def _stands(work: Work, each: Display) -> str:
    """`here` now, `away` since it was last heard of, `waits` for its code, `never` begun, `revoked`."""
    if each.revoked_at is not None:
        return "revoked"
    if each.seen_at is not None:
        return "here" if work.now - each.seen_at < HERE else "away"
    return "waits" if each.waits(work.now) else "never"
