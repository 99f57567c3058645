"""`callbacks`: every open request in ringing order."""

from collections.abc import Sequence
from typing import Any

import click

from callbacks import queue
from callbacks.callback import Callback
from callbacks.dial import Dial
from callbacks.search import dials_of
from callbacks.work import Work
from console.api.resource import as_dial
from console.catalogue import Catalogue
from console.commands import as_json, the_desk, verb
from console.row import Row
from console.times import Times


@click.command("callbacks")
@click.option("--json", "in_json", is_flag=True, help="For other programs.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=queue.SHOWN, show_default=True)
@verb
def callbacks(in_json: bool, limit: int) -> None:
    """List the open requests in ringing order."""
    with the_desk().reading() as work:
        found = queue.all_open(work, limit)
        rings, dials = queue.rings(work.session, found), queue.under_way(work.session)
        times = Times(work, Catalogue.of("en"))
        if in_json:
            tried = dials_of(work.session, found)
            as_json([as_facts(work, each, rings.get(each.id, 0), tried[each.id]) for each in found])
            return
        for callback in found:
            row = Row(callback, times, rings.get(callback.id, 0), dials.get(callback.id))
            click.echo(_line(row))


def as_facts(work: Work, callback: Callback, rings: int, tried: Sequence[Dial]) -> dict[str, Any]:
    """One request for other programs, in the names of the API."""
    judged, promise = callback.lateness(work), callback.promise
    return {
        "reference": callback.reference,
        "channel": callback.channel,
        "kind": callback.kind,
        "state": callback.state,
        "level": callback.level,
        "company": callback.subscription.company if callback.subscription else None,
        "topic": callback.topic,
        "number": callback.number,
        "language": callback.language,
        "received_at": zulu(callback.received_at),
        "wished_for": callback.wished_for and zulu(callback.wished_for),
        "window": promise and {"opens": zulu(promise.opens), "closes": zulu(promise.closes)},
        "solve_by": promise and zulu(promise.solve_by(callback.level)),
        "lateness": judged
        and {"state": judged.state, "working_minutes": int(judged.working.total_seconds() // 60)},
        "agent": callback.agent.sign_in if callback.agent else None,
        "rings": rings,
        "misses": callback.misses,
        "attempts": [as_dial(dial) for dial in tried],
        "ring_from": callback.ring_from and zulu(callback.ring_from),
        "for_person": callback.for_person,
        "first_rang_at": callback.first_rang_at and zulu(callback.first_rang_at),
        "first_reached_at": callback.first_reached_at and zulu(callback.first_reached_at),
    }


def zulu(moment: Any) -> str:
    """UTC with a Z, as programs like it."""
    return str(moment.isoformat()).replace("+00:00", "Z")


def _line(row: Row) -> str:
    """One request on one line of a terminal."""
    callback = row.callback
    number = row.phone.written() if row.phone else "no number"
    holder = callback.agent.name if callback.agent else "-"
    return (
        f"{callback.reference}  {row.lateness_words:<26}  {row.window or '-':<36}  {row.company:<20.20}  "
        f"{number:<20}  rung {row.rings}  {row.leg or row.again or holder}"
    )
