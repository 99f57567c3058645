"""The supervisor's wall: how the desk stands, who is there, and what to do next."""

from collections.abc import Iterator

from callbacks.agent import Role
from console.page import Page
from console.room import Room
from console.wall.displays import Displays
from console.wall.wall import Wall

SUPERVISORS = (Role.SUPERVISOR,)
HANG = (Role.SUPERVISOR, Role.ADMINISTRATOR)
"""Who may hang a display on the wall."""


def pages(room: Room) -> Iterator[Page]:
    """The wall, its living part, and the displays that show it."""
    wall, displays = Wall(room), Displays(room)
    yield Page("/wall", "wall", wall.show, roles=SUPERVISORS, heading=True)
    yield Page("/wall/live", "wall_live", wall.live, roles=SUPERVISORS)
    yield Page("/wall/displays", "displays", displays.show, roles=HANG, section="setup")
    yield Page("/wall/displays", "display_add", displays.add, "POST", HANG)
    yield Page("/wall/displays/<int:number>/link", "display_link", displays.link, "POST", HANG)
    yield Page("/wall/displays/<int:number>/revoke", "display_revoke", displays.revoke, "POST", HANG)
