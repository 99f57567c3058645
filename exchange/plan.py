"""What goes wrong, and who does what: drawn from a seed, so that a bad day can be had again.

Each draw hangs on what it is for (the third call to a number, its second notice) and never on which came
first, so threads and the machine's speed change nothing.
"""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random
from threading import Lock

from exchange.people import MAILBOX, Person
from exchange.trouble import DOWN, LOST, TOO_MANY, Trouble

MACHINES = ("machine_start", "machine_end_beep", "fax", "unknown")
UNWILLING = ("busy", "no-answer", "failed", "mailbox", "at-once", "mid-word", "short", "silent", "other key")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often, from 0 to 1."""

    people: float = 0.0  # somebody who is rung does not simply answer, listen and talk
    machines: float = 0.0  # machine detection is wrong
    refused: float = 0.0  # the carrier refuses a request: 429, 503
    lost: float = 0.0  # it carries a request out, and its answer is lost
    late: float = 0.0  # a notice comes up to `latest` seconds late
    doubled: float = 0.0  # a notice comes twice
    missing: float = 0.0  # a notice never comes
    latest: float = 20.0

    @classmethod
    def all(cls, rate: float) -> "Rates":
        """One rate for everything: the requests' and the notices' troubles share it."""
        third = rate / 3
        return cls(rate, rate, rate / 2, rate / 2, third, third, third)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a notice arrives: so many times, so many seconds late."""

    times: int = 1
    late: float = 0.0


class Plan:
    """A seed and its rates."""

    def __init__(self, seed: int, rates: Rates | None = None) -> None:
        self.seed, self.rates = seed, rates or Rates.all(0.1)
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def person(self, number: str) -> Person:
        """What whoever is at this number does the next time that it is rung."""
        draw = self._next(f"person {number}")
        person = Person(after=draw.uniform(1, 8), talks=draw.uniform(20, 240))
        if draw.random() < self.rates.people:
            person = _unwilling(draw)
        if draw.random() < self.rates.machines:
            wrong = "human" if person.answered_by != "human" else draw.choice(MACHINES)
            person = replace(person, answered_by=wrong)
        return person

    def trouble(self, request: str) -> Trouble | None:
        """What befalls the next request of this kind."""
        draw = self._next(f"request {request}")
        chance = draw.random()
        if chance < self.rates.lost:
            return LOST
        if chance < self.rates.lost + self.rates.refused:
            return draw.choice((TOO_MANY, DOWN))
        return None

    def delivery(self, number: str, kind: str) -> Delivery:
        """How the next notice of this kind about calls with a number arrives."""
        draw = self._next(f"notice {number} {kind}")
        chance, rates = draw.random(), self.rates
        if chance < rates.missing:
            return Delivery(0)
        if chance < rates.missing + rates.doubled:
            return Delivery(2, draw.uniform(0, rates.latest) if draw.random() < rates.late else 0)
        return Delivery(1, draw.uniform(0, rates.latest) if draw.random() < rates.late else 0)

    def _next(self, what: str) -> Random:
        with self._lock:
            self._counts[what] += 1
            return Random(f"{self.seed} {what} {self._counts[what]}")  # noqa: S311 - made to be had again


def _unwilling(draw: Random) -> Person:
    how = draw.choice(UNWILLING)
    after = draw.uniform(1, 20)
    if how in ("busy", "no-answer", "failed"):
        return Person(how, 0.5 if how == "failed" else after)
    return {
        "mailbox": MAILBOX,
        "at-once": Person(after=after, leaves="at-once"),
        "mid-word": Person(after=after, leaves="mid-word"),
        "short": Person(after=after, talks=draw.uniform(1, 9)),
        "silent": Person(after=after, keys=""),
        "other key": Person(after=after, keys=draw.choice("23456789") + "1"),
    }[how]
