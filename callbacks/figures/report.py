"""The weekly report at a week's first opening: what last week's promises came to, why some were late."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from callbacks import journal
from callbacks.callback import DESK
from callbacks.figures import asking, lateness
from callbacks.figures.asking import Wanted
from callbacks.figures.days import DAY, Days, office_day
from callbacks.figures.lateness import Asked
from callbacks.figures.tally import Tally
from callbacks.hours import OfficeHours
from callbacks.journal import Entry
from callbacks.work import Work

MOVE = "weekly"
WEEK = 7 * DAY
LISTED = 20
"""Late promises told one by one; of more only the number."""


@dataclass(frozen=True)
class Report:
    """One week, from its Monday, as facts for a line of the journal: numbers and references, no names."""

    monday: date
    facts: dict[str, Any]


def monday_of(day: date) -> date:
    """The Monday of this day's week."""
    return day - day.weekday() * DAY


def opening_of_week(hours: OfficeHours, monday: date) -> datetime | None:
    """The first working moment of a week; None where the office is closed all week."""
    opening = hours.opening(datetime.combine(monday, time(), hours.zone))
    return opening if opening.astimezone(hours.zone).date() < monday + WEEK else None


def due(work: Work, looked_until: datetime) -> date | None:
    """The Monday whose opening has come since then: the week before it is to be told of, once."""
    monday = monday_of(office_day(work, work.now))
    opening = opening_of_week(work.hours, monday)
    return monday if opening and looked_until < opening <= work.now else None


def next_due(hours: OfficeHours, now: datetime) -> datetime:
    """When the next report is due; never later than at the next week's beginning."""
    monday = monday_of(now.astimezone(hours.zone).date())
    coming = (opening_of_week(hours, monday), opening_of_week(hours, monday + WEEK))
    ahead = [opening for opening in coming if opening and opening > now]
    return min([*ahead, datetime.combine(monday + 2 * WEEK, time(), hours.zone)])


def report(work: Work, monday: date) -> Report:
    """What was promised on the messages of this week, compared with the week before."""
    wanted = Wanted(Days(monday, monday + WEEK - DAY))
    total = asking.total(work, wanted)
    before = asking.total(work, wanted.of_days(wanted.days.before()))
    totals = lateness.totals(work, Asked(wanted))
    late = [
        [row.callback.reference, row.working // timedelta(minutes=1), row.cause.value, row.ended is None]
        for row in lateness.rows(work, Asked(wanted), LISTED)
    ]
    facts = {
        "week": monday.isoformat(), "promised": total.sums["promised"], "kept": total.sums["kept"],
        "broken": total.not_kept, "open": total.sums["open"], "percent": _percent(total),
        "percent_before": _percent(before), "late": late, "more": totals.count - len(late),
        "causes": {cause.value: count for cause, count in totals.causes.items()},
    }  # fmt: skip
    return Report(monday, facts)


def write(work: Work, monday: date) -> Entry | None:
    """One line of the journal about the week before this Monday, however many come to write it; none where
    nothing was promised."""
    journal.hold(work, [journal.DESK])
    told_of = (monday - WEEK).isoformat()
    since = opening_of_week(work.hours, monday) or work.now
    written = select(Entry).where(
        Entry.written_at >= since, Entry.subject == journal.DESK, Entry.move == MOVE
    )
    if any(entry.facts.get("week") == told_of for entry in work.session.scalars(written)):
        return None
    made = report(work, monday - WEEK)
    if not made.facts["promised"]:
        return None
    return journal.write(work, journal.DESK, MOVE, DESK, facts=made.facts)


def _percent(tally: Tally) -> float | None:
    """With one place behind the comma, never rounded up."""
    share = tally.share()
    return None if share is None else int(share * 10) / 10
