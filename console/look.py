"""What every template may use: the sentences, the assets, who is looking; and the pages of refusal."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from werkzeug.exceptions import HTTPException

from callbacks.errors import NotFound
from console import headers
from console.assets import Assets
from console.page import Page
from console.room import Room
from console.topics import topic_names

REFUSALS = {403: "not_yours", 404: "not_found", 413: "too_large"}
TROUBLE, AWAY = 500, 503


def dress(
    screens: Blueprint,
    room: Room,
    headings: Callable[[], Sequence[Page]],
    section: Callable[[str], Sequence[Sequence[Page]]],
) -> None:
    """Give the templates their words, and what goes wrong a page of its own."""
    assets = Assets()
    screens.add_url_rule("/console/<path:filename>", "static", assets.send)

    @screens.app_context_processor
    def _words() -> dict[str, Any]:
        words = room.words()
        person = current_user.agent if current_user.is_authenticated else None
        return {"say": words.say, "knows": words.knows, "language": words.language, "me": person,
                "asset": assets.address, "topics": partial(topic_names, room.desk.policy, words),
                "office": room.desk.policy.office.name,
                "headings": headings() if person else [], "section": section}  # fmt: skip

    screens.register_error_handler(NotFound, lambda _gone: _refusal("not_found", 404))
    screens.register_error_handler(CSRFError, lambda _stale: _refusal("stale_form", 400))
    screens.register_error_handler(HTTPException, _of_http)

    @screens.app_errorhandler(HTTPException)
    def _nowhere(fault: HTTPException) -> Response:
        """An address that is nobody's; what the carrier, programs and machines ask answers for itself."""
        if request.blueprint is None and fault.code == 404:
            return headers.put_on(_refusal("not_found", 404), room.over_https)
        return make_response(fault.get_response())


def _of_http(fault: HTTPException) -> Response:
    """404, 405, 416 and their kin: a machine reads the code, a person the sentence."""
    if fault.code in REFUSALS:
        return _refusal(REFUSALS[fault.code], fault.code)
    if fault.code == TROUBLE and not (request.endpoint or "").endswith(("_live", ".events")):
        return _trouble(getattr(fault, "original_exception", None))
    return make_response(fault.get_response())


def _trouble(why: BaseException | None) -> Response:
    """Something broke; who is looking is not asked, since that may be what cannot be told."""
    g._login_user = AnonymousUserMixin()
    is_away = isinstance(why, OperationalError | NoneFree)
    return _refusal("away", AWAY) if is_away else _refusal("trouble", TROUBLE)


def _refusal(name: str, code: int) -> Response:
    return make_response(render_template("refusal.html", name=name), code)
