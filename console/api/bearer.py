"""Who asks: the bearer of a token, known by it alone."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import request
from werkzeug.datastructures import WWWAuthenticate

from callbacks import token
from callbacks.token import Scope, Token
from callbacks.work import Desk
from console.api.pace import Pace
from console.api.problem import Problem
from console.room import address


@dataclass(frozen=True)
class Paces:
    """How fast each token may ask, and how fast an address without a good one."""

    token: Pace
    stranger: Pace

    @classmethod
    def of(cls, desk: Desk) -> "Paces":
        """What ships: ten a second from each token, and a failure every two seconds from an address."""
        return cls(Pace(120, 10, desk.clock), Pace(30, 0.5, desk.clock))


def bearer(desk: Desk, paces: Paces, scope: Scope) -> Token:
    """The token of this request, where it is good and may do this."""
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    with desk.reading() as work:
        known = token.find(work.session, shown.strip()) if kind.lower() == "bearer" else None
        noted = known is not None and token.is_noted(known, work.now)
    if known is None:
        raise _stranger(paces, bool(shown))
    _in_time(paces.token, known.by)
    if not known.may(scope):
        headers = _challenge(error="insufficient_scope", scope=scope.value)
        raise Problem(HTTPStatus.FORBIDDEN, f"This token has not the scope {scope.value}.", headers)
    if not noted:
        desk.do(lambda work: token.used(work, known))
    return known


def _stranger(paces: Paces, showed_one: bool) -> Problem:
    _in_time(paces.stranger, address())
    if showed_one:
        wrong = "This token is not known, or was revoked."
        return Problem(HTTPStatus.UNAUTHORIZED, wrong, _challenge(error="invalid_token"))
    return Problem(HTTPStatus.UNAUTHORIZED, "Send a token: Authorization: Bearer rb_…", _challenge())


def _in_time(pace: Pace, asker: str) -> None:
    if wait := pace.wait(asker):
        detail = f"Too many requests: wait {wait} s."
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, {"Retry-After": str(wait)})


def _challenge(**why: str) -> dict[str, str]:
    return {"WWW-Authenticate": WWWAuthenticate("bearer", {"realm": "ringback", **why}).to_header()}
