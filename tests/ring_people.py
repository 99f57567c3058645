"""What agents and customers do while callbacks are rung: the usual, or whatever a bad day draws."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from exchange.errors import CallOverError, WrongMomentError
from exchange.phone import Call
from tests.ring_fate import Fate


@dataclass
class People:
    """`passes` lets time pass while two of them talk."""

    fate: Fate
    passes: Callable[[timedelta], object]

    def act(self, call: Call) -> None:
        """Whoever is at this phone does one thing."""
        with suppress(WrongMomentError, CallOverError):
            self._replies_ail(call)
            if call.verb == "ringing":
                self._answer_or_not(call)
            elif call.verb == "gather":
                self._decide(call)
            elif call.ringing:
                self._customer(call)

    def _replies_ail(self, call: Call) -> None:
        """What the desk says is lost on its way, or it is asked the same twice."""
        ails = self._drawn("", {"lost": 1, "asked twice": 1}, 18)
        if ails == "lost":
            call.lose_reply()
        elif ails and call.webhooks:
            call.resend(self.fate.random.randrange(len(call.webhooks)))
        if ails:
            self.fate.counts[f"webhooks {ails}"] += 1

    def _answer_or_not(self, call: Call) -> None:
        how = self._drawn("pick up", {"no-answer": 1, "busy": 1, "failed": 1, "wait": 2}, 8)
        if how == "pick up":
            call.pick_up()
        elif how != "wait":
            call.refuse(how)

    def _decide(self, call: Call) -> None:
        key = self._drawn("1", {"2": 1, "3": 1, "9": 1, "": 1, "gone": 1}, 9)
        if key == "gone":
            call.hang_up()
        elif key:
            call.press(key)
        else:
            call.silence()

    def _customer(self, call: Call) -> None:
        how = self._drawn(
            "talk", {"busy": 1, "no-answer": 1, "failed": 1, "short": 1, "gone": 1, "mailbox": 1}, 5
        )
        if how in ("busy", "no-answer", "failed"):
            call.dial_result(how)
        elif how == "gone":
            call.hang_up()
        else:
            self._talk(call, 4 if how == "short" else 60, bridged=how != "mailbox")

    def _talk(self, call: Call, seconds: int, *, bridged: bool) -> None:
        """The customer hears who rings, and says "not now" or goes on."""
        leg = call.answer()
        if leg.verb == "gather":
            key = self._drawn("", {"1": 1, "3": 1}, 8)
            leg.press(key) if key else leg.silence()
        if call.ringing:
            self.passes(timedelta(seconds=seconds))
            call.dial_result("completed", seconds=seconds, bridged=bridged)

    def _drawn(self, usual: str, others: dict[str, int], weight: int) -> str:
        """What somebody does: anything on a bad day, the usual in the calm."""
        if not self.fate.chaos:
            return usual
        return self.fate.random.choices([usual, *others], [weight, *others.values()])[0]
