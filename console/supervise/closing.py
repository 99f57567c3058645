"""Closing a day, or some hours of it: looked at first, then done, then the callers are told."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks import closing
from callbacks.closing import NothingCloses, Overtaken, Preview, Touched
from callbacks.errors import PolicyError
from callbacks.policy_book import Hand
from callbacks.work import Work
from console.buttons import Unfinished, by_line
from console.room import Room, address, me
from console.row import Row
from console.setup.hand import said_in_all
from console.times import Times

FIELDS = ("name", "from", "until", "opens", "closes", "why")
LONGEST = 200
SAID: Mapping[type[Exception], str] = {NothingCloses: "closing.nothing", Overtaken: "closing.overtaken"}


class Closing:
    """The form, the look at what it would mean, and the act."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """The empty form."""
        return self._page()

    def close(self) -> AnyResponse:
        """`look` shows what it would mean; `close` does it, where that still is what was shown."""
        try:
            with self.room.desk.reading() as work:
                closure = _closure(work, _typed())
                looked = closing.preview(work, closure)
            if request.form.get("act") != "close":
                return make_response(self._page(preview=looked))
            told = self.room.desk.do(lambda work: self._close(work, closure))
        except (Unfinished, NothingCloses, Overtaken, PolicyError) as refused:
            return self._again(refused)
        self.room.desk.look_again()
        return make_response(self._page(done=told))

    def _close(self, work: Work, closure: dict[str, Any]) -> tuple[list[Touched], list[Touched]]:
        hand = Hand(by_line(me()), address(), _typed()["why"])
        chosen = set(request.form.getlist("text"))
        return closing.close(work, closure, hand, request.form.get("mark", ""), chosen)

    def _again(self, refused: Exception) -> Response:
        """The form with what was typed. Who looked at something that has changed meanwhile looks again."""
        say, preview = self.room.words().say, None
        if isinstance(refused, PolicyError):
            return make_response(self._page(fault=said_in_all(self.room.words(), refused)), 422)
        if isinstance(refused, Overtaken):
            with self.room.desk.reading() as work:
                preview = closing.preview(work, _closure(work, _typed()))
        name = next((name for kind, name in SAID.items() if isinstance(refused, kind)), str(refused))
        return make_response(self._page(fault=say(name), preview=preview), 409)

    def _page(
        self,
        fault: str = "",
        preview: Preview | None = None,
        done: tuple[list[Touched], list[Touched]] | None = None,
    ) -> str:
        with self.room.desk.reading() as work:
            times = self.room.times(work)
            return render_template(
                "wall/close.html", times=times, typed=_typed(), fault=fault, preview=preview, done=done,
                row=lambda each: Row(each.callback, times), between=_between(times), chosen=_chosen(preview),
                today=work.now.astimezone(work.hours.zone).date().isoformat(),
            )  # fmt: skip


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in FIELDS}


def _closure(work: Work, typed: Mapping[str, str]) -> dict[str, Any]:
    """As the policy writes it; what is missing or cannot be is said in the reader's language."""
    if not typed["name"]:
        raise Unfinished("closing.name_first")
    first = _day(typed["from"])
    last = _day(typed["until"]) if typed["until"] else first
    if first is None or last is None or last < first:
        raise Unfinished("closing.day_first")
    if last < work.now.astimezone(work.hours.zone).date():
        raise Unfinished("closing.over")
    closure: dict[str, Any] = {"name": typed["name"], "from": first}
    if last != first:
        closure["until"] = last
    if typed["opens"] or typed["closes"]:
        start, end = _clock(typed["opens"]), _clock(typed["closes"])
        if start is None or end is None or end <= start:
            raise Unfinished("closing.hours_first")
        closure["hours"] = [f"{start:%H:%M}-{end:%H:%M}"]
    return closure


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _chosen(preview: Preview | None) -> set[str]:
    """Whom to text: at first all who can be, then those that were left chosen."""
    if request.form.get("act") == "close":
        return set(request.form.getlist("text"))
    return {each.callback.reference for each in preview.touched if each.may_text} if preview else set()


def _between(times: Times) -> Callable[[Touched], str]:
    """A window that is none yet, as times are written here; the day is said once."""

    def written(each: Touched) -> str:
        same_day = times.day(each.opens) == times.day(each.closes)
        end = times.clock(each.closes) if same_day else f" {times.moment(each.closes)}"
        return f"{times.moment(each.opens)}–{end}"

    return written
