"""`callback`: one request by its reference: all that is known of it, and each act of the API by command."""

from typing import Any

import click
from flask.cli import AppGroup

from callbacks import journal, queue
from callbacks.callback import Callback
from callbacks.search import dials_of
from callbacks.work import Work
from console import timeline
from console.api.acts import ACTS, Act
from console.api.field import Faults, Field, read_all
from console.catalogue import Catalogue
from console.commands import Refusal, as_json, the_desk, verb
from console.commands.callbacks import as_facts, zulu
from console.finding import found
from console.times import Times

BY = "administrator"

callback = AppGroup("callback", help="One request: look at it, ring for it, say what came of it.")


@callback.command("show")
@click.argument("reference")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def show(reference: str, in_json: bool) -> None:
    """All that is known of it: the promise, whether it was kept, each attempt, the journal."""
    with the_desk().reading() as work:
        facts, lines = _known(work, found(work, reference))
    if in_json:
        as_json({**facts, "journal": lines})
        return
    for name, value in facts.items():
        if name != "attempts" and value not in (None, ""):
            click.echo(f"{name:<18} {_plain(value)}")
    for attempt in facts["attempts"]:
        click.echo(f"{'attempt':<18} {_plain(attempt)}")
    for line in lines:
        click.echo(f"{line['at']}  {line['by']:<20} {line['says']}")


def _known(work: Work, one: Callback) -> tuple[dict[str, Any], list[dict[str, str]]]:
    rings = queue.rings(work.session, [one]).get(one.id, 0)
    entries = journal.lines(work.session, one.subject)
    told = timeline.lines(Times(work, Catalogue.of("en")), entries)
    lines = [
        {"at": zulu(line.entry.at), "by": line.entry.by, "says": f"{line.what} {line.words}".strip()}
        for line in told
    ]
    return as_facts(work, one, rings, dials_of(work.session, [one])[one.id]), lines


def _plain(value: Any) -> str:
    """A value on one line of a terminal."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {inner}" for name, inner in value.items() if inner is not None)
    return str(value)


def _command(act: Act) -> click.Command:
    """The act as the API has it: the same fields, the same refusals."""

    @verb
    def do(reference: str, **typed: str | None) -> None:
        sent = {name: value for name, value in typed.items() if value is not None}
        try:
            body = read_all(act.fields, sent)
        except Faults as faults:
            raise Refusal(str(faults)) from faults
        the_desk().do(lambda work: _make(work, act, reference, body))
        click.echo(
            f"{reference}: {act.name} is done; script/desk callback show {reference} tells how it stands"
        )

    options = [_option(field) for field in act.fields]
    return click.Command(act.name, None, do, [click.Argument(["reference"]), *options], act.says)


def _make(work: Work, act: Act, reference: str, body: dict[str, Any]) -> None:
    one = work.held(Callback, found(work, reference).id)
    assert one is not None  # noqa: S101 - found within this same work
    act.make(work, one, body, BY)


def _option(field: Field) -> click.Option:
    words = field.schema.get("enum")
    kind = click.Choice(list(words)) if words else click.STRING
    return click.Option([f"--{field.name}", field.name], type=kind, required=field.required, help=field.says)


for _act in ACTS.values():
    callback.add_command(_command(_act))
