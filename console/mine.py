"""An agent's own page: what is theirs, what their phone rings for, and what they may take next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import crew, queue
from callbacks.agent import Agent, Presence, Role
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.errors import Refused
from callbacks.own_list import MAY_PASS, OwnList, own_list, pass_over
from callbacks.work import Work
from console import live
from console.board import open_words
from console.buttons import BUTTONS
from console.page import Page
from console.room import Room, me
from console.row import Row
from console.times import Times
from console.written import WrittenRows

SECOND = timedelta(seconds=1)
AGENTS_ALONE = (Role.AGENT,)


@dataclass(frozen=True)
class Offer:
    """What the agent's phone rings for; `left` in seconds, where the desk waits no longer than that."""

    row: Row
    dial: Dial
    left: int | None

    @property
    def may_pass(self) -> bool:
        """Whether somebody else can get it."""
        return self.dial.leg in MAY_PASS


def pages(room: Room) -> Iterator[Page]:
    """The page, its living part, and passing."""
    page = MinePage(room)
    yield Page("/mine", "mine", page.show, roles=AGENTS_ALONE, heading=True)
    yield Page("/mine/live", "mine_live", page.live, roles=AGENTS_ALONE)
    yield Page("/mine/pass", "pass_over", page.pass_over, "POST", AGENTS_ALONE)


class MinePage:
    """The page, and its living part alone."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.rows = WrittenRows("mine/row.html", act=_act)

    def show(self) -> str:
        """The whole page."""
        return self._render("mine.html")

    def live(self) -> AnyResponse:
        """What changes; 304 where nothing did."""
        return live.answer(self._render("mine/live.html"))

    def pass_over(self) -> AnyResponse:
        """The phone falls silent, and the next one gets it; whoever pressed too late is told so."""
        dial = request.form.get("dial", "")
        known = int(dial) if dial.isascii() and dial.isdecimal() and len(dial) < 10 else 0
        try:
            self.room.desk.do(partial(_pass_over, dial_id=known))
        except Refused:
            fault = self.room.words().say("mine.too_late")
            return Response(self._render("mine.html", fault=fault), 409)
        flash(self.room.words().say("mine.passed"))
        return redirect(url_for("console.mine"))

    def _render(self, template: str, **more: Any) -> str:
        with self.room.desk.reading() as work:
            return render_template(template, **_facts(work, self.room.times(work), self.rows), **more)


def _pass_over(work: Work, dial_id: int) -> None:
    pass_over(work, me(), dial_id)


def _facts(work: Work, times: Times, rows: WrittenRows) -> dict[str, Any]:
    own = own_list(work, me())
    written = rows.of(times, chain(own.mine, own.queue))
    return {
        "times": times,
        "own": own,
        "mine": [written[each] for each in own.mine if each in written],
        "offer": _offer(times, own.offered) if own.offered else None,
        "waiting": [written[each] for each in own.queue if each in written],
        "late": sum(row.lateness == "late" for row in written.values()),
        "stands": _stands(times, me(), own),
        "not_yet": _not_yet(times, own),
        "open": open_words(times),
    }


def _act(callback: Callback) -> str:
    """The one thing to do with a row without opening it; empty where it is to be opened. What somebody has
    stands in their own list alone."""
    name = "take" if callback.agent_id is None else "call_now"
    return name if BUTTONS[name].shown(callback, me()) else ""


def _offer(times: Times, dial: Dial) -> Offer:
    callback, now = dial.callback, times.work.now
    left = max(0, (callback.held_until - now) // SECOND) if callback.held_until else None
    rings = queue.rings(times.work.session, [callback])
    return Offer(Row(callback, times, rings.get(callback.id, 0)), dial, left)


def _stands(times: Times, agent: Agent, own: OwnList) -> str:
    """Whether the desk rings this person now, and if not, why not."""
    say = times.words.say
    if own.dial:
        return say("mine.being_rung" if own.offered else "mine.on_a_call")
    if agent.presence != Presence.READY:
        return say(f"mine.{agent.presence}")
    if agent.phone is None:
        return say("mine.no_phone")
    if agent.on_shift(times.work.hours, times.work.now):
        return say("mine.ready")
    begins = next((stretch.start for stretch in crew.duty(agent, times.work)), None)
    return say("mine.off_until", moment=times.soon(begins)) if begins else say("mine.off")


def _not_yet(times: Times, own: OwnList) -> str:
    """When the first of those that wait may be rung; empty where one may be rung now."""
    return times.soon(own.begins) if own.begins and own.begins > times.work.now else ""
