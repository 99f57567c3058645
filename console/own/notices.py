"""A person's own notices: what of, where, and a test; and what their open pages have yet to show."""

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import journal, own_notice, own_telling
from callbacks.callback import Callback
from callbacks.errors import NotFound
from callbacks.notice_way import GOES_OUT, SHOWN, Kind, NoticeWay
from callbacks.own_notice import About, OwnNotice
from callbacks.work import Work
from console import notice_address
from console.buttons import by_line
from console.notice_address import NotAnAddress
from console.room import Room, address, me
from console.times import Times
from console.topics import topic_name

MOST = 5
"""Addresses of one person."""


class Notices:
    """The page, its buttons, and the feed of what is new."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """The page."""
        return self._render()

    def choose(self) -> AnyResponse:
        """What of, by which way: all of the page at once."""
        self.room.desk.do(self._choose)
        return self._said("chosen")

    def add(self) -> AnyResponse:
        """One more address, judged before it is kept."""
        try:
            self.room.desk.do(self._add)
        except NotAnAddress as fault:
            said = self.room.words().say(str(fault), most=MOST)
            return make_response(self._render(said, request.form.get("address", "")[:500]), 409)
        return self._said("added")

    def test(self, number: int) -> AnyResponse:
        """Send it something; whether it arrived is seen by the person alone."""
        self.room.desk.do(lambda work: self._test(work, number))
        return self._said("tested")

    def remove(self, number: int) -> AnyResponse:
        """Nothing goes there any more."""
        self.room.desk.do(lambda work: self._remove(work, number))
        return self._said("removed")

    def new(self) -> AnyResponse:
        """What is to be shown of what happened since, to which of the two; asked for by every open page."""
        since = request.args.get("since", "0")
        seen = int(since) if since.isascii() and since.isdecimal() and len(since) < 12 else 0
        with self.room.desk.reading() as work:
            ways = own_telling.shown_by(work.session, me().id)
            found = own_telling.unseen(work, me().id, seen)
            times = self.room.times(work)
            return jsonify([_told(times, each, ways) for each in found])

    def _said(self, what: str) -> AnyResponse:
        flash(self.room.words().say(f"notices.{what}"))
        return redirect(url_for("console.notices"))

    def _render(self, fault: str = "", typed: str = "") -> str:
        with self.room.desk.reading() as work:
            ways = own_notice.ways_of(work.session, me().id)
            out = [way for way in ways if way.kind in GOES_OUT]
            return render_template(
                "notices.html", fault=fault, typed=typed, kinds=list(About), out=out, may_add=len(out) < MOST,
                page=_way(ways, Kind.PAGE), browser=_way(ways, Kind.BROWSER), shown=notice_address.shown,
                times=self.room.times(work),
            )  # fmt: skip

    def _choose(self, work: Work) -> None:
        ways = own_notice.ways_of(work.session, me().id)
        kept = [way for way in ways if way.kind in GOES_OUT]
        for kind in SHOWN:
            kept.append(_way(ways, kind) or NoticeWay(agent_id=me().id, kind=kind, about=[], address=""))
        before = {_name(way): _wanted(way) for way in kept}
        changed = {_name(way): [before[_name(way)], _wanted(way)] for way in kept if _chosen(work, way)}
        if changed:
            _write(work, "notices_chosen", {"changed": changed})

    def _add(self, work: Work) -> None:
        ways = own_notice.ways_of(work.session, me().id)
        if sum(way.kind in GOES_OUT for way in ways) >= MOST:
            raise NotAnAddress("notices.too_many")
        typed = request.form.get("address", "")
        is_address = "://" in typed
        kept = (
            notice_address.address(typed, work.policy.notices.inside)
            if is_address
            else notice_address.number(work, typed)
        )
        if any(way.address == kept for way in ways):
            raise NotAnAddress("notices.is_there")
        kind = Kind.ADDRESS if is_address else Kind.TEXT
        wanted = [About.AT_RISK.value, About.LATE.value]
        way = NoticeWay(agent_id=me().id, kind=kind, address=kept, about=wanted, added_at=work.now)
        work.session.add(way)
        _write(work, "notice_way_added", {"way": notice_address.shown(kind, kept)})

    def _test(self, work: Work, number: int) -> None:
        way = _mine(work, number)
        entry = _write(work, "notice_tested", {"way": notice_address.shown(way.kind, way.address)})
        own_notice.test(work, way, entry)

    def _remove(self, work: Work, number: int) -> None:
        way = _mine(work, number)
        work.session.delete(way)
        _write(work, "notice_way_removed", {"way": notice_address.shown(way.kind, way.address)})


def _mine(work: Work, number: int) -> NoticeWay:
    """A way of the person who asks; another's is as good as none."""
    way = work.held(NoticeWay, number)
    if way is None or way.agent_id != me().id or way.kind not in GOES_OUT:
        raise NotFound("no such way")
    return way


def _way(ways: Sequence[NoticeWay], kind: Kind) -> NoticeWay | None:
    return next((way for way in ways if way.kind == kind), None)


def _name(way: NoticeWay) -> str:
    """As the form names its fields: a way that was there before by its number."""
    return f"{way.kind}{way.id or ''}" if way.kind in GOES_OUT else way.kind


def _wanted(way: NoticeWay) -> list[str]:
    """What goes by it and how, as the journal keeps it."""
    return [*way.about, *(["sound"] if way.sound else []), *(["outside_hours"] if way.outside_hours else [])]


def _chosen(work: Work, way: NoticeWay) -> bool:
    """Put what was ticked in place of what was; whether that is anything new."""
    name = _name(way)
    ticked = set(request.form.getlist(name))
    wanted = [each.value for each in About if each in ticked]
    loud, at_night = f"{name}-sound" in request.form, f"{name}-night" in request.form
    is_new = way.id is None
    if not is_new and (way.about, way.sound, way.outside_hours) == (wanted, loud, at_night):
        return False
    way.about, way.sound, way.outside_hours = wanted, loud, at_night
    way.added_at = way.added_at or work.now
    work.session.add(way)
    return True


def _told(times: Times, notice: OwnNotice, ways: dict[str, NoticeWay]) -> dict[str, Any]:
    """One notice as a page shows it, in the reader's words."""
    callback = times.work.session.get_one(Callback, int(notice.entry.subject.partition("/")[2]))
    say, page, browser = times.words.say, ways.get(Kind.PAGE), ways.get(Kind.BROWSER)
    company = callback.subscription.company if callback.subscription else say("request.nobody")
    topic = topic_name(times.work.policy, times.words, callback.topic)
    return {
        "id": notice.id,
        "about": notice.about,
        "title": say(f"notice.{notice.about}"),
        "who": " · ".join(part for part in (company, topic, times.window(callback)) if part),
        "to": url_for("console.request", reference=callback.reference),
        "page": page is not None and page.wants(notice.about),
        "sound": page is not None and page.sound,
        "browser": browser is not None and browser.wants(notice.about),
    }


def _write(work: Work, move: str, facts: dict[str, Any]) -> journal.Entry:
    """Who, from where, what; an address only as far as it may be seen."""
    whole = {"agent": me().sign_in, **facts}
    return journal.write(
        work, journal.DESK, move, by_line(me()), facts=whole, personal={"address": address()}
    )
