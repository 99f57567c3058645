"""The supervisor's wall: how the desk stands, who is there, and what to do next."""

from collections.abc import Iterator

from callbacks.agent import Role
from console.page import Page
from console.room import Room
from console.wall.wall import Wall

SUPERVISORS = (Role.SUPERVISOR,)


def pages(room: Room) -> Iterator[Page]:
    """The wall, and its living part."""
    wall = Wall(room)
    yield Page("/wall", "wall", wall.show, roles=SUPERVISORS, heading=True)
    yield Page("/wall/live", "wall_live", wall.live, roles=SUPERVISORS)
