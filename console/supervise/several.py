"""Several requests moved at once: each by itself, and an honest list of those that did not go."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from callbacks import queue
from callbacks.agent import Agent, Role
from callbacks.callback import Callback, by_reference
from callbacks.errors import NotFound, Refused
from callbacks.journal import Entry
from callbacks.work import Work
from console.buttons import by_line
from console.finding import found
from console.room import Room, me
from console.row import Row
from console.supervise.acts import ACTS, number, refusal, refuse_what_is_stale
from console.times import Times

MANY = ("give", "to_queue", "level")
"""What is done with several at once. Cancelling wants a word for each, so it is done one by one."""


@dataclass(frozen=True)
class Left:
    """One that did not go, and why."""

    row: Row
    why: str


class Several:
    """The page with everything open on it, standing still while one chooses."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """Each with a box to choose it by."""
        return self._render()

    def move(self) -> AnyResponse:
        """Each of those chosen goes, or is named with its reason; both are told, and chosen stays chosen."""
        name, chosen = request.form.get("act", ""), list(dict.fromkeys(request.form.getlist("chosen")))
        if name not in MANY:
            raise NotFound(name)
        if not chosen:
            return self._again("several.none_chosen")
        refused = {
            reference: why for reference in chosen[: queue.SHOWN] if (why := self._one(reference, name))
        }
        words = self.room.words()
        moved = len(chosen[: queue.SHOWN]) - len(refused)
        if not refused:
            flash(words.say("several.moved", count=moved))
            return redirect(url_for("console.several"))
        said = words.say("several.moved", count=moved) if moved else ""
        return make_response(self._render(said=said, refused=refused), 409)

    def _one(self, reference: str, name: str) -> str:
        """Move one, in a unit of work of its own; empty where it went, else why it did not."""
        try:
            self.room.desk.do(lambda work: self._move(work, reference, name))
        except (Refused, NotFound) as why:
            with self.room.desk.reading() as work:
                times = self.room.times(work)
                return (
                    refusal(times, why) if isinstance(why, Refused) else times.words.say("refusal.not_found")
                )
        return ""

    def _move(self, work: Work, reference: str, name: str) -> None:
        callback = work.held(Callback, found(work, reference).id)
        assert callback is not None  # noqa: S101 - found within this same work, and never deleted while open
        seen = number(request.form.get(f"seen-{reference}", "0"))
        refuse_what_is_stale(self.room.times(work), callback, seen)
        ACTS[name](work, callback, by_line(me()), request.form)

    def _again(self, fault: str) -> Response:
        return make_response(self._render(fault=self.room.words().say(fault)), 409)

    def _render(self, fault: str = "", said: str = "", refused: dict[str, str] | None = None) -> str:
        refused = refused or {}
        with self.room.desk.reading() as work:
            times = self.room.times(work)
            rows = [Row(each, times) for each in queue.all_open(work)]
            return render_template(
                "wall/several.html", rows=rows, times=times, fault=fault, said=said, typed=request.form,
                left=_left(times, refused),
                chosen=set(refused) if refused else set(request.form.getlist("chosen")),
                seen=_seen(work, rows), people=_people(work), shown=queue.SHOWN,
            )  # fmt: skip


def _left(times: Times, refused: dict[str, str]) -> list[Left]:
    """Those that did not go, closed ones too; what never was a request is left out."""
    known = {reference: by_reference(times.work.session, reference) for reference in refused}
    return [Left(Row(each, times), refused[reference]) for reference, each in known.items() if each]


def _people(work: Work) -> list[Any]:
    """Everybody to whom requests may be given: how they sign in, their name, whether they are there."""
    asked = select(Agent.sign_in, Agent.name, Agent.presence, Agent.roles).where(Agent.left_at.is_(None))
    here = work.session.execute(asked.order_by(Agent.name))
    return [agent for agent in here if not {Role.AGENT, Role.SUPERVISOR}.isdisjoint(agent.roles)]


def _seen(work: Work, rows: list[Row]) -> dict[str, Any]:
    """The last line of each one's journal, by its reference."""
    subjects = {row.callback.subject: row.callback.reference for row in rows}
    last = (
        select(Entry.subject, func.max(Entry.seq)).where(Entry.subject.in_(subjects)).group_by(Entry.subject)
    )
    return {subjects[subject]: seq for subject, seq in work.session.execute(last)}
