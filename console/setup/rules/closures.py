"""Closures and extra openings: what differs from the week, the next first; one added, one taken out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import policy_book
from callbacks.days_off import Closure
from callbacks.errors import Overtaken, PolicyError, Refused
from callbacks.policy import Policy
from callbacks.policy.editing import GONE
from callbacks.policy.lines import Path
from callbacks.work import Work
from console.hands import who_was_first
from console.room import Room
from console.setup.hand import said, said_by_place, said_in_all
from console.setup.rules.fields import LIST, Form
from console.setup.rules.page import CONFLICT, UNPROCESSABLE, hand

LISTS: Mapping[str, Path] = {"closures": ("office", "closures"), "openings": ("office", "openings")}
LOOKS_AHEAD = 800
"""Days in which a rule is asked for the next day it closes."""

Days = tuple[date, date] | None


@dataclass(frozen=True)
class Differs:
    """One closure or opening as the page lists it. `place` is where it stands in the policy's list."""

    kind: str
    place: int
    name: str
    days: Days
    """The next days it is about; None where there are none to come."""
    hours: str
    rule: str
    is_over: bool


class Closures:
    """The page, and its two acts."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """What is to come, then what is over."""
        return self._page()

    def add(self) -> AnyResponse | tuple[str, int]:
        """One more of either kind."""
        form = request.form.to_dict()
        kind = "openings" if form.get("kind") == "openings" else "closures"
        adding = policy_book.add_closure if kind == "closures" else policy_book.add_opening
        try:
            self.room.desk.do(lambda work: adding(work, _table(kind, form), hand(form)))
        except PolicyError as fault:
            return self._page(form, _beside(kind, said_by_place(self.room.words(), fault))), UNPROCESSABLE
        except Refused as fault:
            return self._page(form, {"": said(self.room.words(), fault)}), CONFLICT
        return self._kept()

    def remove(self) -> AnyResponse | tuple[str, int]:
        """One out of the list that the page showed."""
        form = request.form.to_dict()
        place, seen, say = form.get("place", ""), form.get("seen", ""), self.room.words().say
        listed = LISTS.get(form.get("kind", ""), LISTS["closures"])
        if not (place.isascii() and place.isdigit() and seen.isascii() and seen.isdigit()):
            return self._page(fault=say("mend.overtaken")), CONFLICT
        gone = {(*listed, int(place[:6])): GONE}
        try:
            self.room.desk.do(lambda work: policy_book.change(work, gone, hand(form), int(seen[:9])))
        except Overtaken as fault:
            who = who_was_first(self.room, fault)
            return self._page(fault=say("rules.overtaken_list", who=who)), CONFLICT
        except LookupError:
            return self._page(fault=say("mend.overtaken")), CONFLICT
        except PolicyError as fault:
            return self._page(fault=said_in_all(self.room.words(), fault)), CONFLICT
        return self._kept()

    def _kept(self) -> AnyResponse:
        self.room.desk.look_again()
        flash(self.room.words().say("rules.kept"))
        return redirect(url_for("console.rules_closures"))

    def _page(
        self, form: Form | None = None, faults: Mapping[str, str] | None = None, fault: str = ""
    ) -> str:
        with self.room.desk.reading() as work:
            number, text = policy_book.current(work)
            policy = work.policy if text == work.policy.text else work.judge.read(text)
            listed = sorted(
                _all(policy, _today(work, policy)), key=lambda each: (each.days is None, each.days)
            )
            times = self.room.times(work)
            return render_template(
                "setup/rules/closures.html", number=number, form=form or {}, faults=faults or {}, fault=fault,
                coming=[each for each in listed if not each.is_over],
                over=[each for each in listed if each.is_over], date=times.date,
            )  # fmt: skip


def _table(kind: str, form: Form) -> dict[str, Any]:
    """As the policy writes it; a date that is none is left for the policy to judge."""
    typed = {name: form.get(name, "").strip() for name in ("name", "from", "until", "hours", "rule")}
    hours = LIST.read(typed["hours"])
    if kind == "openings":
        return {"name": typed["name"], "date": _day(typed["from"]), "hours": hours}
    days = {"from": _day(typed["from"]), "until": _day(typed["until"])}
    return {"name": typed["name"], **days, "rule": typed["rule"], "hours": hours}


def _day(typed: str) -> date | str:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return typed


def _beside(kind: str, faults: Mapping[str, str]) -> dict[str, str]:
    """Each fault by the field of the form that it lies in."""
    prefix = f"office.{kind}"
    found: dict[str, str] = {}
    for place, sentence in faults.items():
        steps = place.removeprefix(prefix).strip(".").split(".") if place.startswith(prefix) else []
        name = steps[1] if len(steps) > 1 else ""
        found.setdefault("from" if name == "date" else name, sentence)
    return found


def _today(work: Work, policy: Policy) -> date:
    return work.now.astimezone(policy.office.zone).date()


def _all(policy: Policy, today: date) -> Iterator[Differs]:
    for place, closure in enumerate(policy.office.closures):
        plain = Closure(closure.name, closure.from_, closure.until, closure.rule or "", closure.hours)
        days, hours = _next_days(plain, today), ", ".join(map(str, closure.hours))
        is_over = days is None or days[1] < today
        yield Differs("closures", place, closure.name, days, hours, closure.rule or "", is_over)
    for place, opening in enumerate(policy.office.openings):
        hours, day = ", ".join(map(str, opening.hours)), opening.date_
        yield Differs("openings", place, opening.name, (day, day), hours, "", day < today)


def _next_days(closure: Closure, today: date) -> Days:
    if not closure.rule:
        return (closure.from_, closure.until or closure.from_) if closure.from_ else None
    ahead = (today + timedelta(days=number) for number in range(LOOKS_AHEAD))
    coming = next((day for day in ahead if closure.covers(day)), None)
    return (coming, coming) if coming else None
