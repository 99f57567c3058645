"""`policy …`: what the desk's rules are, what they were, and new ones taken from a file."""

from pathlib import Path

import click
from flask.cli import AppGroup

from callbacks import policy_book, policy_version
from callbacks.errors import NotFound
from callbacks.policy import text_of
from callbacks.policy_book import Hand
from callbacks.policy_version import PolicyVersion
from callbacks.work import Work
from console.commands import as_json, the_desk, verb
from console.commands.callbacks import zulu

policy = AppGroup("policy", help="The rules of the desk, kept in versions.")

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@policy.command("show")
@click.argument("number", type=int, required=False)
@verb
def show(number: int | None) -> None:
    """Print the policy in force, or version NUMBER; what is secret in addresses is left out."""
    with the_desk().reading() as work:
        click.echo(policy_book.masked(_text(work, number)), nl=False)


@policy.command("history")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@click.option("--last", default=20, show_default=True, help="How many.")
@verb
def history(in_json: bool, last: int) -> None:
    """List the versions, newest first: who made them, when, from where, and what each changed."""
    with the_desk().reading() as work:
        found = policy_version.history(work.session, last + 1)
    pairs = list(zip(found, [*found[1:], None], strict=False))[:last]
    if in_json:
        as_json([_facts(each, before) for each, before in pairs])
        return
    for each, before in pairs:
        from_ = f" from {each.address}" if each.address else ""
        why = f": {each.why}" if each.why else ""
        click.echo(f"{each.number}  {zulu(each.made_at)}  {each.by}{from_}{why}")
        for line in _changed(each, before):
            click.echo(f"    {line}")


@policy.command("check")
@FILE
@verb
def check(file: Path) -> None:
    """Say whether FILE can be the policy; every fault is named with its line."""
    text = text_of(file)
    with the_desk().reading() as work:
        work.judge.read(text, file.name)
        lines = list(policy_book.difference(policy_book.current(work)[1], text))
    click.echo(f"{file.name} is sound; {len(lines)} lines differ from the policy in force")
    for line in lines:
        click.echo(f"    {line}")


@policy.command("take")
@FILE
@click.option("--why", default="", help="Kept in the journal.")
@verb
def take(file: Path, why: str) -> None:
    """Make FILE the policy, whole; pages and processes follow within two seconds."""
    text, desk = text_of(file), the_desk()
    hand = Hand("administrator", "the command line", why)
    version = desk.do(lambda work: policy_book.take(work, text, hand))
    click.echo(f"version {version.number} holds from now on")


@policy.command("export")
@verb
def export() -> None:
    """Print the policy in force as it is kept, secrets too: for `policy take`, or for the policy file."""
    with the_desk().reading() as work:
        click.echo(policy_book.current(work)[1], nl=False)


def _text(work: Work, number: int | None) -> str:
    if number is None:
        return work.policy.text
    kept = work.session.get(PolicyVersion, number)
    if kept is None:
        raise NotFound(f"there is no version {number} of the policy; see policy history")
    return kept.text


def _changed(each: PolicyVersion, before: PolicyVersion | None) -> list[str]:
    return list(policy_book.difference(before.text, each.text)) if before else []


def _facts(each: PolicyVersion, before: PolicyVersion | None) -> dict[str, object]:
    return {
        "version": each.number, "at": zulu(each.made_at), "by": each.by, "from": each.address,
        "why": each.why, "changed": _changed(each, before),
    }  # fmt: skip
