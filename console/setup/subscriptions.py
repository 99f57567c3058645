"""Subscriptions: who may call; found, taken up, changed, suspended."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import amending, subscribers, subscribing
from callbacks.amending import Overtaken
from callbacks.errors import Refused
from callbacks.extension_code import Given
from callbacks.subscribers import Wanted
from callbacks.subscription import Plan, Standing, Subscription
from callbacks.terms import Reading, Terms
from callbacks.work import Work
from console.page import ADMINISTRATORS, Page
from console.room import Room
from console.setup.codes import shown_once
from console.setup.hand import by_field, by_me, page, said, typed
from console.setup.overtaking import who_was_first
from console.setup.terms_form import filled, typed_terms

MOST = 2_147_483_647
ONE = f"/setup/subscriptions/<int(max={MOST}):key>"


def pages(room: Room) -> Iterator[Page]:
    """The list, a new one, and one with what may be done to it."""
    view = Subscriptions(room)
    to = "/setup/subscriptions"
    yield Page(to, "subscriptions", view.show, roles=ADMINISTRATORS, section="setup")
    yield Page(f"{to}/new", "subscription_new", view.new, roles=ADMINISTRATORS)
    yield Page(f"{to}/new", "subscription_add", view.add, "POST", ADMINISTRATORS)
    yield Page(ONE, "subscription", view.one, roles=ADMINISTRATORS)
    yield Page(ONE, "subscription_change", view.change, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/suspend", "subscription_suspend", view.suspend, "POST", ADMINISTRATORS)
    yield Page(f"{ONE}/resume", "subscription_resume", view.resume, "POST", ADMINISTRATORS)


class Subscriptions:
    """The pages of subscriptions."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """The list, as it is asked for in the address."""
        wanted = _wanted(request.args)
        with self.room.desk.reading() as work:
            found = subscribers.look(work, wanted)
            return page(
                self.room, "setup/subscriptions.html", found=found, wanted=wanted,
                today=subscribing.today(work), plans=list(Plan), standings=list(Standing),
                there_are=found.count or _there_are(work),
            )  # fmt: skip

    def new(self) -> str:
        """The form of a new one."""
        with self.room.desk.reading() as work:
            start = {"plan": Plan.PREMIUM.value, "from": subscribing.today(work).isoformat()}
        return self._form("setup/subscription_new.html", start)

    def add(self) -> AnyResponse:
        """Take a company up; its first code is shown with the answer, and never again."""
        terms, faults = Reading(self.room.desk.policy).terms(typed_terms())
        if terms is None:
            return self._again("setup/subscription_new.html", by_field(self.room.words(), faults))

        def take_up(work: Work) -> tuple[Given, int]:
            given = subscribing.add(work, terms, by_me())
            added = subscribing.named(work.session, terms.company)
            return given, added.id

        try:
            given, key = self.room.desk.do(take_up)
        except Refused as refused:
            return self._again("setup/subscription_new.html", {"company": said(self.room.words(), refused)})
        return shown_once(self.room, given, url_for("console.subscription", key=key))

    def one(self, key: int) -> str:
        """The page of one."""
        return self._page(key)

    def change(self, key: int) -> AnyResponse:
        """Its terms, as typed. What was typed is shown again, whatever stands in the way."""
        with self.room.desk.reading() as work:
            state = amending.fields(amending.terms_of(subscribers.known(work.session, key)))["state"]
        terms, faults = Reading(self.room.desk.policy).terms({**typed_terms(), "state": state})
        if terms is None:
            return make_response(self._page(key, faults=by_field(self.room.words(), faults)), 400)
        try:
            changed = self.room.desk.do(lambda work: self._amend(work, key, terms))
        except Overtaken:
            return make_response(self._page(key, overtaken=True), 409)
        except Refused as refused:
            faults_said = {"company": said(self.room.words(), refused)}
            return make_response(self._page(key, faults=faults_said), 409)
        flash(self.room.words().say("subscription.changed" if changed else "subscription.as_it_was"))
        return redirect(url_for("console.subscription", key=key))

    def suspend(self, key: int) -> AnyResponse:
        """From now on its callers are sent to Sales."""
        return self._suspend(key, lift=False)

    def resume(self, key: int) -> AnyResponse:
        """It holds again."""
        return self._suspend(key, lift=True)

    def _suspend(self, key: int, *, lift: bool) -> AnyResponse:
        def act(work: Work) -> None:
            subscribing.suspend(work, subscribers.known(work.session, key).company, by_me(), lift=lift)

        try:
            self.room.desk.do(act)
        except Refused as refused:
            return make_response(self._page(key, fault=said(self.room.words(), refused)), 409)
        flash(self.room.words().say("subscription.resumed" if lift else "subscription.suspended"))
        return redirect(url_for("console.subscription", key=key))

    def _amend(self, work: Work, key: int, terms: Terms) -> Mapping[str, list[str]]:
        held = work.held(Subscription, key) or subscribers.known(work.session, key)
        return amending.amend(work, held, terms, typed("seen"), by_me())

    def _page(
        self, key: int, *, faults: Mapping[str, str] | None = None, fault: str = "", overtaken: bool = False
    ) -> str:
        with self.room.desk.reading() as work:
            subscription = subscribers.known(work.session, key)
            now = amending.fields(amending.terms_of(subscription))
            sent = typed_terms() if faults or overtaken else now
            if overtaken:
                fault = who_was_first(self.room, work, subscription.company)
            return page(
                self.room, "setup/subscription.html", subscription=subscription,
                fault=fault, faults=faults or {}, typed=filled(sent),
                now=now if overtaken else {}, times=self.room.times(work),
                seen=typed("seen") if faults else amending.mark(amending.terms_of(subscription)),
                standing=subscription.standing(subscribing.today(work)), plans=list(Plan),
                offered=work.policy.languages.offered, uses=subscribers.codes_of(work, subscription),
                wrong=subscribers.wrong_tries(work, subscription),
                requests=subscribers.requests_of(work, subscription, _shown()),
                asked=subscribers.how_many_requests(work, subscription),
            )  # fmt: skip

    def _form(self, template: str, fields: Mapping[str, str], **more: Any) -> str:
        offered = self.room.desk.policy.languages.offered
        facts = {"faults": {}, "plans": list(Plan), "offered": offered, **more}
        return page(self.room, template, typed=filled(fields), **facts)

    def _again(self, template: str, faults: Mapping[str, str]) -> Response:
        return make_response(self._form(template, typed_terms(), faults=faults), 400)


def _wanted(asked: Mapping[str, str]) -> Wanted:
    """What the address asks for; what it cannot mean is not asked about."""
    page = asked.get("page", "1")
    return Wanted(
        words=asked.get("q", "").replace("\x00", "")[:200].strip(),
        plan=next((plan for plan in Plan if plan == asked.get("plan")), None),
        standing=next((each for each in Standing if each == asked.get("state")), None),
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1,
    )


def _shown() -> int:
    """How many requests the address asks to see."""
    return subscribers.MOST if request.args.get("requests") == "all" else subscribers.LAST


def _there_are(work: Work) -> int:
    return subscribers.look(work, Wanted()).count
