"""Signing in and out."""

from datetime import timedelta

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from callbacks import sign_in, sign_in_guard, staffing
from callbacks.agent import Agent, by_sign_in
from callbacks.work import Work
from console.live import may_be_ready
from console.openid.door import OpenIdDoor
from console.own.browsers import this_browser
from console.passwords import Busy
from console.room import Person, Room, address

Page = AnyResponse | str


class SigningIn:
    """The pages of signing in and out; whatever is wrong with a name or password, the same words are said."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.openid = OpenIdDoor(room, self._form, self._by_openid)

    def person(self, key: str) -> Person | None:
        """Who holds this key now; asked for at every page."""
        agent = self.room.stays.agent(key, may_be_held=may_be_ready())
        return Person(key, agent) if agent else None

    def show(self) -> Page:
        """The form."""
        return redirect(url_for("console.home")) if current_user.is_authenticated else self._form(200)

    def enter(self) -> Page:
        """The form, sent."""
        name, password = _typed("name"), request.form.get("password", "")
        tried, wait = self.room.desk.do(lambda work: self._admit(work, name))
        if wait:
            return self._slow(wait)
        try:
            agent = self._proved(name, password)
        except Busy:
            return self._form(503, "sign_in.busy")
        if agent is None:
            self.room.desk.do(lambda work: sign_in.failed(work, name, address(), self._known(work, name)))
            return self._form(401, "sign_in.wrong")
        self._let_in(agent, tried, password)
        return redirect(safe(request.args.get("next", "")))

    def _by_openid(self, agent: Agent, target: str) -> AnyResponse:
        """In, where the person's organisation has said who they are."""
        key = self.room.desk.do(lambda work: sign_in.begin(work, agent, address(), this_browser(), "openid"))
        _carry(key, agent)
        return redirect(safe(target))

    def leave(self) -> Page:
        """Out: the key is worth nothing any more, wherever a copy of it may be."""
        key = current_user.get_id()
        self.room.desk.do(lambda work: sign_in.end(work, key, address()))
        logout_user()
        session.clear()
        return redirect(url_for("console.sign_in"))

    def _admit(self, work: Work, name: str) -> tuple[int, timedelta]:
        """A try counts before it is judged, so that many at once are counted too."""
        wait = sign_in_guard.wait(work, name, address())
        return (0, wait) if wait else (sign_in_guard.begin(work, name, address()), wait)

    def _proved(self, name: str, password: str) -> Agent | None:
        """The person, if the password is theirs. No transaction is open while it is worked out."""
        with self.room.desk.reading() as work:
            agent = by_sign_in(work.session, name)
        return agent if self.room.passwords.is_right(agent.password_hash if agent else "", password) else None

    def _known(self, work: Work, name: str) -> bool:
        return by_sign_in(work.session, name) is not None

    def _let_in(self, agent: Agent, tried: int, password: str) -> None:
        """Nothing of the session before signing in is carried over."""
        passwords = self.room.passwords
        newer = passwords.digest(password) if passwords.is_dated(agent.password_hash) else None

        def begin(work: Work) -> str:
            sign_in_guard.was_right(work, tried)
            if newer and (held := work.held(Agent, agent.id)):
                held.password_hash = newer
            return sign_in.begin(work, agent, address(), this_browser())

        _carry(self.room.desk.do(begin), agent)

    def _slow(self, wait: timedelta) -> Response:
        seconds = max(1, round(wait.total_seconds()))
        page = self._form(429, "sign_in.slow", seconds=seconds)
        page.headers["Retry-After"] = str(seconds)
        return page

    def _form(self, code: int, fault: str = "", **values: object) -> Response:
        said = self.room.words().say(fault, **values) if fault else ""
        with self.room.desk.reading() as work:
            is_empty = staffing.is_empty(work)
        elsewhere = self.room.place.openid.label if self.room.place.openid else ""
        return make_response(
            render_template(
                "sign_in.html", fault=said, name=_typed("name"), is_empty=is_empty, elsewhere=elsewhere
            ),
            code,
        )


def _carry(key: str, agent: Agent) -> None:
    """The browser holds the key from now on, and nothing of the session before."""
    session.clear()
    session.permanent = True
    login_user(Person(key, agent))


def _typed(field: str) -> str:
    """What was typed, without the one sign that no database keeps."""
    return request.form.get(field, "").replace("\x00", "")[:80]


def safe(target: str) -> str:
    """A page of ours, never another site."""
    ours = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if ours and target.isprintable() else url_for("console.home")
