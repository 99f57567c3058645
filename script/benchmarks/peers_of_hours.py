"""The other libraries of working time behind the same two questions; only script/bench needs them."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import businesstimedelta  # type: ignore[import-untyped,import-not-found,unused-ignore]
import opening_hours  # type: ignore[import-not-found,unused-ignore]
import pandas  # type: ignore[import-untyped,import-not-found,unused-ignore]
from officehours import Calculator  # type: ignore[import-untyped,import-not-found,unused-ignore]

from callbacks.days_off import public_holidays

ROME = ZoneInfo("Europe/Rome")
HOLIDAYS: list[date] = sorted(day for year in range(2024, 2029) for day in public_holidays("IT", "", year))
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Peer:
    """`moment` turns ours into what the library takes, before the clock starts; None is what it cannot do."""

    name: str
    moment: Callable[[datetime], Any]
    add: Callable[[int], Callable[[Any], object]] | None
    between: Callable[[tuple[Any, Any]], object] | None


def _opening_hours() -> Peer:
    office = opening_hours.OpeningHours("Mo-Fr 09:00-13:00,14:00-18:00; PH off", timezone=ROME, country="IT")

    def add(hours: int) -> Callable[[datetime], datetime]:
        def worked(moment: datetime) -> datetime:
            left = hours * HOUR
            for start, end, state, _ in office.intervals(moment):
                if state == opening_hours.State.OPEN:
                    opens: datetime = start.astimezone(UTC)
                    length = end.astimezone(UTC) - opens
                    if left <= length:
                        return opens + left
                    left -= length
            raise ValueError("never")

        return worked

    def between(pair: tuple[datetime, datetime]) -> timedelta:
        spells = office.intervals(*pair)
        opened = (spell for spell in spells if spell[2] == opening_hours.State.OPEN)
        return sum((spell[1].astimezone(UTC) - spell[0].astimezone(UTC) for spell in opened), timedelta(0))

    return Peer("opening-hours-py", _in_rome, add, between)


def _officehours() -> Peer:
    """One interval a day and no zones: an easier week, and naive moments."""
    office = Calculator("9:00", "17:00", HOLIDAYS)
    return Peer(
        "officehours",
        lambda moment: _in_rome(moment).replace(tzinfo=None),
        lambda hours: lambda moment: office.due_date(hours, moment),
        lambda pair: office.working_seconds(*pair),
    )


def _businesstimedelta() -> Peer:
    zone = businesstimedelta.pytz.timezone(ROME.key)
    rules = businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(time(9), time(18), tz=zone),
            businesstimedelta.LunchTimeRule(time(13), time(14), tz=zone),
            businesstimedelta.HolidayRule(dict.fromkeys(HOLIDAYS, "holiday"), tz=zone),
        ]
    )
    return Peer(
        "businesstimedelta",
        _in_rome,
        lambda hours: lambda moment: moment + businesstimedelta.BusinessTimeDelta(rules, hours=hours),
        lambda pair: rules.difference(*pair),
    )


def _pandas() -> Peer:
    def add(hours: int) -> Callable[[Any], object]:
        offset = pandas.offsets.CustomBusinessHour(
            start=["09:00", "14:00"], end=["13:00", "18:00"], n=hours, holidays=HOLIDAYS
        )
        return lambda moment: moment + offset

    return Peer("pandas", lambda moment: pandas.Timestamp(_in_rome(moment)), add, None)


def pandas_rows(hours: int, moments: list[datetime]) -> object:
    """A whole column at once, as pandas is meant to be used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pandas.errors.PerformanceWarning)
        offset = pandas.offsets.CustomBusinessHour(
            start=["09:00", "14:00"], end=["13:00", "18:00"], n=hours, holidays=HOLIDAYS
        )
        return pandas.Series(pandas.DatetimeIndex(moments)).dt.tz_convert(ROME) + offset


def _in_rome(moment: datetime) -> datetime:
    return moment.astimezone(ROME)


PEERS = (_opening_hours(), _officehours(), _businesstimedelta(), _pandas())
