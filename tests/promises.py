"""The worked examples of docs/promise.md: what is promised for a message received then, in Rome."""

from datetime import datetime
from typing import NamedTuple

from callbacks.promise import Promise, Targets
from tests.rome import DESK, at

TARGETS = Targets()


class Example(NamedTuple):
    """One row of the table, and how its window is said in English and Italian at the moment of receiving."""

    received: str
    wish: str
    opens: str
    closes: str
    solve_by_level_1: str
    solve_by_level_2: str
    english: str
    italian: str

    def promise(self) -> Promise:
        return Promise.given(at(self.received), DESK, TARGETS, at(self.wish) if self.wish else None)

    def moment(self, name: str) -> datetime:
        return at(getattr(self, name))


EXAMPLES = {
    "a morning": Example(
        "2026-11-23 09:30",
        "",
        "2026-11-23 11:30",
        "2026-11-23 14:30",
        "2026-11-24 09:30",
        "2026-11-27 09:30",
        "today between 11:30 AM and 1 PM, or between 2 and 2:30 PM",
        "oggi tra le 11 e 30 e le 13, oppure tra le 14 e le 14 e 30",
    ),
    "just before lunch": Example(
        "2026-11-23 12:10",
        "",
        "2026-11-23 15:10",
        "2026-11-23 17:10",
        "2026-11-24 12:10",
        "2026-11-27 12:10",
        "between 3:10 and 5:10 this afternoon",
        "tra le 15 e 10 e le 17 e 10 di oggi pomeriggio",
    ),
    "at lunch": Example(
        "2026-11-23 13:30",
        "",
        "2026-11-23 16:00",
        "2026-11-23 18:00",
        "2026-11-24 13:00",
        "2026-11-27 13:00",
        "between 4 and 6 this afternoon",
        "tra le 16 e le 18 di oggi pomeriggio",
    ),
    "two hours before the evening": Example(
        "2026-11-23 16:00",
        "",
        "2026-11-24 09:00",
        "2026-11-24 11:00",
        "2026-11-24 16:00",
        "2026-11-27 16:00",
        "tomorrow between 9 and 11 AM",
        "domani tra le 9 e le 11",
    ),
    "a Friday evening": Example(
        "2026-11-27 17:30",
        "",
        "2026-11-30 10:30",
        "2026-11-30 12:30",
        "2026-11-30 17:30",
        "2026-12-03 17:30",
        "on Monday between 10:30 AM and 12:30 PM",
        "lunedì tra le 10 e 30 e le 12 e 30",
    ),
    "a Saturday": Example(
        "2026-11-28 11:00",
        "",
        "2026-11-30 11:00",
        "2026-11-30 13:00",
        "2026-11-30 18:00",
        "2026-12-03 18:00",
        "on Monday between 11 AM and 1 PM",
        "lunedì tra le 11 e le 13",
    ),
    "the eve of a holiday": Example(
        "2026-12-07 16:45",
        "",
        "2026-12-09 09:45",
        "2026-12-09 11:45",
        "2026-12-09 16:45",
        "2026-12-14 16:45",
        "on Wednesday between 9:45 and 11:45 AM",
        "mercoledì tra le 9 e 45 e le 11 e 45",
    ),
    "Christmas Eve": Example(
        "2026-12-24 17:00",
        "",
        "2026-12-28 10:00",
        "2026-12-28 12:00",
        "2026-12-28 17:00",
        "2026-12-31 17:00",
        "on Monday between 10 AM and noon",
        "lunedì tra le 10 e mezzogiorno",
    ),
    "Easter, when the clocks change": Example(
        "2027-03-26 15:20",
        "",
        "2027-03-26 17:20",
        "2027-03-30 10:20",
        "2027-03-30 15:20",
        "2027-04-02 15:20",
        "today between 5:20 and 6 PM, or Tuesday by 10:20 AM",
        "oggi tra le 17 e 20 e le 18, oppure martedì entro le 10 e 20",
    ),
    "a wish sooner than we can": Example(
        "2026-11-23 09:30",
        "2026-11-23 10:00",
        "2026-11-23 11:30",
        "2026-11-23 14:30",
        "2026-11-24 09:30",
        "2026-11-27 09:30",
        "today between 11:30 AM and 1 PM, or between 2 and 2:30 PM",
        "oggi tra le 11 e 30 e le 13, oppure tra le 14 e le 14 e 30",
    ),
    "a wish for the late afternoon": Example(
        "2026-11-23 09:30",
        "2026-11-23 16:30",
        "2026-11-23 16:30",
        "2026-11-24 09:30",
        "2026-11-24 16:30",
        "2026-11-27 16:30",
        "today between 4:30 and 6 PM, or tomorrow by 9:30 AM",
        "oggi tra le 16 e 30 e le 18, oppure domani entro le 9 e 30",
    ),
    # Eight working hours from Wednesday 14:00 are over on Thursday at 13:00, just as for a message at lunch:
    # a sum that ends with a shift stays there.
    "a wish for lunch": Example(
        "2026-11-23 17:59",
        "2026-11-25 13:30",
        "2026-11-25 14:00",
        "2026-11-25 16:00",
        "2026-11-26 13:00",
        "2026-12-01 13:00",
        "on Wednesday between 2 and 4 PM",
        "mercoledì tra le 14 e le 16",
    ),
}
