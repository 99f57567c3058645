"""The reading of a clock in words, by a catalogue: "2:30 PM", "le 14 e 30", "noon", "l'una"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Form = Literal["the", "at", "short"]


@dataclass(frozen=True)
class Clock:
    """A catalogue's [clock]: twelve or twenty-four hours, and how each form is said.

    A form has `whole` hours, minutes `past` them, and hours with words of their own: `exact`, or `after` with
    minutes.
    """

    words: Mapping[str, Any]

    def say(self, local: datetime, form: Form, *, half: bool = True) -> str:
        """A local moment, to the minute; `half` says AM or PM where the language does."""
        own = self.words[form].get("after" if local.minute else "exact", {})
        if str(local.hour) in own:
            return str(own[str(local.hour)].format(minute=local.minute))
        twelve = self.words["hours"] == 12
        hour = (local.hour - 1) % 12 + 1 if twelve else local.hour
        time = self.words[form]["past" if local.minute else "whole"].format(hour=hour, minute=local.minute)
        if not (twelve and half):
            return str(time)
        return str(self.words["pm" if local.hour >= 12 else "am"].format(time=time))

    def span(self, opens: datetime, closes: datetime, form: Form) -> tuple[str, str]:
        """Two readings of one day; where the second says AM or PM for both, the first leaves it out."""
        shared = (opens.hour >= 12) == (closes.hour >= 12) and opens.date() == closes.date()
        last = self.say(closes, form)
        says_half = last != self.say(closes, form, half=False)
        return self.say(opens, form, half=not (shared and says_half)), last
