"""A window in words: alone on its day, in halves where it straddles a closing, or from end to end."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from callbacks.hours import OfficeHours

if TYPE_CHECKING:
    from callbacks.wording import Words

Piece = tuple[datetime, datetime]

_PIECES = 3  # more than these nobody remembers: then only the first and the last moment are said
_SHORTEST = timedelta(minutes=1)  # a shorter piece would be said as one reading of the clock
_INSTANT = timedelta.resolution


def pieces(opens: datetime, closes: datetime, hours: OfficeHours | None, zone: ZoneInfo) -> list[Piece]:
    """What of the window is working time, in local moments; the whole of it where the hours say nothing."""
    opens, closes = opens.astimezone(UTC), closes.astimezone(UTC)
    found = []
    for period in hours.periods(opens) if hours else ():
        if period.start >= closes:
            break
        found.append((period.start, min(period.end, closes)))
    long_enough = [(start, end) for start, end in found if end - start >= _SHORTEST]
    spoken = long_enough or [(opens, closes)]
    return [(start.astimezone(zone), end.astimezone(zone)) for start, end in spoken]


def say(words: "Words", pieces: list[Piece], now: datetime, zone: ZoneInfo) -> str:
    if len(pieces) > _PIECES or not all(map(_one_day, pieces)):
        return _long(words, pieces, now, zone)
    return _halves(words, pieces, now, zone) if len(pieces) > 1 else _alone(words, pieces[0], now, zone)


def write(words: "Words", pieces: list[Piece], now: datetime, zone: ZoneInfo) -> str:
    """The short form, every piece with its date."""
    forms = words.catalogue["window"]
    written = ""
    for opens, closes in pieces:
        first, last = words.clock.span(opens, closes, form="short")
        piece = forms["short"].format(day=words.day_short(opens, now, zone), opens=first, closes=last)
        written = forms["short_comma"].format(before=written, next=piece) if written else piece
    return written


def _alone(words: "Words", piece: Piece, now: datetime, zone: ZoneInfo) -> str:
    forms = words.catalogue["window"]
    opens, closes = piece
    part = words.part(opens)
    if part and part == words.part(closes - _INSTANT) and opens.date() == now.astimezone(zone).date():
        first, last = (words.clock.say(moment, "the", half=False) for moment in piece)
        return str(forms["part"].format(opens=first, closes=last, part=part["today"]))
    first, last = words.clock.span(opens, closes, form="the")
    return str(forms["day"].format(day=words.day(opens, now, zone), opens=first, closes=last))


def _halves(words: "Words", pieces: list[Piece], now: datetime, zone: ZoneInfo) -> str:
    forms = words.catalogue["window"]
    said = _half(words, pieces[0], "day", now, zone)
    for before, piece in pairwise(pieces):
        last = piece is pieces[-1]
        half = _half(words, piece, _form(before, piece, last=last), now, zone)
        said = (
            forms["or"].format(before=said, last=half)
            if last
            else forms["comma"].format(before=said, next=half)
        )
    return said


def _form(before: Piece, piece: Piece, *, last: bool) -> str:
    if before[0].date() == piece[0].date():
        return "same_day"
    return "by" if last else "day"


def _half(words: "Words", piece: Piece, form: str, now: datetime, zone: ZoneInfo) -> str:
    first, last = words.clock.span(*piece, form="the")
    day = words.day(piece[0], now, zone, first=True)
    return str(words.catalogue["window"][form].format(day=day, opens=first, closes=last))


def _long(words: "Words", pieces: list[Piece], now: datetime, zone: ZoneInfo) -> str:
    opens, closes = pieces[0][0], pieces[-1][1]
    return str(
        words.catalogue["window"]["long"].format(
            opening_day=words.day(opens, now, zone, first=True),
            opens=words.clock.say(opens, "at"),
            closing_day=words.day(closes - _INSTANT, now, zone, first=True),
            closes=words.clock.say(closes, "at"),
        )
    )


def _one_day(piece: Piece) -> bool:
    return piece[0].date() == (piece[1] - _INSTANT).date()
