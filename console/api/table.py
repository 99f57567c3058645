"""Everything the API can be asked, on one screen."""

from functools import partial

from callbacks.token import Scope
from console.api.acting import IF_MATCH, KEY, VERSION, Acts
from console.api.acts import ACTS, Act
from console.api.looks import FILTERS, PART, Looks
from console.api.operation import Operation
from console.api.people import PRESENCE, People
from console.room import Room

ONE = "/callbacks/<reference>"
THEIRS = "/agents/<sign_in>/presence"


def operations(room: Room) -> tuple[Operation, ...]:
    """Every operation there is; routes, checks and the description are made from these."""
    looks, acts, people = Looks(room), Acts(room), People(room)
    look = partial(Operation, "GET", scope=Scope.READ)
    return (
        look("/callbacks", "search", "Search the callbacks, in the order received.", view=looks.search,
             gives="page", query=FILTERS),
        look(ONE, "look", "Look at one callback.", view=looks.one, gives="callback"),
        look(f"{ONE}/journal", "journal", "Read all that happened to it.", view=looks.journal,
             gives="journal"),
        look(f"{ONE}/audio", "listen", "Hear its message; ranges are served.", view=looks.audio,
             gives="audio", query=(PART,), may=(416,)),
        *(_act(acts, act) for act in ACTS.values()),
        look(THEIRS, "presence", "See whether somebody may be rung.", view=people.look, gives="presence"),
        Operation("POST", THEIRS, "be", "Make somebody ready, busy or away; who goes away lets go of theirs.",
                  Scope.ACT, people.be, "presence", body=(PRESENCE,), may=(413, 415)),
    )  # fmt: skip


def _act(acts: Acts, act: Act) -> Operation:
    return Operation(
        "POST", f"{ONE}/{act.name}", act.name, act.says, Scope.ACT, partial(acts.do, act), "callback",
        body=(*act.fields, VERSION), headers=(KEY, IF_MATCH), may=(409, 412, 413, 415),
    )  # fmt: skip
