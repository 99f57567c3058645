"""`doctor`: what is missing or unsafe, all at once."""

from dataclasses import asdict

import click

from console.commands import as_json, the_room, verb
from console.doctor import FAULT, findings


@click.command("doctor")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def doctor(in_json: bool) -> None:
    """Look at everything the desk needs; exit code 1 where something is at fault."""
    found = findings(the_room())
    faults = [finding for finding in found if finding.weight == FAULT]
    if in_json:
        as_json({"well": not faults, "findings": [asdict(finding) for finding in found]})
    else:
        for finding in sorted(found, key=lambda each: each.weight != FAULT):
            click.echo(
                f"{'FAULT ' if finding.weight == FAULT else 'advice'}  {finding.about}: {finding.says}"
            )
        click.echo(
            f"{len(faults)} faults, {len(found) - len(faults)} pieces of advice" if found else "all is well"
        )
    if faults:
        raise SystemExit(1)
