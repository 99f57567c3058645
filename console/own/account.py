"""The account page: a person's own password, and where they are signed in."""

from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from callbacks import sign_in, sign_in_guard, staffing
from callbacks.agent import Agent
from callbacks.work import Work
from console.password_rules import weakness
from console.passwords import LONGEST, SHORTEST, Busy
from console.room import Room, address, me


class Account:
    """What everybody may see and change of themselves."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """The page."""
        return self._render()

    def new_password(self) -> AnyResponse:
        """A new password, for who knows the old one; every other stay ends, for somebody else may hold it."""
        old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
        if weak := weakness(new, (me().sign_in, me().name, self.room.desk.policy.office.name)):
            return self._again(f"password.{weak}")
        if new != again:
            return self._again("password.differs")
        try:
            return self._proved(old, new)
        except Busy:
            return self._again("sign_in.busy", 503)

    def _proved(self, old: str, new: str) -> AnyResponse:
        """The old one is guessed no faster here than where one signs in."""
        tried, wait = self.room.desk.do(self._try)
        if wait:
            return self._again("sign_in.slow", 429, seconds=max(1, round(wait.total_seconds())))
        if not self.room.passwords.is_right(me().password_hash, old):
            self.room.desk.do(
                lambda work: sign_in.failed(work, me().sign_in, address(), True, "old password")
            )
            return self._again("password.old_wrong")
        digest = self.room.passwords.digest(new)
        changed = self.room.desk.do(lambda work: self._changed(work, tried, me().password_hash, digest))
        return self._done("password.changed") if changed else self._again("password.old_wrong")

    def _try(self, work: Work) -> tuple[int, timedelta]:
        wait = sign_in_guard.wait(work, me().sign_in, address())
        return (0, wait) if wait else (sign_in_guard.begin(work, me().sign_in, address()), wait)

    def _changed(self, work: Work, tried: int, old: str, new: str) -> bool:
        """False where somebody gave them another one in this same moment."""
        person = work.held(Agent, me().id)
        if person is None or person.password_hash != old:
            return False
        sign_in_guard.was_right(work, tried)
        staffing.new_password(work, person, new, f"agent:{person.sign_in}", but=current_user.get_id())
        return True

    def leave_there(self, number: int) -> AnyResponse:
        """Out at one browser: a telephone that was lost, a desk that one walked away from."""
        self.room.desk.do(lambda work: sign_in.end_other(work, me(), number, address()))
        return self._done("account.left_there")

    def leave_everywhere(self) -> AnyResponse:
        """Out at every browser, this one too."""
        self.room.desk.do(lambda work: sign_in.end_everywhere(work, me(), address()))
        logout_user()
        session.clear()
        return redirect(url_for("console.sign_in"))

    def _done(self, sentence: str) -> AnyResponse:
        flash(self.room.words().say(sentence))
        return redirect(url_for("console.account"))

    def _again(self, fault: str, code: int = 422, **values: object) -> Response:
        said = self.room.words().say(fault, **{"shortest": SHORTEST, "longest": LONGEST} | values)
        return make_response(self._render(said), code)

    def _render(self, fault: str = "") -> str:
        with self.room.desk.reading() as work:
            here = sign_in.stay(work.session, current_user.get_id(), work.now)
            return render_template(
                "account.html", fault=fault, stays=sign_in.stays(work, me()), here=here.id if here else 0,
                times=self.room.times(work), shortest=SHORTEST,
            )  # fmt: skip
