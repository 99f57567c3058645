"""Extension codes: made, replaced, ended; each shown with the answer that made it, and never again."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import flash, make_response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import amending, subscribers, subscribing
from callbacks.errors import Refused, Sentence
from callbacks.extension_code import ExtensionCode, Given
from callbacks.terms import Reading, Unread
from callbacks.work import Work
from console.page import ADMINISTRATORS, Page
from console.room import Room
from console.setup.hand import by_me, page, said, typed

GRACES = {
    "0": timedelta(0),
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
"""How long the old code still opens the line."""

MOST = 2_147_483_647
OF = f"/setup/subscriptions/<int(max={MOST}):key>/codes"
ONE = f"{OF}/<int(max={MOST}):number>"


def pages(room: Room) -> Iterator[Page]:
    """What may be done to a subscription's codes."""
    view = Codes(room)
    yield Page(OF, "code_add", view.add, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/replace", "code_replace", view.replace, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/suspend", "code_suspend", view.suspend, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/resume", "code_resume", view.resume, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/revoke", "code_revoke", view.revoke, "POST", ADMINISTRATORS)


def shown_once(room: Room, given: Given, back: str) -> AnyResponse:
    """The page with the code on it: the answer to a form, so in no address; kept by no browser or cache."""
    support = room.desk.policy.numbers.support
    shown = page(room, "setup/code.html", given=given, back=back, support=support.written())
    response = make_response(shown)
    response.headers["Cache-Control"] = "no-store"
    return response


class Codes:
    """The buttons beside a subscription's codes."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def add(self, key: int) -> AnyResponse:
        """One more, under a label of its own."""
        return self._give(key, lambda work: self._one_more(work, key))

    def replace(self, key: int, number: int) -> AnyResponse:
        """A new one in place of this one."""
        grace = GRACES.get(typed("grace"), timedelta(0))
        return self._give(key, lambda work: amending.replace(work, _held(work, key, number), by_me(), grace))

    def revoke(self, key: int, number: int) -> AnyResponse:
        """It opens nothing any more."""
        return self._change(
            key, "revoked", lambda work: amending.revoke(work, _held(work, key, number), by_me())
        )

    def suspend(self, key: int, number: int) -> AnyResponse:
        """It opens nothing until it is taken up again."""
        return self._suspend(key, number, lift=False)

    def resume(self, key: int, number: int) -> AnyResponse:
        """It opens the line again."""
        return self._suspend(key, number, lift=True)

    def _suspend(self, key: int, number: int, *, lift: bool) -> AnyResponse:
        def act(work: Work) -> None:
            amending.suspend_code(work, _held(work, key, number), by_me(), lift=lift)

        return self._change(key, "resumed" if lift else "suspended", act)

    def _change(self, key: int, what: str, act: Callable[[Work], None]) -> AnyResponse:
        try:
            self.room.desk.do(act)
        except Refused as refused:
            return self._refused(key, refused)
        flash(self.room.words().say(f"code.{what}"))
        return redirect(url_for("console.subscription", key=key))

    def _one_more(self, work: Work, key: int) -> Given:
        company = subscribers.known(work.session, key).company
        try:
            label = Reading(work.policy).label(typed("label"))
        except Unread as unread:
            raise Refused(unread.sentence) from unread
        if not label:
            raise Refused(Sentence("no_label", "say by a label whose code it is, like Milan office"))
        return subscribing.one_more(work, company, by_me(), label)

    def _give(self, key: int, make: Callable[[Work], Given]) -> AnyResponse:
        try:
            given = self.room.desk.do(make)
        except Refused as refused:
            return self._refused(key, refused)
        return shown_once(self.room, given, url_for("console.subscription", key=key))

    def _refused(self, key: int, refused: Refused) -> AnyResponse:
        """Back on the subscription's page, with the reason."""
        flash(said(self.room.words(), refused), "fault")
        return redirect(url_for("console.subscription", key=key))


def _held(work: Work, key: int, number: int) -> ExtensionCode:
    return amending.held_code(work, subscribers.known(work.session, key), number)
