"""Tokens: the keys of other programs, made, shown once, shut out."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks import token
from callbacks.errors import Refused
from callbacks.token import Scope
from console.page import ADMINISTRATORS, Page
from console.room import Room
from console.setup.hand import by_me, page, said, typed

TO = "/setup/tokens"


def pages(room: Room) -> Iterator[Page]:
    """The list, with the form of a new one above it."""
    view = Tokens(room)
    yield Page(TO, "tokens", view.show, roles=ADMINISTRATORS, section="setup")
    yield Page(TO, "token_add", view.add, "POST", ADMINISTRATORS)
    yield Page(f"{TO}/revoke", "token_revoke", view.revoke, "POST", ADMINISTRATORS)


class Tokens:
    """The page of tokens."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def show(self) -> str:
        """Every token there is or was; those that hold first."""
        return self._page({"name": "", "scopes": [Scope.READ]})

    def add(self) -> AnyResponse:
        """Made, and shown with the answer. No name is given twice, so a form sent twice makes one."""
        scopes = [scope for scope in Scope if scope in request.form.getlist("scopes")]
        name = typed("name").strip()
        try:
            shown = self.room.desk.do(lambda work: token.make(work, name, scopes, by_me()))
        except Refused as refused:
            about = "scopes" if getattr(refused.args[0], "name", "") == "token_scope" else "name"
            faults = {about: said(self.room.words(), refused)}
            return make_response(self._page({"name": name, "scopes": scopes}, faults), 400)
        back = url_for("console.tokens")
        return make_response(page(self.room, "setup/token_once.html", name=name, shown=shown, back=back))

    def revoke(self) -> AnyResponse:
        """It opens nothing any more."""
        name = typed("name")
        self.room.desk.do(lambda work: token.revoke(work, name, by_me()))
        flash(self.room.words().say("token.is_revoked"))
        return redirect(url_for("console.tokens"))

    def _page(self, fields: Mapping[str, Any], faults: Mapping[str, str] | None = None) -> str:
        with self.room.desk.reading() as work:
            known = sorted(token.listed(work.session), key=lambda each: each.revoked_at is not None)
            return page(
                self.room, "setup/tokens.html", tokens=known, scopes=list(Scope), typed=fields,
                faults=faults or {}, times=self.room.times(work),
            )  # fmt: skip
