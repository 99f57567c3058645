"""`verify`: is the journal as it was written?"""

import click
from sqlalchemy import func, select

from callbacks import seal
from callbacks.journal import Entry
from callbacks.seal import Seal
from console.commands import as_json, the_desk, verb


@click.command("verify")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@verb
def verify(in_json: bool) -> None:
    """Check every chain of the journal and every day's seal; exit code 1 where one is broken."""
    with the_desk().reading() as work:
        faults = seal.faults(work.session)
        lines = work.session.scalar(select(func.count()).select_from(Entry)) or 0
        days = work.session.scalar(select(func.count()).select_from(Seal)) or 0
    if in_json:
        as_json({"whole": not faults, "lines": lines, "sealed_days": days, "faults": faults})
    else:
        for fault in faults:
            click.echo(fault)
        whole = "as they were written" if not faults else f"{len(faults)} faults"
        click.echo(f"{lines} lines, {days} sealed days: {whole}")
    if faults:
        raise SystemExit(1)
