"""The supervisor's figures: what was late and why, and what the desk's promises come to."""

from collections.abc import Iterator

from callbacks.agent import Role
from console.figures.figures_page import FiguresPage
from console.figures.lateness_page import LatenessPage
from console.page import Page
from console.room import Room

SUPERVISORS = (Role.SUPERVISOR,)


def pages(room: Room) -> Iterator[Page]:
    """Lateness, the figures, and a sheet of every table."""
    lateness, figures = LatenessPage(room), FiguresPage(room)
    yield Page("/lateness", "lateness", lateness.show, roles=SUPERVISORS, heading=True)
    yield Page("/lateness.csv", "lateness_sheet", lateness.sheet, roles=SUPERVISORS)
    yield Page("/figures", "figures", figures.show, roles=SUPERVISORS, heading=True)
    yield Page("/figures/<table>.csv", "figures_sheet", figures.sheet, roles=SUPERVISORS)
