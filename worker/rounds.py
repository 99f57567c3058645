"""Rounds: what nobody asks for and no alarm of a request brings about, walked every so often."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from callbacks import at_risk, hand_over, seal
from callbacks.errors import DeskError
from callbacks.figures import keeping, report
from callbacks.round import Round
from callbacks.work import Work
from worker import retention, sweep
from worker.setup import Means

AGAIN = timedelta(minutes=1)
"""How soon a round is walked again that could not be walked to its end."""

log = structlog.get_logger("worker")

Walk = Callable[[Means, datetime], datetime]
"""Takes until when the last one has seen, gives until when this one has."""


def walk(means: Means, ids: Sequence[int]) -> None:
    """Each is safe to walk twice, and from the same place again."""
    for round_id in ids:
        with means.desk.reading() as work:
            found = work.session.get(Round, round_id)
            if found is None or found.name not in WALKS or (found.alarm_at or work.now) > work.now:
                continue
        try:
            seen_until, wait = WALKS[found.name](means, found.looked_until), _wait(means, found.name)
        except DeskError as fault:
            log.warning("a round was not walked to its end", round=found.name, fault=str(fault))
            seen_until, wait = found.looked_until, AGAIN
        means.desk.do(partial(_walked, round_id=round_id, seen_until=seen_until, wait=wait))


def _walked(work: Work, round_id: int, seen_until: datetime, wait: timedelta) -> None:
    found = work.held(Round, round_id)
    if found is not None:
        found.walked(seen_until, work.now + wait)


def _wait(means: Means, name: str) -> timedelta:
    """The hand-over is walked at the very closing of the day, the weekly report at the week's opening."""
    now, hours = means.desk.clock(), means.desk.policy.office_hours
    if name == hand_over.MOVE:
        return min(EVERY[name], hand_over.days_closing(hours, now) - now)
    if name == report.MOVE:
        return min(EVERY[name], report.next_due(hours, now) - now)
    return EVERY[name]


def _hand_over(means: Means, looked_until: datetime) -> datetime:
    """Once a day, whenever the last was missed."""
    now = means.desk.clock()
    closing = hand_over.last_closing(means.desk.policy.office_hours, looked_until, now)
    if closing is not None:
        means.desk.do(partial(hand_over.write, closing=closing))
    return now


def _at_risk(means: Means, _looked_until: datetime) -> datetime:
    """Until nothing has turned any more; nobody waits for a writer where nothing has."""
    while True:
        with means.desk.reading() as work:
            ids = at_risk.to_judge(work)
        if not ids or not means.desk.do(partial(at_risk.judge, ids=ids)):
            return means.desk.clock()


def _figures(means: Means, _looked_until: datetime) -> datetime:
    while means.desk.do(keeping.catch_up):
        pass
    return means.desk.clock()


def _weekly(means: Means, looked_until: datetime) -> datetime:
    """Once a week, whenever the last was missed; all is counted first."""
    with means.desk.reading() as work:
        now, monday = work.now, report.due(work, looked_until)
    if monday is not None:
        _figures(means, looked_until)
        means.desk.do(partial(report.write, monday=monday))
    return now


def _seal(means: Means, _looked_until: datetime) -> datetime:
    means.desk.do(seal.seal_past_days)
    return means.desk.clock()


WALKS: dict[str, Walk] = {
    "recordings": sweep.recordings_of_strangers,
    "retention": retention.erase_what_is_old,
    "seal": _seal,
    "at_risk": _at_risk,
    keeping.MOVE: _figures,
    report.MOVE: _weekly,
    hand_over.MOVE: _hand_over,
}
EVERY = {
    "recordings": timedelta(minutes=5), "retention": timedelta(hours=1), "seal": timedelta(hours=1),
    hand_over.MOVE: timedelta(hours=1), keeping.MOVE: timedelta(minutes=1),
    report.MOVE: timedelta(hours=1), "at_risk": timedelta(minutes=1),
}  # fmt: skip
