"""`subscription add|list|import|rotate|suspend|code`: who may call, and the codes that say so."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from callbacks import amending, csv_import, subscribing
from callbacks.csv_import import Imported
from callbacks.errors import ImportRefused, Refused
from callbacks.extension_code import LONGEST, SHORTEST, USUAL, ExtensionCode, Given
from callbacks.policy.kinds import DURATION, span
from callbacks.subscription import Plan, Subscription
from callbacks.terms import Reading
from callbacks.work import Desk, Work
from console.commands import Refusal, as_json, the_desk, verb
from console.commands.codes_file import written

BY = "administrator"
LONGEST_GRACE = timedelta(days=90)

subscriptions = AppGroup("subscription", help="Who may call, and the codes that say so.")
in_json = click.option("--json", "in_json", is_flag=True, help="For other programs.")
digits = click.option(
    "--digits", type=click.IntRange(SHORTEST, LONGEST), default=USUAL, show_default=True, help="Of the code."
)


def _grace(_context: click.Context, _option: click.Parameter, text: str) -> timedelta:
    """A length of time as policy.toml writes it."""
    if not DURATION.fullmatch(text) or span(text) > LONGEST_GRACE:
        raise click.BadParameter(f"{text!r} is not a length of time up to 90d; write it like 24h or 7d")
    return span(text)


@subscriptions.command("add")
@click.argument("company")
@click.option(
    "--plan", type=click.Choice([plan.value for plan in Plan]), default=Plan.PREMIUM.value, show_default=True
)
@click.option("--speed", "contract_speed", default="", help="The contract's e-mails an hour.")
@click.option("--from", "from_", default="", help="First day, like 2026-12-01; today where it is left out.")
@click.option("--until", default="", help="Last day, still included; without it the subscription runs on.")
@click.option("--language", "languages", multiple=True, help="Repeat it; the first is spoken to its callers.")
@click.option("--contact", "contacts", multiple=True, help='"Ada Rossi, +390212345678, ada@acme.example"')
@click.option("--label", default="", help="Whose code it is.")
@digits
@in_json
@verb
def add(in_json: bool, digits: int, from_: str, **said: Any) -> None:
    """Take up COMPANY and make its first code, which is shown this once."""
    desk = the_desk()
    said |= {"languages": " ".join(said["languages"]), "contacts": "|".join(said["contacts"])}
    fields = {**said, "from": from_ or _today(desk)}
    terms, faults = Reading(desk.policy).terms(fields)
    if terms is None:
        raise Refused("; ".join(faults))
    _show_given([desk.do(lambda work: subscribing.add(work, terms, BY, digits))], in_json=in_json)


@subscriptions.command("list")
@in_json
@verb
def show(in_json: bool) -> None:
    """List the companies, what they are owed today, and how many codes they have."""
    with the_desk().reading() as work:
        found = [_facts(work, subscription, codes) for subscription, codes in subscribing.listed(work)]
    if in_json:
        as_json(found)
        return
    for one in found:
        runs = f"owed {one['owed']:<8}  {one['from']} to {one['until'] or 'further notice'}"
        number = len(one["codes"])
        codes = f"{number} code{'' if number == 1 else 's'}"
        click.echo(f"{one['company']:<30.30}  {one['plan']:<8}  {one['state']:<9}  {runs}  {codes}")


@subscriptions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--update", is_flag=True, help="Put companies that are known on the terms of the file.")
@click.option("--codes-out", type=click.Path(path_type=Path), help="A new file for the codes.")
@in_json
@verb
def import_file(file: Path, update: bool, codes_out: Path | None, in_json: bool) -> None:
    """Take up the companies of a CSV FILE: all of them, or none where any row is bad."""
    desk = the_desk()

    def take(work: Work) -> Imported:
        done = csv_import.take(work, rows, BY, update=update)
        write(done.codes)
        return done

    try:
        rows = csv_import.read(file.read_bytes(), desk.policy)
        with written(codes_out) as write:
            done = desk.do(take)
    except ImportRefused as refused:
        lines = [f"{file.name} {fault}" for fault in refused.faults]
        raise Refusal("\n".join([*lines, "nothing of the file was taken"])) from refused
    except OSError as refused:
        raise Refusal(f"{refused.filename}: {refused.strerror}; nothing of the file was taken") from refused
    _show_imported(done, codes_out, in_json=in_json)


@subscriptions.command("rotate")
@click.argument("company")
@click.option("--label", default=None, help="Which code, where there are several.")
@click.option("--grace", default="0s", callback=_grace, help="How long the old code still works, like 24h.")
@digits
@in_json
@verb
def rotate(company: str, label: str | None, grace: timedelta, digits: int, in_json: bool) -> None:
    """Give COMPANY a new code in place of an old one; it is shown this once."""
    given = the_desk().do(
        lambda work: subscribing.rotate(work, company, BY, label=label, grace=grace, digits=digits)
    )
    _show_given([given], in_json=in_json)


@subscriptions.command("code")
@click.argument("company")
@click.option("--label", required=True, help="Whose code it is.")
@digits
@in_json
@verb
def one_more(company: str, label: str, digits: int, in_json: bool) -> None:
    """Give COMPANY one more code beside those it has; it is shown this once."""
    given = the_desk().do(lambda work: subscribing.one_more(work, company, BY, label, digits))
    _show_given([given], in_json=in_json)


@subscriptions.command("suspend")
@click.argument("company")
@click.option("--label", default=None, help="Only the code so labelled: to callers there is no such code.")
@click.option("--lift", is_flag=True, help="Let it hold again.")
@verb
def suspend(company: str, label: str | None, lift: bool) -> None:
    """Send the callers of COMPANY to Sales, or with --lift let them in again."""
    if label is not None:
        the_desk().do(lambda work: _suspend_code(work, company, label, lift=lift))
        click.echo(f"{company} ({label}): the code {'opens the line again' if lift else 'is suspended'}")
        return
    name = the_desk().do(lambda work: subscribing.suspend(work, company, BY, lift=lift).company)
    click.echo(f"{name} is {'active again' if lift else 'suspended'}")


def _suspend_code(work: Work, company: str, label: str, *, lift: bool) -> None:
    amending.suspend_code(work, subscribing.labelled(work, company, label), BY, lift=lift)


def _today(desk: Desk) -> str:
    with desk.reading() as work:
        return subscribing.today(work).isoformat()


def _facts(work: Work, subscription: Subscription, codes: list[ExtensionCode]) -> dict[str, Any]:
    """One subscription for other programs."""
    return {
        "company": subscription.company,
        "plan": subscription.plan,
        "state": "suspended" if subscription.suspended_at else "active",
        "owed": subscription.entitlement(subscribing.today(work)),
        "contract_speed": subscription.contract_speed,
        "from": subscription.starts_on.isoformat(),
        "until": subscription.ends_on and subscription.ends_on.isoformat(),
        "languages": subscription.languages,
        "contacts": subscription.contacts,
        "codes": [
            {
                "label": code.label,
                "made": code.created_at,
                "until": code.retired_at,
                "suspended": code.suspended_at,
                "used": code.last_used_at,
            }
            for code in codes
        ],
    }


def _show_given(given: Sequence[Given], *, in_json: bool) -> None:
    if in_json:
        as_json([asdict(each) for each in given])
        return
    for each in given:
        click.echo(f"{each.company}{f' ({each.label})' if each.label else ''}: {each.code}")
    if given:
        click.echo("codes are shown this once")


def _show_imported(done: Imported, codes_out: Path | None, *, in_json: bool) -> None:
    shown = [] if codes_out else done.codes
    if in_json:
        codes = [asdict(each) for each in shown]
        as_json({"added": done.added, "changed": done.changed, "codes": codes})
        return
    _show_given(shown, in_json=False)
    where = f"; their codes are in {codes_out}" if codes_out and done.codes else ""
    click.echo(f"{len(done.added)} added, {len(done.changed)} changed{where}")
