"""Counting one promise: what its journal says of it, as one row."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from callbacks.account import ZERO, Account, Verdict, Window, account
from callbacks.call import Kind
from callbacks.callback import Callback
from callbacks.figures.cause import Cause, Story, why_late, why_unsolved
from callbacks.figures.counted import Counted, Stand, Target
from callbacks.figures.days import office_day
from callbacks.hours import OfficeHours
from callbacks.journal import Entry
from callbacks.kept_calendar import hours_for
from callbacks.moves import Disposition, Move
from callbacks.promise import Promise
from callbacks.work import Work

MINUTE = timedelta(minutes=1)


def counted(work: Work, callback: Callback, lines: Sequence[Entry]) -> Counted | None:
    """The row of this callback at the work's moment; None for what carries no promise to ring.

    What a moved-in request lacks in its journal is taken from its own facts.
    """
    promise = callback.promise
    if callback.kind != Kind.CALLBACK or promise is None:
        return None
    told = account(lines, lambda version: hours_for(work, version))
    _fill_in(told, callback, promise)
    row = Counted(
        callback_id=callback.id, seq=lines[-1].seq if lines else 0,
        subscription_id=callback.subscription_id, agent=_whose(lines), topic=callback.topic,
        level=told.level, calendar=told.calendar, rings=told.times_rung,
        misses=sum(line.move == Move.MISSED for line in lines),
    )  # fmt: skip
    _place(work, row, told.received or promise.received)
    _judge(work, row, Story(told, lines, work.now), promise, is_paused=callback.paused_at is not None)
    _measure(row, told, hours_for(work, told.calendar))
    return row


def _fill_in(told: Account, callback: Callback, promise: Promise) -> None:
    """A request whose journal tells no promise was brought in from elsewhere."""
    if told.windows:
        return
    told.windows = [Window(promise.opens, promise.closes)]
    told.received, told.wished_for, told.calendar = promise.received, promise.wish, promise.calendar
    told.solve_by, told.level = [promise.solve_by(1), promise.solve_by(2)], callback.level
    told.rang_at = told.rang_at or callback.first_rang_at
    told.reached_at = told.reached_at or callback.first_reached_at
    if told.closed_at is None and callback.disposition is not None:
        told.closed_at, told.disposition = callback.closed_at, Disposition(callback.disposition)


def _place(work: Work, row: Counted, received: datetime) -> None:
    """The office's day and hour at which the message arrived."""
    row.day, row.hour = office_day(work, received), received.astimezone(work.hours.zone).hour


def _whose(lines: Sequence[Entry]) -> str | None:
    """Who first rang the customer, else who had it last."""
    rang = next((line.by for line in lines if line.move == Move.RANG), "")
    if rang.startswith("agent:"):
        return rang.removeprefix("agent:")
    had = [line.facts["agent"] for line in lines if line.move in (Move.ASSIGNED, Move.OFFERED)]
    return had[-1] if had else None


def _judge(work: Work, row: Counted, story: Story, promise: Promise, *, is_paused: bool) -> None:
    """How the promise stands and how the targets do, why where they were missed, and when time alone
    changes that."""
    told, now = story.told, work.now
    row.closes, row.solve_by = told.judged_by.closes, told.solve_by[row.level - 1]
    verdict = told.verdict(now)
    is_running = told.rang_at is None and told.closed_at is None
    row.stand = Stand.LATE if verdict is Verdict.BROKEN and is_running else Stand(verdict.value)
    late = told.late(now, hours_for(work, told.calendar)) if row.stand == Stand.BROKEN else ZERO
    row.late_seconds = int(late.total_seconds())
    row.cause = why_late(story) if verdict is Verdict.BROKEN else None
    row.handled = _handled(told, promise.first_handling_by, now)
    row.solve = _solve(told, row.solve_by, now, is_paused=is_paused)
    row.is_unsolved = row.solve == Target.MISSED and told.closed_at is None
    if row.solve == Target.MISSED:
        row.solve_cause = why_unsolved(story, row.solve_by, Cause(row.cause) if row.cause else None)
    row.solve_1, row.solve_2 = _by_level(row, story.lines)
    ahead = (
        (row.stand == Stand.OPEN, row.closes),
        (row.handled is None and is_running, promise.first_handling_by),
        (row.solve is None and told.closed_at is None and not is_paused, row.solve_by),
    )
    row.due_at = min((moment for is_ahead, moment in ahead if is_ahead), default=None)


def _handled(told: Account, by: datetime, now: datetime) -> Target | None:
    """First handling is the ring that keeps the promise, within the target's own time."""
    if told.rang_at is None:
        return Target.MISSED if (told.closed_at or now) > by else None
    return Target.MET if told.rang_at <= by else Target.MISSED


def _solve(told: Account, by: datetime, now: datetime, *, is_paused: bool) -> Target | None:
    """Solved in time, or not; the clock stands while the customer is waited for. Another end is neither."""
    in_time = told.solved_in_time()
    if in_time is not None:
        return Target.MET if in_time else Target.MISSED
    is_over = told.closed_at is not None
    return Target.MISSED if not is_over and not is_paused and now > by else None


def _by_level(row: Counted, lines: Sequence[Entry]) -> tuple[str | None, str | None]:
    """What was measured at level 1 stays on record: handed on too late is missed there."""
    if row.level == 1:
        return row.solve, None
    handed_on_late = any(line.facts.get("level_1_late") for line in lines if line.move == Move.ESCALATED)
    return (Target.MISSED if handed_on_late else None), row.solve


def _measure(row: Counted, told: Account, hours: OfficeHours) -> None:
    """From when we might ring to when it rang, and to when we talked."""
    start = max(filter(None, (told.received, told.wished_for)))
    row.rang, row.rang_wall = _lengths(hours, start, told.rang_at)
    row.reached, row.reached_wall = _lengths(hours, start, told.reached_at)


def _lengths(hours: OfficeHours, start: datetime, end: datetime | None) -> tuple[int | None, int | None]:
    if end is None:
        return None, None
    end = max(start, end)
    return hours.between(start, end) // MINUTE, (end - start) // MINUTE
