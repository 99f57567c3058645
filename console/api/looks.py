"""Looking: callbacks found, one of them, its journal, its sound."""

from http import HTTPStatus

from werkzeug.wrappers import Response as AnyResponse

from callbacks import journal
from callbacks.callback import Callback
from callbacks.moves import State
from callbacks.promise import LatenessState
from callbacks.search import CURSOR, Place, Wanted, find, search, version
from callbacks.work import Work
from console.api.field import Field, choice, moment, pattern, text, whole
from console.api.operation import Asking, send
from console.api.problem import Problem
from console.api.resource import as_line, as_resources
from console.room import Room
from console.sound import Sound

PAGE = 50
FILTERS: tuple[Field, ...] = (
    choice("state", "In this state; repeat it for any of several.", State, many=True),
    choice(
        "lateness", "Whose promise stands so now; repeat it for any of several.", LatenessState, many=True
    ),
    text("agent", "With the agent who signs in by this name.", 80),
    text("company", "Of the company of exactly this name.", 200),
    moment("received_after", "Received after this moment."),
    whole("limit", "How many on a page.", 1, 200, PAGE),
    pattern(
        "cursor", "Where the page begins: what `next` of the page before said.", CURSOR.pattern, Place.read
    ),
)
PART = whole("part", "Which of several messages, the oldest being 1; without it, the newest.", 1, 1000)


class Looks:
    """What the scope `read` opens."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.sound = Sound(room)

    def search(self, asking: Asking) -> AnyResponse:
        """A page of those wanted, in the order they were received."""
        query = asking.query
        wanted = Wanted(
            states=query.get("state", ()),
            lateness=[LatenessState(state) for state in query.get("lateness", ())],
            agent=query.get("agent"),
            company=query.get("company"),
            received_after=query.get("received_after"),
        )
        with self.room.desk.reading() as work:
            page = search(work, wanted, query.get("cursor"), query.get("limit", PAGE))
            rows = as_resources(work, page.callbacks, asking.language)
        return send({"callbacks": rows, "next": page.next and page.next.cursor()})

    def one(self, asking: Asking) -> AnyResponse:
        """One callback. Its ETag is for If-Match: it changes with what people do, not with time."""
        with self.room.desk.reading() as work:
            callback = the_callback(work, asking.reference)
            return whole_of(work, callback, asking.language)

    def journal(self, asking: Asking) -> AnyResponse:
        """Its journal, oldest line first."""
        with self.room.desk.reading() as work:
            callback = the_callback(work, asking.reference)
            lines = journal.lines(work.session, callback.subject)
            return send({"subject": callback.subject, "lines": [as_line(line) for line in lines]})

    def audio(self, asking: Asking) -> AnyResponse:
        """The message as it was spoken, whole or in ranges."""
        with self.room.desk.reading() as work:
            callback = the_callback(work, asking.reference)
            messages = list(callback.messages)
        part = asking.query.get("part", len(messages))
        if not 0 < part <= len(messages):
            raise Problem(HTTPStatus.NOT_FOUND, f"Callback {asking.reference} has no such message.")
        sound = self.sound.of(messages[part - 1])
        if sound is None:
            gone = "This message is not with the desk: it is still on its way, was lost, or was erased."
            raise Problem(HTTPStatus.NOT_FOUND, gone)
        return sound


def the_callback(work: Work, reference: str) -> Callback:
    """The callback of this reference; 404 where there is none."""
    callback = find(work, reference)
    if callback is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no callback {reference}.")
    return callback


def whole_of(work: Work, callback: Callback, language: str) -> AnyResponse:
    """The resource with the version that an act may be made to depend on."""
    (resource,) = as_resources(work, [callback], language)
    return send(resource, {"ETag": f'"{version(work, callback)}"'})
