"""The JSON API under /api/v1: looking at callbacks and acting on them, for other programs."""

from collections.abc import Callable
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from console.api.bearer import Paces
from console.api.description import description
from console.api.door import Door, dressed, lost, refused
from console.api.operation import Asking, Operation, send
from console.api.resource import BASE
from console.api.table import operations
from console.room import Room

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY")
"""All come through the door, so that what is not done here is refused in the same words as all else."""


def api(room: Room, paces: Paces | None = None) -> Blueprint:
    """Every address of the API, and nothing else under its base."""
    made = Blueprint("api", __name__, url_prefix=BASE)
    known = operations(room)
    paces = paces or Paces.of(room.desk)
    by_path = attrgetter("path")
    for path, here in groupby(sorted((*known, _itself(known)), key=by_path), by_path):
        door = Door(room.desk, paces, here)
        _open(made, path, door.name, door.enter)
    _open(made, "/", "nowhere", lost)
    _open(made, "/<path:rest>", "nowhere_else", lost)
    made.register_error_handler(Exception, refused)
    made.after_request(dressed)
    return made


def _open(made: Blueprint, path: str, name: str, view: Callable[..., AnyResponse]) -> None:
    made.add_url_rule(
        path, name, view, methods=METHODS, provide_automatic_options=False, strict_slashes=False
    )


def _itself(known: tuple[Operation, ...]) -> Operation:
    """The description is open to all: it is the same for every desk and tells of nobody."""

    @cache
    def drawn() -> dict[str, Any]:
        return description(known)

    def show(_asking: Asking) -> AnyResponse:
        return send(drawn())

    return Operation("GET", "/openapi.json", "describe", "This description.", None, show, "description")
