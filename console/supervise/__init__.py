"""What supervisors do: with one request, with several at once, and with a day on which the office closes."""

from collections.abc import Iterator

from callbacks.agent import Role
from console.page import Page
from console.request_page import RequestPage
from console.room import Room
from console.supervise.closing import Closing
from console.supervise.one import Supervising
from console.supervise.several import Several

SUPERVISORS = (Role.SUPERVISOR,)


def pages(room: Room) -> Iterator[Page]:
    """None of them is an agent's."""
    one, several, closing = Supervising(room, RequestPage(room)), Several(room), Closing(room)
    yield Page("/requests/<reference>/supervise/<name>", "supervise", one.act, "POST", SUPERVISORS)
    yield Page("/wall/move", "several", several.show, roles=SUPERVISORS)
    yield Page("/wall/move", "move_several", several.move, "POST", SUPERVISORS)
    yield Page("/wall/close", "close_day", closing.show, roles=SUPERVISORS)
    yield Page("/wall/close", "do_close_day", closing.close, "POST", SUPERVISORS)
