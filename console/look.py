"""What every template may use: the sentences, the assets, who is looking; and the pages of refusal."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from callbacks.errors import NotFound
from console.page import Page
from console.room import Room

REFUSALS = {403: "not_yours", 404: "not_found", 413: "too_large"}
LOOKS = Path(__file__).parent / "static"


def dress(
    screens: Blueprint,
    room: Room,
    headings: Callable[[], Sequence[Page]],
    section: Callable[[str], Sequence[Sequence[Page]]],
) -> None:
    """Give the templates their words, and what goes wrong a page of its own."""
    files = {path.relative_to(LOOKS).as_posix(): path for path in LOOKS.rglob("*") if path.is_file()}
    marks = {name: sha256(path.read_bytes()).hexdigest()[:10] for name, path in files.items()}

    def asset(name: str) -> str:
        """The address of a file of the look; it changes when the file does."""
        return url_for("console.static", filename=name, v=marks[name])

    @screens.context_processor
    def _words() -> dict[str, Any]:
        words = room.words()
        person = current_user.agent if current_user.is_authenticated else None
        return {"say": words.say, "knows": words.knows, "language": words.language, "me": person,
                "asset": asset, "office": room.desk.policy.office.name,
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
