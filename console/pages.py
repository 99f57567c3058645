"""Every page of the desk in one list, and whose it is: the doors are here, and nowhere else."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from console import call_desk, changes, mine, own
from console.board import Board
from console.drafts import keep
from console.figures import pages as figures_pages
from console.page import AGENTS, Page
from console.presence import be
from console.request_page import RequestPage
from console.room import Room, me
from console.setup import LISTED
from console.setup import pages as setup_pages
from console.sound import Sound
from console.supervise import pages as supervise_pages
from console.wall import pages as wall_pages

SECTIONS: Mapping[str, Sequence[Sequence[str]]] = {"setup": LISTED}
"""Each list at the side, in its order."""

OPEN = {"console.sign_in", "console.enter", "console.openid", "console.openid_back", "console.static"}
"""What one sees before signing in."""

DISPLAYS = {"console.display", "console.display_door", "console.display_begin", "console.display_live",
            "console.display_events"}  # fmt: skip
"""What a display on the wall opens with its own key, without anybody being signed in."""

ANYBODY = OPEN | DISPLAYS | {"console.home", "console.sign_out"}
"""What asks nobody for a role; all else stands in the list, or is closed."""


def pages(room: Room) -> list[Page]:
    """All of them, in the order in which the headings stand."""
    work = chain(wall_pages(room), mine.pages(room), _requests(room), supervise_pages(room))
    rest = chain(figures_pages(room), own.pages(room), setup_pages(room), changes.pages(room))
    return list(chain(work, rest, call_desk.pages(room)))


def _requests(room: Room) -> Iterator[Page]:
    board, request_page, sound = Board(room), RequestPage(room), Sound(room)
    yield Page("/board", "board", board.show, roles=AGENTS, heading=True)
    yield Page("/board/live", "board_live", board.live, roles=AGENTS)
    yield Page("/requests/<reference>", "request", request_page.show, roles=AGENTS)
    yield Page("/requests/<reference>/live", "request_live", request_page.live, roles=AGENTS)
    message = "/requests/<reference>/messages/<int:number>"
    yield Page(message, "sound", sound.play, roles=AGENTS)
    yield Page(f"{message}/waveform", "waveform", sound.waveform, roles=AGENTS)
    yield Page("/requests/<reference>/draft", "draft", partial(keep, room), "POST", AGENTS)
    yield Page("/requests/<reference>/<name>", "press", request_page.press, "POST", AGENTS)
    yield Page("/presence", "be", partial(be, room), "POST", AGENTS)


def open_doors(screens: Blueprint, listed: Sequence[Page]) -> None:
    """Hang the pages in, each for its roles alone."""
    roles = {page.endpoint: page.roles for page in listed}
    screens.add_url_rule("/", "home", partial(_home, listed))
    for page in listed:
        screens.add_url_rule(page.rule, page.name, page.view, methods=[page.method])

    @screens.before_request
    def _for_their_roles() -> None:
        theirs = roles.get(request.endpoint or "", ())
        if request.endpoint not in ANYBODY and current_user.is_authenticated and not me().is_any(*theirs):
            abort(403)


def weigh(screens: Blueprint, listed: Sequence[Page]) -> None:
    """No form is read that is larger than its page takes; to be hung in before anything reads one."""
    largest = {page.endpoint: page.largest for page in listed}

    @screens.before_request
    def _refuse_the_too_large() -> None:
        request.max_content_length = largest.get(request.endpoint or "", Page.largest)


def headings(listed: Sequence[Page]) -> list[Page]:
    """What stands at the head of every page for the person who looks."""
    return [page for page in listed if page.heading and me().is_any(*page.roles)]


def section(listed: Sequence[Page], name: str) -> list[list[Page]]:
    """What stands in the list at the side for the person who looks, by what belongs together."""
    theirs = {page.name: page for page in listed if page.section == name and me().is_any(*page.roles)}
    groups = [[theirs[each] for each in group if each in theirs] for group in SECTIONS[name]]
    return [group for group in groups if group]


def _home(listed: Sequence[Page]) -> AnyResponse:
    """Each person begins where their own work is."""
    theirs = headings(listed)
    return redirect(url_for(theirs[0].endpoint if theirs else "console.account"))
