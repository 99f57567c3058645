"""What every template may use: the sentences, the assets, who is looking; and the pages of refusal."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from callbacks.errors import NotFound
from console.assets import Assets
from console.page import Page
from console.room import Room

REFUSALS = {403: "not_yours", 404: "not_found", 413: "too_large"}


def dress(
    screens: Blueprint,
    room: Room,
    headings: Callable[[], Sequence[Page]],
    section: Callable[[str], Sequence[Sequence[Page]]],
) -> None:
    """Give the templates their words, and what goes wrong a page of its own."""
    assets = Assets()
    screens.add_url_rule("/console/<path:filename>", "static", assets.send)

    @screens.context_processor
    def _words() -> dict[str, Any]:
        words = room.words()
        person = current_user.agent if current_user.is_authenticated else None
        return {"say": words.say, "knows": words.knows, "language": words.language, "me": person,
                "asset": assets.address, "office": room.desk.policy.office.name,
                "headings": headings() if person else [], "section": section}  # fmt: skip

    screens.register_error_handler(NotFound, lambda _gone: _refusal("not_found", 404))
    screens.register_error_handler(CSRFError, lambda _stale: _refusal("stale_form", 400))
    screens.register_error_handler(HTTPException, _of_http)


def _of_http(fault: HTTPException) -> Response:
    """404, 405, 416 and their kin: a machine reads the code, a person the sentence."""
    if fault.code in REFUSALS:
        return _refusal(REFUSALS[fault.code], fault.code)
    return make_response(fault.get_response())


def _refusal(name: str, code: int) -> Response:
    return make_response(render_template("refusal.html", name=name), code)
