"""A week of requests, what each wanted and how they answered the phone. Made from a seed, no real callers'.

`python -m script.arrivals` writes tests/data/arrivals.csv anew. It has what weeks have: a busy Monday, the
hour after opening, few at lunch, some in the evening and at weekends, an outage on Wednesday, people who ask
for a time.
"""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

PLACE = Path(__file__).parents[1] / "tests" / "data" / "arrivals.csv"
ROME = ZoneInfo("Europe/Rome")
MONDAY = datetime(2026, 11, 23, tzinfo=ROME)
SEED = 20261123

BY_DAY = (1.25, 1.0, 1.0, 0.95, 0.85, 0.07, 0.04)
BY_HOUR = {
    7: 4, 8: 10, 9: 31, 10: 34, 11: 25, 12: 18, 13: 10, 14: 23, 15: 28, 16: 23, 17: 17, 18: 5, 19: 2, 20: 1,
    21: 1,
}  # fmt: skip
"""Requests in each hour of a plain day, at the office's clock."""

OUTAGE = MONDAY + timedelta(days=2, hours=10, minutes=20)
OUTAGE_MINUTES, OUTAGE_REQUESTS = 50, 45

ASKS_FOR_A_TIME, NO_ANSWER, BUSY, ITALIAN, LEVEL_2 = 0.35, 0.19, 0.07, 0.6, 0.12
TALK_MINUTES, TALK_SPREAD = 6.0, 0.6
"""The median talk, and the sigma of its logarithm."""

COMPANIES, ATTEMPTS = 60, 3


@dataclass(frozen=True)
class Arrival:
    """One request. `attempts` is how its caller answers the first ring, the second, the third."""

    received: datetime
    company: str
    language: str
    topic: str
    level: int
    wish: datetime | None
    talk_seconds: int
    attempts: tuple[str, ...]


def recorded(path: Path = PLACE) -> list[Arrival]:
    """The week as it is kept."""
    with path.open(newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return [_read(row) for row in rows]


def made(seed: int = SEED) -> list[Arrival]:
    """The week as the seed makes it, in the order of arrival."""
    random = Random(seed)
    moments = sorted([*_plain_days(random), *_outage(random)])
    return [_arrival(random, moment) for moment in moments]


def _plain_days(random: Random) -> Iterator[datetime]:
    for day, busy in enumerate(BY_DAY):
        for hour, mean in BY_HOUR.items():
            start = MONDAY + timedelta(days=day, hours=hour)
            for second in _arrive(random, mean * busy):
                yield start + timedelta(seconds=second)


def _arrive(random: Random, mean: float) -> Iterator[int]:
    """Seconds of an hour at which somebody arrives, with nothing in common with each other."""
    at = random.expovariate(mean / 3600)
    while at < 3600:
        yield int(at)
        at += random.expovariate(mean / 3600)


def _outage(random: Random) -> Iterator[datetime]:
    for _ in range(OUTAGE_REQUESTS):
        yield OUTAGE + timedelta(seconds=random.randrange(OUTAGE_MINUTES * 60))


def _arrival(random: Random, received: datetime) -> Arrival:
    level = 2 if random.random() < LEVEL_2 else 1
    return Arrival(
        received=received,
        company=f"Company {random.randrange(COMPANIES):02d}",
        language="it" if random.random() < ITALIAN else "en",
        topic="integration" if level == 2 else random.choice(["delivery", "access"]),
        level=level,
        wish=_wish(random, received) if random.random() < ASKS_FOR_A_TIME else None,
        talk_seconds=int(60 * math.exp(random.gauss(math.log(TALK_MINUTES), TALK_SPREAD))),
        attempts=tuple(_answers(random) for _ in range(ATTEMPTS)),
    )


def _answers(random: Random) -> str:
    drawn = random.random()
    return "no-answer" if drawn < NO_ANSWER else "busy" if drawn < NO_ANSWER + BUSY else "completed"


def _wish(random: Random, received: datetime) -> datetime:
    """One of the next half-days, as the telephone offers them, or an hour of tomorrow."""
    today = received.replace(hour=0, minute=0, second=0)
    halves = [today + timedelta(days=day, hours=hour) for day in range(5) for hour in (9, 14)]
    ahead = [half for half in halves if half > received and half.weekday() < 5] or [today + timedelta(days=2)]
    if random.random() < 0.7:
        return ahead[min(int(random.expovariate(1.0)), 2, len(ahead) - 1)]
    hour = random.choice([10, 11, 12, 15, 16, 17])
    return ahead[0].replace(hour=hour) + timedelta(days=random.random() < 0.5)


def _read(row: dict[str, str]) -> Arrival:
    return Arrival(
        received=datetime.fromisoformat(row["received"]),
        company=row["company"],
        language=row["language"],
        topic=row["topic"],
        level=int(row["level"]),
        wish=datetime.fromisoformat(row["wish"]) if row["wish"] else None,
        talk_seconds=int(row["talk_seconds"]),
        attempts=tuple(row["attempts"].split()),
    )


def write(arrivals: Sequence[Arrival], path: Path = PLACE) -> None:
    """Kept as a table that people can read."""
    with path.open("w", newline="") as lines:
        lines.write(f"# Made by script/arrivals.py from seed {SEED}; no real caller's.\n")
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(Arrival.__dataclass_fields__)
        for one in arrivals:
            wish = one.wish.isoformat() if one.wish else ""
            facts = (one.company, one.language, one.topic, one.level, wish, one.talk_seconds)
            table.writerow([one.received.isoformat(), *facts, " ".join(one.attempts)])


if __name__ == "__main__":
    write(made())
