"""Subscriptions: who may call, found, opened, changed."""

from collections.abc import Iterator

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from console.page import ADMINISTRATORS, Page
from console.room import Room


def pages(_room: Room) -> Iterator[Page]:
    """The list, and what leads from it."""
    yield Page("/setup/subscriptions", "subscriptions", show, roles=ADMINISTRATORS, section="setup")


def first() -> AnyResponse:
    """Setting up begins with who may call."""
    return redirect(url_for("console.subscriptions"))


def show() -> str:
    """The list."""
    return render_template("setup/subscriptions.html")
