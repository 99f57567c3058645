"""Acting: what a program may do with one callback, each a move of the core's, once for each key."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from callbacks import agent as agents
from callbacks.asked import KeyReused, is_new
from callbacks.callback import Callback
from callbacks.errors import Refused
from callbacks.moves import Disposition
from callbacks.search import version
from callbacks.work import Work
from console.api.field import Field, choice, pattern, text, whole
from console.api.looks import the_callback, whole_of
from console.api.operation import Asking
from console.api.problem import Problem, sentence
from console.buttons import LONGEST_NOTE, dispositions
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
RESULTS = ("answered", "busy", "no_answer")

Do = Callable[[Work, Callback, Mapping[str, Any], str], None]


@dataclass(frozen=True)
class Act:
    """`do` makes the move; what it refuses is told with 409."""

    name: str
    says: str
    do: Do
    fields: tuple[Field, ...] = ()


def _assign(work: Work, callback: Callback, body: Mapping[str, Any], by: str) -> None:
    agent = agents.by_sign_in(work.session, body["agent"])
    if agent is None:
        raise Refused("nobody signs in by that name at this desk")
    callback.assign(work, agent, by)


def _wrap_up(work: Work, callback: Callback, body: Mapping[str, Any], by: str) -> None:
    disposition = Disposition(body["disposition"])
    if disposition not in dispositions(callback):
        fitting = ", ".join(dispositions(callback))
        raise Refused(f"callback {callback.reference} cannot end as {disposition}; it may as {fitting}")
    callback.close(work, disposition, by)
    if "note" in body:
        callback.note(work, body["note"], by)


ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act(
            "assign", "Give it to an agent.", _assign,
            (text("agent", "The name the agent signs in by.", 80, required=True),),
        ),
        Act(
            "release", "Put it back into the queue, in its old place.",
            lambda work, callback, _, by: callback.release(work, by),
        ),
        Act(
            "note", "Add a note to its journal.",
            lambda work, callback, body, by: callback.note(work, body["text"], by),
            (text("text", "What is to be known.", LONGEST_NOTE, required=True),),
        ),
        Act(
            "rang", "Say that the customer's phone rang: this keeps the promise, or shows it broken.",
            lambda work, callback, body, by: callback.rang(work, by, body["result"]),
            (choice("result", "What came of it.", RESULTS, required=True),),
        ),
        Act(
            "reached", "Say that somebody talked with the customer.",
            lambda work, callback, _, by: callback.reached(work, by),
        ),
        Act(
            "wrap-up", "Close it with its outcome.", _wrap_up,
            (
                choice("disposition", "How it ended.", Disposition, required=True),
                text("note", "What is to be known.", LONGEST_NOTE),
            ),
        ),
    )
}  # fmt: skip


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
        act.do(work, callback, asking.body, asking.token.by)
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
