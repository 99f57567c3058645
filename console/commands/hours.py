"""`hours explain`: what would be promised to a caller whose message arrived at a moment, and why."""

from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from callbacks.errors import Refused
from callbacks.explanation import explain_promise
from callbacks.hours import OfficeHours, OutOfReach
from callbacks.promise import Promise
from callbacks.wording import Words
from console.commands import as_json, the_desk, verb
from console.commands.callbacks import zulu

hours = AppGroup("hours", help="The office's working time.")


@hours.command("explain")
@click.argument("moment")
@click.option("--wish", default="", help="The time that the caller asks for.")
@click.option("--language", type=click.Choice(Words.offered()), default="en", show_default=True)
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def explain(moment: str, wish: str, language: str, in_json: bool) -> None:
    """Explain the promise of a message received at MOMENT, like 2026-11-27T17:30 (the office's own clock)."""
    desk = the_desk()
    kept = desk.policy.office_hours
    received = _moment(moment, kept)
    try:
        promise = Promise.given(received, kept, desk.policy.targets, _moment(wish, kept) if wish else None)
        why = explain_promise(promise, kept, desk.policy.targets)
    except OutOfReach as refusal:
        raise Refused(str(refusal)) from refusal
    if in_json:
        as_json({**_facts(promise), "explained": why.as_json(), "said": why.say(language)})
        return
    click.echo(Words.of(language).window(promise.opens, promise.closes, received, kept.zone, kept))
    for line in why.say(language):
        click.echo(line)


def _moment(text: str, kept: OfficeHours) -> datetime:
    """Without a zone it is the office's clock."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise click.BadParameter(f"{text!r} is no moment: write it like 2026-11-27T17:30") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=kept.zone)


def _facts(promise: Promise) -> dict[str, Any]:
    return {
        "received_at": zulu(promise.received),
        "wished_for": promise.wish and zulu(promise.wish),
        "opens": zulu(promise.opens),
        "closes": zulu(promise.closes),
        "first_handling_by": zulu(promise.first_handling_by),
        "solve_by": {"1": zulu(promise.solve_by_level_1), "2": zulu(promise.solve_by_level_2)},
        "calendar": promise.calendar,
    }
