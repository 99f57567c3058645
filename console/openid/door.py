"""In through one's own organisation: there with a question, back with an answer that is good once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from flask import abort, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbacks import sign_in
from callbacks.agent import Agent, by_sign_in
from console.room import Room, address

if TYPE_CHECKING:
    from console.openid.issuer import Issuer

ASKED = "openid"
"""Where the session keeps what was asked."""
LASTS = timedelta(minutes=15)
"""So long one may take to prove who one is."""
log = logging.getLogger(__name__)

Form = Callable[..., AnyResponse]
LetIn = Callable[[Agent, str], AnyResponse]


class OpenIdDoor:
    """`form` shows the sign-in page with what went wrong, `let_in` begins a stay."""

    def __init__(self, room: Room, form: Form, let_in: LetIn) -> None:
        self.room, self.form, self.let_in = room, form, let_in

    @cached_property
    def issuer(self) -> "Issuer | None":
        """Loaded where there is one: it brings a library that few desks need."""
        told = self.room.place.openid
        if told is None:
            return None
        from console.openid.issuer import Issuer  # noqa: PLC0415

        return Issuer(told, f"{self.room.place.public_url}/sign-in/openid/back")

    def go(self) -> AnyResponse:
        """There, with a question of which this browser alone knows the answer's proof."""
        issuer = self._issuer()
        if current_user.is_authenticated:
            return redirect(url_for("console.home"))
        from console.openid.issuer import Asked, Away  # noqa: PLC0415

        asked, now = Asked.anew(), self.room.desk.clock()
        try:
            there = issuer.address(asked, now)
        except Away as away:
            return self._away(away)
        session[ASKED] = [
            asked.state,
            asked.nonce,
            asked.verifier,
            now.isoformat(),
            request.args.get("next", ""),
        ]
        return redirect(there)

    def back(self) -> AnyResponse:
        """Back. Whatever comes is judged once: the question is forgotten before the answer is looked at."""
        issuer, kept = self._issuer(), session.pop(ASKED, None)
        from console.openid.issuer import Asked, Away, NotProved  # noqa: PLC0415

        now = self.room.desk.clock()
        if not kept or now - datetime.fromisoformat(kept[3]) > LASTS:
            return self.form(400, "openid.stale")
        try:
            name = issuer.who(request.args, Asked(*kept[:3]), now)
        except Away as away:
            return self._away(away)
        except NotProved as wrong:
            log.warning("openid: %s", wrong)
            return self.form(401, "openid.not_proved", who=self._label)
        return self._in(name, kept[4])

    def _in(self, name: str, target: str) -> AnyResponse:
        """Only who is known here; nobody is made by coming."""
        with self.room.desk.reading() as work:
            agent = by_sign_in(work.session, name.replace("\x00", "")[:200])
        if agent is None:
            self.room.desk.do(lambda work: sign_in.failed(work, name, address(), False, "openid"))
            return self.form(403, "openid.unknown", name=name[:80])
        return self.let_in(agent, target)

    def _issuer(self) -> "Issuer":
        if self.issuer is None:
            abort(404)
        return self.issuer

    def _away(self, why: Exception) -> AnyResponse:
        log.warning("openid: the issuer cannot be asked: %s", why)
        return self.form(503, "openid.away", who=self._label)

    @property
    def _label(self) -> str:
        told = self.room.place.openid
        return told.label if told else ""
