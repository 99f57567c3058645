"""A person's own pages: their password, where they are signed in, the language of their screens."""

from collections.abc import Iterator

from console.own.account import Account
from console.page import EVERYBODY, Page
from console.room import Room


def pages(room: Room) -> Iterator[Page]:
    """Everybody has an account."""
    account = Account(room)
    yield Page("/account", "account", account.show, roles=EVERYBODY)
    yield Page("/account/password", "new_password", account.new_password, "POST", EVERYBODY)
    yield Page("/account/stays", "leave_everywhere", account.leave_everywhere, "POST", EVERYBODY)
    yield Page("/account/stays/<int:number>", "leave_there", account.leave_there, "POST", EVERYBODY)
