"""The people of the desk: whether they may be rung, looked at and set."""

from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response as AnyResponse

from callbacks import presence
from callbacks.agent import Agent, Presence, by_sign_in
from callbacks.closed import written
from callbacks.search import is_on_a_dial
from callbacks.work import Work
from console.api.field import choice
from console.api.operation import Asking, send
from console.api.problem import Problem
from console.room import Room

PRESENCE = choice("presence", "Whether they may be rung from now on.", Presence, required=True)


class People:
    """Presence by another program: a telephone system, a rota."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def look(self, asking: Asking) -> AnyResponse:
        """How this person stands now."""
        with self.room.desk.reading() as work:
            return send(_as_resource(work, _the_person(work, asking.sign_in)))

    def be(self, asking: Asking) -> AnyResponse:
        """Make them ready, busy or away; said twice, it is done once."""
        return self.room.desk.do(lambda work: _be(work, asking))


def _be(work: Work, asking: Asking) -> AnyResponse:
    assert asking.token is not None  # noqa: S101 - no act is open to strangers
    person = _the_person(work, asking.sign_in)
    work.held(Agent, person.id)
    presence.change(work, person, Presence(asking.body["presence"]), asking.token.by)
    return send(_as_resource(work, person))


def _the_person(work: Work, sign_in: str) -> Agent:
    person = by_sign_in(work.session, sign_in)
    if person is None:
        raise Problem(HTTPStatus.NOT_FOUND, "Nobody signs in by that name at this desk.")
    return person


def _as_resource(work: Work, person: Agent) -> dict[str, Any]:
    return {
        "agent": person.sign_in,
        "presence": person.presence,
        "since": person.presence_since and written(person.presence_since),
        "has_phone": person.phone is not None,
        "on_shift": person.on_shift(work.hours, work.now),
        "on_a_dial": is_on_a_dial(work.session, person),
    }
