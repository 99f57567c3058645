"""Working time beside its peers, in one run: adding and counting, one by one and in bulk."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from callbacks.calendar import office_hours
from callbacks.wall_clock import Period
from script.benchmarks.peers_of_hours import PEERS, ROME, pandas_rows

WEEK = dict.fromkeys(range(5), (Period.of("09:00", "13:00"), Period.of("14:00", "18:00")))
HOURS = office_hours(ROME, WEEK, "IT")
HOUR = timedelta(hours=1)
MILLION = 1_000_000
SAMPLE = 2000  # questions that each measurement repeats
SPELL, SPELLS = 0.15, 3  # seconds of one spell of it, and how many

OURS = "ours"
Row = dict[str, Any]
Ask = Callable[[Any], object]
Asked = dict[str, tuple[Ask, Sequence[Any]]]


def run() -> list[Row]:
    """Rates a second, ours and each peer's; `ratio` is ours to the best of theirs.

    Our moments are aware and in UTC, as the desk keeps them, and so are our answers; each peer gets what it
    likes best, turned into it before the clock starts.
    """
    moments = _moments(SAMPLE)
    rows = [_adding(moments, hours) for hours in (4, 32)]
    rows += [_counting(moments, name, days) for name, days in (("a month", 30), ("a year", 365))]
    rows += _bulk()
    return [*rows, *_abroad(moments), _building()]


def _adding(moments: Sequence[datetime], hours: int) -> Row:
    amount = hours * HOUR
    asked: Asked = {OURS: (lambda moment: HOURS.add(moment, amount), moments)}
    for peer in PEERS:
        if peer.add:
            asked[peer.name] = (peer.add(hours), [peer.moment(moment) for moment in moments])
    return _row(f"add {hours} h", _rates(asked))


def _counting(moments: Sequence[datetime], name: str, days: int) -> Row:
    pairs = [(moment, moment + timedelta(days=days, minutes=90)) for moment in moments]
    asked: Asked = {OURS: (lambda pair: HOURS.between(*pair), pairs)}
    for peer in PEERS:
        if peer.between:
            asked[peer.name] = (
                peer.between,
                [(peer.moment(start), peer.moment(end)) for start, end in pairs],
            )
    return _row(f"between over {name}", _rates(asked))


def _bulk() -> list[Row]:
    """A million rows as a database gives them, in UTC. Pandas adds to a column; it cannot count at all."""
    moments = _moments(MILLION)
    pairs = [(moment, moment + timedelta(days=3, seconds=n % 86400)) for n, moment in enumerate(moments)]
    added = {
        OURS: MILLION / _seconds(lambda: HOURS.add_many(moments, 4 * HOUR)),
        "pandas": SAMPLE / _seconds(lambda: pandas_rows(4, moments[:SAMPLE])),
    }
    counted = {OURS: MILLION / _seconds(lambda: HOURS.between_many(pairs))}
    return [_row("a million rows, add 4 h", added), _row("a million rows, between", counted)]


def _abroad(moments: Sequence[datetime]) -> list[Row]:
    """What it costs to be asked in the office's own zone instead of UTC."""
    local = [moment.astimezone(ROME) for moment in moments]
    pairs = [(moment, moment + timedelta(days=30)) for moment in local]
    add: Asked = {OURS: (lambda moment: HOURS.add(moment, 4 * HOUR), local)}
    between: Asked = {OURS: (lambda pair: HOURS.between(*pair), pairs)}
    return [
        _row("add 4 h, asked in Rome's time", _rates(add)),
        _row("between, asked in Rome's time", _rates(between)),
    ]


def _building() -> Row:
    """How long a calendar of three years takes to be spread out: milliseconds."""
    HOURS._spread(range(2025, 2028))
    seconds = min(_seconds(lambda: HOURS._spread(range(2025, 2028))) for _ in range(5))
    return {"name": "hours: spread three years", "unit": "ms", "ours": round(seconds * 1000, 1), "peers": {}}


def _moments(count: int) -> list[datetime]:
    chance = random.Random(7)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return [start + timedelta(seconds=chance.randrange(730 * 86400)) for _ in range(count)]


def _rates(asked: Asked) -> dict[str, float]:
    """The best of each one's spells, taken in turns, so that a busy machine is busy for all."""
    best = dict.fromkeys(asked, 0.0)
    for _ in range(SPELLS):
        for name, (ask, questions) in asked.items():
            best[name] = max(best[name], _rate(ask, questions))
    return best


def _rate(ask: Ask, questions: Sequence[Any]) -> float:
    """Answers a second: the questions over and over until the spell is over, at the least ten of them."""
    asked, began = 0, time.perf_counter()
    while True:
        for question in questions:
            ask(question)
            asked += 1
            if asked % 10 == 0 and (passed := time.perf_counter() - began) > SPELL:
                return asked / passed


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _row(name: str, rates: dict[str, float]) -> Row:
    peers = {peer: round(rate) for peer, rate in rates.items() if peer != OURS}
    row: Row = {"name": f"hours: {name}", "unit": "a second", "ours": round(rates[OURS]), "peers": peers}
    if peers:
        row["ratio"] = round(rates[OURS] / max(peers.values()), 1)
    return row


def main() -> None:
    for row in run():
        peers = ", ".join(f"{peer} {rate:,}" for peer, rate in row["peers"].items())
        print(f"{row['name']:36} {row['ours']:>12,} {row['unit']:9} {row.get('ratio', ''):>7}  {peers}")


if __name__ == "__main__":
    main()
