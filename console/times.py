"""Moments, windows and lengths of time as a board writes them: short, by the office's clock, 24 hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton

from callbacks.callback import Callback
from callbacks.kept_calendar import hours_for
from callbacks.work import Work
from console.catalogue import Catalogue

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Times:
    """How one page, at one moment, writes time."""

    work: Work
    words: Catalogue

    def clock(self, moment: datetime) -> str:
        """`14:30`."""
        return f"{moment.astimezone(self.work.hours.zone):%H:%M}"

    def day(self, moment: datetime) -> str:
        """`today`, `tomorrow`, `yesterday`, else `Mon, Nov 30` as the language writes it."""
        local = moment.astimezone(self.work.hours.zone)
        away = (local.date() - self.work.now.astimezone(self.work.hours.zone).date()).days
        if -1 <= away <= 1:
            return self.words.say(f"time.day{away}")
        skeleton = "MMMEd" if abs(away) < 300 else "yMMMd"
        locale = Locale.parse(self.words.language)
        return format_skeleton(skeleton, local, tzinfo=self.work.hours.zone, locale=locale)

    def date(self, day: date) -> str:
        """`Jan 31, 2027`, as the language writes a date of the office."""
        return format_date(day, "medium", locale=Locale.parse(self.words.language))

    def moment(self, moment: datetime) -> str:
        """`today 14:30`."""
        return f"{self.day(moment)} {self.clock(moment)}"

    def soon(self, moment: datetime) -> str:
        """`14:30` where that is today, else with its day."""
        return self.clock(moment) if self.day(moment) == self.words.say("time.day0") else self.moment(moment)

    def iso(self, moment: datetime) -> str:
        """For the `datetime` of a `<time>`."""
        return moment.astimezone(UTC).isoformat(timespec="seconds")

    def window(self, callback: Callback) -> str:
        """`today 14:30–16:30`."""
        return ", ".join(self.pieces(callback))

    def pieces(self, callback: Callback) -> list[str]:
        """The window as promised, whatever the hours are today; in parts where it straddles a closing."""
        opens, closes = callback.opens, callback.closes
        if opens is None or closes is None:
            return []
        pieces: list[tuple[datetime, datetime]] = []
        for period in hours_for(self.work, callback.calendar).periods(opens):
            if period.start >= closes or len(pieces) == 3:
                break
            pieces.append((period.start, min(period.end, closes)))
        if not pieces or pieces[-1][1] != closes:
            pieces = [(opens, closes)]
        return self._written(pieces)

    def _written(self, pieces: list[tuple[datetime, datetime]]) -> list[str]:
        """The day is said once."""
        written, day = [], ""
        for start, end in pieces:
            before, day = day, self.day(start)
            last = self.clock(end) if self.day(end) == day else self.moment(end)
            written.append(f"{'' if day == before else day + ' '}{self.clock(start)}–{last}")
        return written

    def length(self, amount: timedelta) -> str:
        """`45 min`, `1 h 20`, `3 h`; whole minutes, those begun left out. The sign is left out."""
        hours, minutes = divmod(abs(amount) // MINUTE, 60)
        if not hours:
            return self.words.say("time.minutes", minutes=minutes)
        return self.words.say("time.hours", hours=hours) + (f" {minutes:02}" if minutes else "")

    def seconds(self, seconds: int | None) -> str:
        """The length of a message, `0:23`; unknown while the carrier has not said."""
        return "–:––" if seconds is None else f"{seconds // 60}:{seconds % 60:02}"
