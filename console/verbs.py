"""All verbs of `script/desk`, on one screen."""

from flask import Flask

from console.commands.agent import agents
from console.commands.callback import callback
from console.commands.callbacks import callbacks
from console.commands.doctor import doctor
from console.commands.figures import figures, report
from console.commands.hours import hours
from console.commands.policy import policy
from console.commands.statement import statement
from console.commands.subscription import subscriptions
from console.commands.token import tokens
from console.commands.user import users
from console.commands.verify import verify
from console.room import Room

VERBS = (
    subscriptions, users, agents, callbacks, callback, hours, policy, doctor, verify, statement, figures,
    report, tokens,
)  # fmt: skip


def register(app: Flask, room: Room) -> None:
    """Give the command line its verbs, and the verbs their desk."""
    app.extensions["console"] = room
    for command in VERBS:
        app.cli.add_command(command)
