"""The administrator's verbs: `script/desk …`, on Flask's own command line."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from callbacks.errors import DeskError
from callbacks.work import Desk
from console.room import Room

P = ParamSpec("P")
R = TypeVar("R")


class Refusal(click.ClickException):
    """One line on standard error says why; the exit code is 1 (2 is Click's own for misuse)."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Without Click's `Error:` before it: the sentence is whole by itself."""
        click.echo(self.message, err=file is None, file=file)


def the_room() -> Room:
    """The desk in its place, that the command line speaks for."""
    return cast(Room, current_app.extensions["console"])


def the_desk() -> Desk:
    """The desk alone, as most verbs want it."""
    return the_room().desk


def verb(act: Callable[P, R]) -> Callable[P, R]:
    """What the desk refuses becomes a refusal on the command line, never a traceback; the app is at hand."""

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return act(*args, **kwargs)
        except DeskError as refused:
            raise Refusal(str(refused)) from refused

    return with_appcontext(run)


def as_json(found: Any) -> None:
    """Print for other programs; moments and the like as their text."""
    click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
