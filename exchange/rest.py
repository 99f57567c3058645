"""Twilio's REST manners: who may ask, how a refusal looks, how a list is paged and narrowed down."""

import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from exchange.box import API, Exchange
from exchange.trouble import Trouble

Plain = dict[str, object]
R = TypeVar("R")


class RefusedError(Exception):
    """A request that Twilio would not take, with its code."""

    def __init__(self, http: int, code: int, message: str) -> None:
        super().__init__(message)
        self.http, self.code, self.message = http, code, message


def guard(app: Flask, exchange: Exchange) -> None:
    """Let only the account in, answer refusals in Twilio's form, and let laid-up trouble happen."""

    @app.before_request
    def may_enter() -> Response | None:
        if not request.path.startswith(f"/{API}/"):
            return None
        known = request.authorization
        named = (known.username or "", known.password or "") if known else ("", "")
        if not (_same(named[0], exchange.account_sid) and _same(named[1], exchange.auth_token)):
            return refusal(401, 20003, "Authenticate")
        trouble = _trouble(exchange)
        if trouble:
            if not trouble.lost:
                return refusal(trouble.http, trouble.code, trouble.message)
            g.trouble = trouble
        return None

    @app.after_request
    def may_leave(answer: Response) -> Response:
        if isinstance(g.get("trouble"), Trouble):
            _break_off()
        return answer

    @app.errorhandler(RefusedError)
    def refused(error: RefusedError) -> Response:
        return refusal(error.http, error.code, error.message)

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> Response:
        code = error.code or 500
        return refusal(code, 20404 if code == HTTPStatus.NOT_FOUND else 20000 + code, error.name)


def _trouble(exchange: Exchange) -> Trouble | None:
    """What a test has laid up, else what the plan draws for requests of this kind."""
    if exchange.troubles:
        return exchange.troubles.popleft()
    return exchange.plan.trouble(f"{request.method} {request.endpoint}") if exchange.plan else None


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _break_off() -> None:
    wire = request.environ.get("werkzeug.socket")
    if wire:
        wire.shutdown(2)


def refusal(http: int, code: int, message: str) -> Response:
    """A refusal in Twilio's form."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    answer = jsonify(code=code, message=message, more_info=more, status=http)
    answer.status_code = http
    if http == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return answer


def not_found(what: str) -> RefusedError:
    return RefusedError(404, 20404, f"The requested resource {what} was not found")


def stamp(moment: datetime | None) -> str | None:
    """A moment as this API writes it (RFC 2822)."""
    return format_datetime(moment.astimezone(UTC)) if moment else None


def page(name: str, found: Sequence[R], shown: Callable[[R], Plain]) -> Response:
    """One page of a list, newest first, with the addresses of the others."""
    size = max(1, min(1000, request.args.get("PageSize", 50, type=int)))
    number = max(0, request.args.get("Page", 0, type=int))
    first = number * size
    part = found[first : first + size]
    more = _page_uri(number + 1, size) if first + size < len(found) else None
    return jsonify(
        {
            name: [shown(one) for one in part],
            "page": number,
            "page_size": size,
            "start": first,
            "end": first + max(0, len(part) - 1),
            "uri": _page_uri(number, size),
            "first_page_uri": _page_uri(0, size),
            "next_page_uri": more,
            "previous_page_uri": _page_uri(number - 1, size) if number else None,
        }
    )


def _page_uri(number: int, size: int) -> str:
    kept = {k: v for k, v in request.args.items() if k not in ("Page", "PageSize", "PageToken")}
    return f"{request.path}?{urlencode(kept | {'PageSize': size, 'Page': number})}"


def on_time(name: str, moment: datetime | None) -> bool:
    """Whether a moment passes the request's filters of this name: on a day, or before or after a moment."""
    for sign in ("", "<", ">"):
        asked = request.args.get(name + sign)
        if asked and not _passes(sign, moment, asked):
            return False
    return True


def _passes(sign: str, moment: datetime | None, asked: str) -> bool:
    try:
        limit = datetime.fromisoformat(asked)
    except ValueError as error:
        raise RefusedError(400, 20001, f"{asked} is not a date") from error
    limit = limit if limit.tzinfo else limit.replace(tzinfo=UTC)
    if moment is None:
        return False
    if sign == "<":
        return moment <= limit
    if sign == ">":
        return moment >= limit
    return limit <= moment < limit + timedelta(days=1)


def same(name: str, value: str | None) -> bool:
    """Whether a value passes the request's filter of this name."""
    asked = request.args.get(name)
    return not asked or asked == value
