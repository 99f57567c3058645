"""The office that the tests share: Rome, Monday to Friday, 09:00-13:00 and 14:00-18:00, Italian holidays."""

from datetime import datetime
from zoneinfo import ZoneInfo

from callbacks.calendar import office_hours
from callbacks.wall_clock import Period

ROME = ZoneInfo("Europe/Rome")
WEEK = dict.fromkeys(range(5), (Period.of("09:00", "13:00"), Period.of("14:00", "18:00")))
DESK = office_hours(ROME, WEEK, "IT")


def at(local: str) -> datetime:
    """A moment by the clock in Rome: at("2026-11-23 09:30")."""
    return datetime.fromisoformat(local).replace(tzinfo=ROME)
