"""`token add`, `token list`, `token revoke`: the keys of other programs."""

from datetime import datetime

import click
from flask.cli import AppGroup

from callbacks import token
from callbacks.closed import written
from callbacks.token import Scope, Token
from console.commands import as_json, the_desk, verb

tokens = AppGroup("token", help="The keys by which other programs use the API.")


@tokens.command("add")
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice([scope.value for scope in Scope]), multiple=True, required=True,
    help="Repeat it for both.",
)  # fmt: skip
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def add(name: str, scopes: tuple[str, ...], in_json: bool) -> None:
    """Make a token for the program of this NAME, which the journal will know it by. It is shown this once."""
    with the_desk().work() as work:
        shown = token.make(work, name, [Scope(scope) for scope in scopes])
    if in_json:
        as_json({"name": name, "token": shown})
    else:
        click.echo(shown)
        click.echo(f"Give it to {name} now: it is kept as a digest and cannot be shown again.", err=True)


@tokens.command("list")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def show(in_json: bool) -> None:
    """List every token there is or was."""
    with the_desk().reading() as work:
        known = token.listed(work.session)
    if in_json:
        as_json([_facts(one) for one in known])
        return
    for one in known:
        state = f"revoked {_day(one.revoked_at)}" if one.revoked_at else f"last used {_day(one.last_used_at)}"
        click.echo(f"{one.name:<30} {','.join(one.scopes):<10} made {_day(one.made_at)}  {state}")


@tokens.command("revoke")
@click.argument("name")
@verb
def revoke(name: str) -> None:
    """From now on the token of this NAME opens nothing."""
    with the_desk().work() as work:
        token.revoke(work, name)
    click.echo(f"{name} is shut out")


def _facts(one: Token) -> dict[str, object]:
    return {
        "name": one.name,
        "scopes": one.scopes,
        "made_at": written(one.made_at),
        "last_used_at": one.last_used_at and written(one.last_used_at),
        "revoked_at": one.revoked_at and written(one.revoked_at),
    }


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
