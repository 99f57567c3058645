"""Acting once: whatever a key has done is not done again, and nothing is done on a stale look."""

import hashlib
import json
from functools import partial
from http import HTTPStatus

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from callbacks.asked import KeyReused, is_new
from callbacks.callback import Callback
from callbacks.search import version
from callbacks.work import Work
from console.api.acts import Act
from console.api.field import pattern, whole
from console.api.looks import the_callback, whole_of
from console.api.operation import Asking
from console.api.problem import Problem, sentence
from console.room import Room

VERSION = whole(
    "version", "What you saw last: the number in its ETag. Refused with 409 where it moved on.", 0, 2**31 - 1
)
KEY = pattern(
    "Idempotency-Key",
    "A key of your own: sent again within a day, nothing is done twice.",
    "[!-~]{1,200}",
    str,
)
IF_MATCH = pattern(
    "If-Match", "The ETag you saw last. Refused with 412 where it moved on.", r'(\*|"[0-9]{1,9}")', str
)


class Acts:
    """What the scope `act` opens."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def do(self, act: Act, asking: Asking) -> AnyResponse:
        """Make the move, once, and answer with the callback as it then stands."""
        return self.room.desk.do(partial(_once, act=act, asking=asking))


def _once(work: Work, act: Act, asking: Asking) -> AnyResponse:
    assert asking.token is not None  # noqa: S101 - no act is open to strangers
    callback = the_callback(work, asking.reference)
    callback = work.held(Callback, callback.id) or callback
    key = _key()
    if key is None or _is_new(work, act, asking, key):
        _refuse_what_is_stale(work, callback, asking)
        act.make(work, callback, asking.body, asking.token.by)
        work.session.flush()
        work.session.expire(callback, ["agent"])
    return whole_of(work, callback, asking.language)


def _is_new(work: Work, act: Act, asking: Asking, key: str) -> bool:
    assert asking.token is not None  # noqa: S101
    asked = json.dumps([act.name, asking.reference, asking.body], sort_keys=True)
    try:
        return is_new(work, asking.token, key, hashlib.sha256(asked.encode()).hexdigest())
    except KeyReused as reused:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence(str(reused))) from None


def _key() -> str | None:
    key = request.headers.get(KEY.name)
    if key is not None and not (
        0 < len(key) <= 200 and key.isascii() and key.isprintable() and " " not in key
    ):
        wrong = "Idempotency-Key must be 1 to 200 visible ASCII characters."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, wrong)
    return key


def _refuse_what_is_stale(work: Work, callback: Callback, asking: Asking) -> None:
    """Who acts on what they saw is told when somebody was there first."""
    stands = version(work, callback)
    moved_on = (
        f"Callback {callback.reference} has moved on: its version is {stands} now. Look again, then decide."
    )
    if request.headers.get(IF_MATCH.name) and not request.if_match.contains(str(stands)):
        raise Problem(HTTPStatus.PRECONDITION_FAILED, moved_on)
    if asking.body.get("version", stands) != stands:
        raise Problem(HTTPStatus.CONFLICT, moved_on)
