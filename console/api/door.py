"""The way in: who asks, whether it is well asked, and one clear refusal where it is not."""

import json
import logging
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Request, Response, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import DeskError
from callbacks.wording import Words
from callbacks.work import Desk
from console.api.bearer import Paces, bearer
from console.api.field import Faults, Field, read_all
from console.api.operation import Asking, Operation
from console.api.problem import Problem, sentence

LARGEST = 64 * 1024
"""Bytes of a body: ten times the longest note."""

REFERENCE = re.compile("[0-9]{6,12}")
SIGN_IN = re.compile(r"[^\s\x00-\x1f\ud800-\udfff]{1,80}")
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Vary": "Authorization, Accept-Language",
}
log = logging.getLogger(__name__)


class Door:
    """Every operation of one address."""

    def __init__(self, desk: Desk, paces: Paces, here: Iterable[Operation]) -> None:
        self.desk, self.paces = desk, paces
        self.here = {operation.method: operation for operation in here}
        self.name = "_".join(operation.name for operation in self.here.values())
        self.allowed = ", ".join(sorted({*self.here, "OPTIONS", *(["HEAD"] if "GET" in self.here else [])}))

    def enter(self, reference: str = "", sign_in: str = "") -> AnyResponse:
        """Answer this request."""
        if request.method == "OPTIONS":
            return Response(status=204, headers={"Allow": self.allowed})
        operation = self.here.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            detail = f"{request.method[:20]} is not done here; allowed: {self.allowed}."
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, {"Allow": self.allowed})
        return operation.view(self._asking(operation, reference, sign_in))

    def _asking(self, operation: Operation, reference: str, sign_in: str) -> Asking:
        token = bearer(self.desk, self.paces, operation.scope) if operation.scope else None
        _refuse_what_cannot_be_read(operation)
        if operation.is_about_one and not REFERENCE.fullmatch(reference):
            raise Problem(HTTPStatus.NOT_FOUND, "A callback is named by its reference, which has six digits.")
        if operation.is_about_a_person and not SIGN_IN.fullmatch(sign_in):
            raise Problem(HTTPStatus.NOT_FOUND, "Nobody signs in by that name at this desk.")
        query = read_all(operation.query, _sent(operation.query))
        body = {} if operation.body is None else read_all(operation.body, _body(request))
        language = request.accept_languages.best_match(Words.offered(), "en") or "en"
        return Asking(token, reference, query, body, language, sign_in)


def lost(**_rest: str) -> AnyResponse:
    """Nothing is here."""
    raise Problem(HTTPStatus.NOT_FOUND, "Nothing is here: see /api/v1/openapi.json for what there is.")


def _refuse_what_cannot_be_read(operation: Operation) -> None:
    """Who reads no JSON is told so. Sound comes as it was recorded, whatever is asked for."""
    accepts = request.accept_mimetypes
    if operation.gives != "audio" and accepts and not accepts.best_match(["application/json"]):
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "This is answered as application/json only.")


def _sent(fields: Iterable[Field]) -> dict[str, Any]:
    """The query as sent; what came more than once, or may, as all that came."""
    many = {field.name for field in fields if field.many}
    lists = request.args.to_dict(flat=False)
    return {name: tuple(all_) if name in many or len(all_) > 1 else all_[0] for name, all_ in lists.items()}


def _body(asked: Request) -> dict[str, Any]:
    asked.max_content_length = LARGEST
    raw = asked.get_data(cache=False)
    if not raw:
        return {}
    if asked.mimetype != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The body must be a JSON object.")
    return body


def refused(why: Exception) -> Response:
    """Whatever stood in the way, as a problem; what nobody foresaw is logged and told without its inside."""
    return _problem(why).answer()


def dressed(response: AnyResponse) -> AnyResponse:
    """Nothing about people is kept on the way."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _problem(why: Exception) -> Problem:
    return next(say(why) for kind, say in TOLD if isinstance(why, kind))


def _of_faults(why: Faults) -> Problem:
    listed = "; ".join(f"{fault['name']} {fault['detail']}" for fault in why.found[:5])
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{listed}.", errors=why.found)


def _of_http(why: HTTPException) -> Problem:
    code = HTTPStatus(why.code or 500)
    headers = {name: value for name, value in why.get_headers() if name == "Content-Range"}
    return Problem(code, why.description or code.description, headers)


def _of_database(why: OperationalError) -> Problem:
    log.warning("the database did not answer the API: %s", type(why.orig).__name__)
    away = "The desk cannot reach its records just now: try again in a moment."
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, away, {"Retry-After": "5"})


def _of_nobody_knows(why: Exception) -> Problem:
    log.error("the API failed", exc_info=why)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke inside the desk; it is in its log.")


TOLD: tuple[tuple[type[Exception], Callable[[Any], Problem]], ...] = (
    (Problem, lambda why: why),
    (Faults, _of_faults),
    (DeskError, lambda why: Problem(HTTPStatus.CONFLICT, sentence(str(why)))),
    (
        RequestEntityTooLarge,
        lambda _: Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A body has at most {LARGEST} bytes."),
    ),
    (HTTPException, _of_http),
    (OperationalError, _of_database),
    (Exception, _of_nobody_knows),
)
"""What stands in the way, and how it is told; the first that fits."""
