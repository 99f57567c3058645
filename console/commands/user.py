"""`user add|list|change|password|leave`: who may sign in, and as what; the first one sets the desk up."""

from collections.abc import Sequence
from typing import Any

import click
from flask.cli import AppGroup

from callbacks import staffing
from callbacks.agent import Role
from console.commands import the_desk, verb
from console.commands.agent import agents, take_on, terms, typed

SAME = ("list", "change", "password", "leave")
"""What is done to a person is the same by either word."""

users = AppGroup("user", help="Who may sign in, and as what.")
for name in SAME:
    users.add_command(agents.commands[name])


@users.command("add")
@click.argument("sign_in")
@click.option("--name", help="As colleagues and customers know them; else as they sign in.")
@terms
@typed
@verb
def add(sign_in: str, name: str | None, roles: Sequence[str], **said: Any) -> None:
    """Let a person sign in. The first of a desk is its administrator; a password made here is shown once."""
    with the_desk().reading() as work:
        usual = (Role.AGENT,) if staffing.has_administrator(work) else (Role.ADMINISTRATOR,)
    theirs = roles or [role.value for role in usual]
    take_on(sign_in, name=name or sign_in.strip().capitalize(), roles=theirs, **said)
    click.echo(f"roles: {', '.join(theirs)}")
