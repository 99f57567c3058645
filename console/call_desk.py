"""Call your desk: a telephone beside what the desk notes; a rehearsal, where callers are real."""

from collections.abc import Iterator
from typing import Any

from flask import Response, make_response, render_template
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as AnyResponse

from callbacks import journal
from callbacks.callback import Callback
from callbacks.moves import Move
from callbacks.work import Work
from console import headers, live
from console.page import EVERYBODY, Page
from console.room import Room
from console.row import Row
from console.telephone import Telephone

LARGEST = 64_000_000
"""Bytes that a telephone sends at once: a message as long as the policy allows."""

NEWEST = 5
"""Requests of the last calls that the page shows."""


def pages(room: Room) -> Iterator[Page]:
    """The page, what lives on it, and the telephone in it."""
    call_desk, telephone = CallDesk(room), Telephone(room)
    yield Page("/call-your-desk", "call_desk", call_desk.show, roles=EVERYBODY, heading=True)
    yield Page("/call-your-desk/live", "call_desk_live", call_desk.live, roles=EVERYBODY)
    yield Page("/telephone/", "telephone", telephone.pass_on, roles=EVERYBODY)
    yield Page("/telephone/<path:path>", "telephone_part", telephone.pass_on, roles=EVERYBODY)
    yield Page(
        "/telephone/<path:path>", "telephone_act", telephone.pass_on, "POST", EVERYBODY, largest=LARGEST
    )


class CallDesk:
    """The page; it may hold the telephone, which may use the microphone. No other page may."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> Response:
        """The whole page."""
        page = make_response(self._render("call_desk.html"))
        page.headers["Content-Security-Policy"] = f"{headers.POLICY}; frame-src 'self'"
        page.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
        return page

    def live(self) -> AnyResponse:
        """What the desk noted, as it comes."""
        return live.answer(self._render("call_desk_live.html"))

    def _render(self, template: str) -> str:
        practice = self.room.lent.practice
        codes = practice.codes()
        facts = {"codes": codes, "code": next(iter(codes.values()), ""), "practice": practice,
                 "number": self.room.desk.policy.numbers.support}  # fmt: skip
        if practice.desk is None:
            return render_template(template, **facts, noted=[])
        try:
            with practice.desk.reading() as work:
                return render_template(
                    template, **facts, noted=self._noted(work), times=self.room.times(work)
                )
        except DBAPIError:
            return render_template(template, **facts, noted=[])  # a rehearsal that is only just beginning

    def _noted(self, work: Work) -> list[dict[str, Any]]:
        """The newest requests, each with what its caller was told, word for word."""
        newest = work.session.scalars(select(Callback).order_by(Callback.id.desc()).limit(NEWEST))
        return [
            {"row": Row(each, self.room.times(work)), "told": _told(work, each)} for each in newest.unique()
        ]


def _told(work: Work, callback: Callback) -> str:
    lines = journal.lines(work.session, callback.subject)
    told = [line.facts.get("words", "") for line in lines if line.move == Move.TOLD_CALLER]
    return str(told[-1]) if told else ""
