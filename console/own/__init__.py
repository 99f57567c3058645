"""A person's own pages: their password, where they are signed in, the language of their screens."""

from collections.abc import Iterator

from console.own.account import Account
from console.own.notices import Notices
from console.page import AGENTS, EVERYBODY, Page
from console.room import Room


def pages(room: Room) -> Iterator[Page]:
    """Everybody has an account."""
    account = Account(room)
    yield Page("/account", "account", account.show, roles=EVERYBODY)
    yield Page("/account/password", "new_password", account.new_password, "POST", EVERYBODY)
    yield Page("/account/stays", "leave_everywhere", account.leave_everywhere, "POST", EVERYBODY)
    yield Page("/account/stays/<int:number>", "leave_there", account.leave_there, "POST", EVERYBODY)
    yield from _notices(room)


def _notices(room: Room) -> Iterator[Page]:
    """Whoever has to do with requests chooses where they are told of theirs."""
    notices = Notices(room)
    yield Page("/account/notices", "notices", notices.show, roles=AGENTS)
    yield Page("/account/notices", "notices_choose", notices.choose, "POST", AGENTS)
    yield Page("/account/notices/new", "notices_live", notices.new, roles=AGENTS)
    yield Page("/account/notices/ways", "notices_add", notices.add, "POST", AGENTS)
    yield Page("/account/notices/ways/<int:number>/test", "notices_test", notices.test, "POST", AGENTS)
    yield Page("/account/notices/ways/<int:number>/remove", "notices_remove", notices.remove, "POST", AGENTS)
