"""Who holds a key, asked for at every page and by every page that listens."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from callbacks import sign_in
from callbacks.agent import Agent
from callbacks.sign_in import SignIn
from callbacks.work import Desk

HOLDS = 5.0
"""Seconds after which it is asked again who holds a key, though nothing was written that says otherwise."""


def stay_of(desk: Desk, key: str) -> SignIn | None:
    """The stay that this key opens now; that its browser was heard of is written down now and then."""
    with desk.reading() as work:
        stay = sign_in.stay(work.session, key, work.now)
        is_late = stay is not None and sign_in.is_to_be_noted(stay, work.now)
    if stay is not None and is_late:
        desk.do(lambda work: sign_in.seen(work, stay.id))
    return stay


@dataclass(frozen=True)
class Held:
    """Who was found to hold a key, after how many lines of the desk's own journal, and when."""

    agent: Agent
    lines: int
    at: float


class Stays:
    """Who was found lately, for looks at what is ready: to ask would take longer than to answer them.

    Each sign-out and each change of people is a line of the desk's own journal. What was found holds until
    one more is there, as the looker sees within a second, and until anybody does anything at this process.
    """

    def __init__(self, desk: Desk, lines_lately: Callable[[], int | None]) -> None:
        self._desk, self._lines_lately = desk, lines_lately
        self._held: dict[str, Held] = {}

    def agent(self, key: str, may_be_held: bool) -> Agent | None:
        """Who holds this key now; where it may be held, as it was found lately."""
        kept, lines, now = self._held, self._lines_lately(), time.monotonic()
        held = kept.get(key)
        if may_be_held and held and held.lines == lines and now - held.at < HOLDS:
            return held.agent
        stay = stay_of(self._desk, key)
        if stay is None:
            return None
        if lines is not None:
            kept[key] = Held(stay.agent, lines, now)
        return stay.agent

    def forget(self) -> None:
        """Something was done here: everybody is asked for anew, and what is just being found is not kept."""
        self._held = {}
