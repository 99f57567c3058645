"""Notices: who is told, of what, and when; and one sent to try an address, with what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import policy_book
from callbacks.policy.editing import GONE, Changes, value_at
from callbacks.policy.tables import ABOUT
from console.room import Room, me
from console.setup.rules.fields import FLAG, LIST, Field, Form
from console.setup.rules.page import Sheet, Subject

TO, TOLD_OF = ("notices", "to"), ("notices", "about")
PLAIN = (
    Field(("notices", "outside_office_hours"), FLAG, False),
    Field(("notices", "inside"), LIST, []),
)


class Notices(Subject):
    """Addresses are shown without their secrets; one is taken out by its place in the list."""

    name, template = "rules_notices", "setup/rules/notices.html"

    def fields(self, values: Mapping[str, Any]) -> Sequence[Field]:
        """Those that are plain; the rest is this page's own."""
        del values
        new = Field(("notices", "to"), LIST, ["log"])
        return [
            *PLAIN,
            new,
            Field(TOLD_OF, LIST, list(ABOUT)),
        ]

    def changes(self, values: Mapping[str, Any], form: Form) -> Changes:
        """What is still wanted of the old, and what is new."""
        was = _addresses(values)
        new = form.get("new", "").strip()
        to = [each for number, each in enumerate(was) if form.get(f"keep.{number}")] + ([new] if new else [])
        about = [each for each in ABOUT if form.get(f"about.{each}")]
        changes: dict[Any, Any] = {}
        for each in PLAIN:
            changes |= each.changes(values, form)
        if to != was:
            changes[TO] = to
        if about != [each for each in ABOUT if each in _about(values)]:
            changes[TOLD_OF] = about
        return changes

    def more(self, room: Room, sheet: Sheet) -> dict[str, Any]:
        """The addresses as anybody may see them."""
        del room
        form = None if sheet.overtaken else sheet.form
        shown = [
            (number, _masked(each), form is None or bool(form.get(f"keep.{number}")))
            for number, each in enumerate(_addresses(sheet.values))
        ]
        about = (
            _about(sheet.values) if form is None else [each for each in ABOUT if form.get(f"about.{each}")]
        )
        return {
            "addresses": shown,
            "told_of": about,
            "all_about": ABOUT,
            "new": (sheet.form or {}).get("new", ""),
        }


class TryNotice:
    """The button beside an address."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def send(self) -> AnyResponse:
        """What became of it is said as it was."""
        place, say = request.form.get("try", ""), self.room.words().say
        with self.room.desk.reading() as work:
            number, text = policy_book.current(work)
            judged = work.judge.read(text).notices.to
        seen, place_of = (
            request.form.get("seen", ""),
            int(place) if place.isdecimal() and len(place) < 5 else -1,
        )
        if seen != str(number) or not 0 <= place_of < len(judged):
            flash(say("rules.notice.gone"), "fault")
            return redirect(url_for("console.rules_notices"))
        to = judged[place_of]
        if self._is_told(to.address):
            flash(say("rules.notice.told_log" if to.address == "log" else "rules.notice.told", to=to.written))
        else:
            flash(say("rules.notice.untold", to=to.written), "fault")
        return redirect(url_for("console.rules_notices"))

    def _is_told(self, address: str) -> bool:
        say = self.room.words().say
        try:
            return self.room.lent.try_notice(
                address, say("rules.notice.title"), say("rules.notice.line", who=me().name)
            )
        except Exception:  # whatever a service stumbles over, the answer is that it did not take it
            return False


def _addresses(values: Mapping[str, Any]) -> list[str]:
    found = value_at(values, TO)
    return ["log"] if found is GONE else [str(each) for each in found]


def _about(values: Mapping[str, Any]) -> list[str]:
    found = value_at(values, TOLD_OF)
    return list(ABOUT) if found is GONE else list(found)


def _masked(address: str) -> str:
    return f"{address.partition('://')[0]}://…" if "://" in address else address
