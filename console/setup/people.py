"""People: who works at the desk, what they take, when they are there, how they are let in."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import flash, make_response, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from callbacks import presence, staffing
from callbacks.agent import Agent, Role
from callbacks.amending import Overtaken
from callbacks.errors import DeskError, NotFound, Refused, Sentence
from callbacks.work import Work
from console.page import ADMINISTRATORS, Page
from console.passwords import new_password
from console.room import Room
from console.setup.hand import by_me, page, said, typed
from console.setup.overtaking import who_was_first
from console.setup.person_form import Form, digest, filled, languages, mark, sent
from console.setup.week import week

TO = "/setup/people"
ONE = f"{TO}/<int(max=2147483647):key>"


def pages(room: Room) -> Iterator[Page]:
    """The list, a new one, and one with what may be done."""
    view = People(room)
    yield Page(TO, "people", view.show, roles=ADMINISTRATORS, section="setup")
    yield Page(f"{TO}/new", "person_new", view.new, roles=ADMINISTRATORS)
    yield Page(f"{TO}/new", "person_add", view.add, "POST", ADMINISTRATORS)
    yield Page(ONE, "person", view.one, roles=ADMINISTRATORS)
    yield Page(ONE, "person_change", view.change, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/code", "person_code", view.code, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/password", "person_password", view.password, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/leave", "person_leave", view.leave, "POST", ADMINISTRATORS)


class People:
    """The pages of people."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """Everybody who is here, by name."""
        with self.room.desk.reading() as work:
            here = select(Agent).where(Agent.left_at.is_(None))
            people = sorted(work.session.scalars(here), key=lambda each: (each.name.casefold(), each.id))
            weeks = {each.id: week(each.shifts, work.hours) for each in people}
            return page(self.room, "setup/people.html", people=people, weeks=weeks)

    def new(self) -> str:
        """The form of a new one."""
        with self.room.desk.reading() as work:
            first = languages(work.policy)[:1]
            start = {"roles": [Role.AGENT], "level": "1", "languages": first, "topics": [], "shifts": {}}
            return self._form(work, "setup/person_new.html", start)

    def add(self) -> AnyResponse:
        """They may sign in from now on; the password is shown with the answer, and never again."""
        form = Form(self.room.desk.policy, sent()).read()
        try:
            name = form.sign_in()
        except Refused as refused:
            form.faults["sign_in"] = refused
        if form.faults:
            return self._new_again(form)
        password = new_password()
        person = Agent(sign_in=name, password_hash=self.room.passwords.digest(password), **form.kept)
        try:
            self.room.desk.do(lambda work: staffing.join(work, person, by_me()))
        except Refused as refused:
            about = "phone" if getattr(refused.args[0], "name", "") == "phone_taken" else "sign_in"
            form.faults[about] = refused
            return self._new_again(form)
        return self._shown_once("password", person, password)

    def one(self, key: int) -> str:
        """The page of one."""
        return self._page(key)

    def change(self, key: int) -> AnyResponse:
        """As typed. What was typed is shown again, whatever stands in the way."""
        form = Form(self.room.desk.policy, sent()).read()
        if form.faults:
            return make_response(self._page(key, form=form), 400)
        try:
            self.room.desk.do(lambda work: self._change(work, key, form))
        except Overtaken:
            return make_response(self._page(key, form=form, overtaken=True), 409)
        except Refused as refused:
            return make_response(self._page(key, form=form, fault=said(self.room.words(), refused)), 409)
        flash(self.room.words().say("person.changed"))
        return redirect(url_for("console.person", key=key))

    def code(self, key: int) -> AnyResponse:
        """The code by which their own phone lets them be ready or away; the one before opens nothing."""

        def make(work: Work) -> tuple[Agent, str]:
            person = _held(work, key)
            _refuse_twice(digest(person.phone_code or ""))
            if not person.phone:
                raise Refused(
                    Sentence("code_without_phone", "they have no phone: write one first, and save it")
                )
            return person, presence.new_code(work, person, by_me())

        return self._give("code", key, make)

    def password(self, key: int) -> AnyResponse:
        """The one before opens nothing, nor does any stay that it opened."""
        fresh = new_password()
        hashed = self.room.passwords.digest(fresh)

        def make(work: Work) -> tuple[Agent, str]:
            person = _held(work, key)
            _refuse_twice(digest(person.password_hash))
            staffing.new_password(work, person, hashed, by_me())
            return person, fresh

        return self._give("password", key, make)

    def leave(self, key: int) -> AnyResponse:
        """Gone for good; what they had is back in the queue."""
        if typed("sure") != "yes":
            return make_response(self._page(key, fault=self.room.words().say("person.say_sure")), 400)
        try:
            self.room.desk.do(lambda work: staffing.leave(work, _held(work, key), by_me()))
        except Refused as refused:
            return make_response(self._page(key, fault=said(self.room.words(), refused)), 409)
        flash(self.room.words().say("person.left"))
        return redirect(url_for("console.people"))

    def _change(self, work: Work, key: int, form: Form) -> None:
        person = _held(work, key)
        if mark(person) != typed("seen"):
            raise Overtaken(
                Sentence("overtaken", "somebody else changed it meanwhile; look again, then decide")
            )
        staffing.change(work, person, form.kept, by_me())

    def _give(self, what: str, key: int, make: Callable[[Work], tuple[Agent, str]]) -> AnyResponse:
        try:
            person, shown = self.room.desk.do(make)
        except Refused as refused:
            flash(said(self.room.words(), refused), "fault")
            return redirect(url_for("console.person", key=key))
        return self._shown_once(what, person, shown)

    def _shown_once(self, what: str, person: Agent, shown: str) -> AnyResponse:
        back = url_for("console.person", key=person.id)
        return make_response(
            page(self.room, "setup/person_once.html", what=what, person=person, shown=shown, back=back)
        )

    def _page(self, key: int, *, form: Form | None = None, fault: str = "", overtaken: bool = False) -> str:
        with self.room.desk.reading() as work:
            person = work.session.get(Agent, key)
            if person is None or person.left_at is not None:
                raise NotFound(f"nobody here has the number {key}")
            if overtaken:
                fault = who_was_first(self.room, work, person.sign_in, "agent")
            return self._form(
                work, "setup/person.html", form.typed if form else filled(person), form,
                person=person, fault=fault, now=filled(person) if overtaken else {},
                seen=typed("seen") if form and not overtaken else mark(person),
                code_mark=digest(person.phone_code or ""), password_mark=digest(person.password_hash),
                week=week(person.shifts, work.hours), times=self.room.times(work),
            )  # fmt: skip

    def _new_again(self, form: Form) -> AnyResponse:
        with self.room.desk.reading() as work:
            return make_response(self._form(work, "setup/person_new.html", form.typed, form), 400)

    def _form(
        self, work: Work, template: str, fields: dict[str, Any], form: Form | None = None, **facts: Any
    ) -> str:
        faults: dict[str, DeskError] = form.faults if form else {}
        return page(
            self.room, template, typed=fields, roles=list(Role), known=languages(work.policy),
            faults={name: said(self.room.words(), fault) for name, fault in faults.items()},
            **facts,
        )  # fmt: skip


def _held(work: Work, key: int) -> Agent:
    person = work.held(Agent, key)
    if person is None or person.left_at is not None:
        raise NotFound(f"nobody here has the number {key}")
    return person


def _refuse_twice(standing: str) -> None:
    """A form that is sent twice makes one: what it made can only be made anew."""
    if typed("seen") != standing:
        raise Refused(
            Sentence("made_already", "this was made already, and cannot be shown again; make another")
        )
