"""An explanation in words, in the form that people check by hand: "30 min counted Fri 17:30-18:00"."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date

from callbacks.wording import Words

if TYPE_CHECKING:
    from callbacks.closed import Closed
    from callbacks.explanation import Counted, Explanation

_WEEK = timedelta(days=6)  # from here on a weekday alone could be another week's
_INSTANT = timedelta.resolution


def say(explanation: "Explanation", language: str) -> str:
    return "; ".join(_Sayer(explanation, language).parts())


def line(name: str, explanation: "Explanation", language: str) -> str:
    """The explanation after what it explains: "closes Mon 12:30: received Fri 17:30; …"."""
    sayer = _Sayer(explanation, language)
    return f"{sayer.label(name, explanation.due)}: {'; '.join(sayer.parts())}"


class _Sayer:
    """One explanation and one language; clocks are written with 24 hours in all."""

    def __init__(self, explanation: "Explanation", language: str) -> None:
        self.explanation = explanation
        self.words = Words.of(language)
        self.forms = self.words.catalogue["explanation"]
        self.long = explanation.due - explanation.start > _WEEK

    def parts(self) -> Iterator[str]:
        yield self.label(self.explanation.begins, self.explanation.start)
        for segment in self.explanation.segments:
            if hasattr(segment, "minutes"):
                yield self.forms["counted"].format(minutes=segment.minutes, span=self.span(segment))
            elif segment.reason != "night":  # the office sleeps; nobody asks why
                yield self.closed(segment)
        if self.explanation.segments and not hasattr(self.explanation.segments[-1], "minutes"):
            yield self.label("opens", self.explanation.due)

    def label(self, name: str, moment: datetime) -> str:
        return str(self.forms[name].format(moment=self.moment(moment)))

    def closed(self, segment: "Closed") -> str:
        by_day = segment.reason in {"weekday", "holiday", "closure"}
        span = self.days(segment) if by_day else self.span(segment)
        name = segment.day_off.say(self.words.language) if segment.day_off else ""
        return str(self.forms["named" if name else "closed"].format(span=span, name=name))

    def days(self, segment: "Closed") -> str:
        """ "Sat, Sun", and from three days on "Sat-Mon"."""
        first, last = segment.start.date(), (segment.end - _INSTANT).date()
        if last == first:
            return self.day(first)
        return f"{self.day(first)}{', ' if (last - first).days == 1 else '-'}{self.day(last)}"

    def span(self, segment: "Counted | Closed") -> str:
        """ "Fri 17:30-18:00"; the second day is said where it is another."""
        last = segment.end - _INSTANT
        if last.date() != segment.start.date():
            return f"{self.moment(segment.start)}-{self.moment(segment.end)}"
        end = f"{segment.end:%H:%M}" if segment.end.date() == last.date() else "24:00"
        return f"{self.moment(segment.start)}-{end}"

    def moment(self, local: datetime) -> str:
        return f"{self.day(local.date())} {local:%H:%M}"

    def day(self, day: date) -> str:
        return format_date(day, "EEE d MMM" if self.long else "EEE", locale=self.words.locale)
