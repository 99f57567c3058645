"""Keeping the counts: what became news since the last look is counted anew, and the days' sums follow."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar, cast

from sqlalchemy import Row, delete, func, inspect, select, tuple_

from callbacks.callback import Callback
from callbacks.figures.counted import Counted, Counting, DaySums
from callbacks.figures.counting import counted
from callbacks.figures.tally import SUMS, Tally
from callbacks.journal import Entry
from callbacks.work import Work

MOVE = "figures"
OVERLAP = timedelta(minutes=2)
"""How long a line that was written may stay unseen: no transaction lasts as long."""

AT_ONCE = 300
"""Requests counted in one unit of work, so that nobody waits long for it."""

FIRST = 1
PARTS = ("all", "agent", "company", "topic", "level")

Key = tuple[str, str, date]
Many = TypeVar("Many")


def catch_up(work: Work, limit: int = AT_ONCE) -> bool:
    """Count what became news, at most so many of each kind. True while there is more."""
    how_far = _how_far(work)
    if how_far is None:
        return False
    news, by_time, unknown = news_since(work, how_far), _due(work, limit), _unknown(work, how_far, limit)
    _count(work, {*news[:limit], *by_time, *unknown})
    if len(news) <= limit:
        how_far.looked_until = work.now
    how_far.walked_to = max(unknown, default=how_far.walked_to)
    return limit in (len(by_time), len(unknown)) or len(news) > limit


def is_behind(work: Work) -> bool:
    """Whether there is anything to count: a look alone, that writes nothing."""
    how_far = work.session.get(Counting, FIRST)
    return how_far is None or bool(news_since(work, how_far) or _due(work, 1) or _unknown(work, how_far, 1))


def uncounted(work: Work, limit: int) -> list[int] | None:
    """The requests that became news since the last look; None where they are more than so many."""
    how_far = work.session.get(Counting, FIRST)
    if how_far is None:
        return None
    found = {
        *news_since(work, how_far), *_due(work, limit + 1), *_unknown(work, how_far, limit + 1)
    }  # fmt: skip
    return sorted(found) if len(found) <= limit else None


def begin_again(work: Work) -> None:
    """Forget every count: all is counted anew from the journal, by whoever catches up."""
    for kind in (DaySums, Counted, Counting):
        work.session.execute(delete(kind))


def news_since(work: Work, how_far: Counting) -> list[int]:
    """The requests whose journal has lines that were not counted."""
    written = select(Entry.subject, func.max(Entry.seq).label("seq")).where(
        Entry.written_at > how_far.looked_until - OVERLAP, Entry.subject.startswith("callback/")
    )
    newest = {int(row.subject[9:]): row.seq for row in work.session.execute(written.group_by(Entry.subject))}
    seen: dict[int, int] = {}
    for some in _in_parts(sorted(newest)):
        rows = work.session.execute(
            select(Counted.callback_id, Counted.seq).where(Counted.callback_id.in_(some))
        )
        seen |= {row.callback_id: row.seq for row in rows}
    return sorted(key for key, seq in newest.items() if seen.get(key, -1) < seq)


def _how_far(work: Work) -> Counting | None:
    """The one row, kept from other hands; None where somebody is counting already."""
    held = select(Counting).where(Counting.id == FIRST)
    free = work.session.scalar(held.with_for_update(skip_locked=True))
    if free is None and work.session.scalar(held) is None:
        free = Counting(id=FIRST, looked_until=work.now, walked_to=0)
        work.session.add(free)
        work.session.flush()
    return free


def _due(work: Work, limit: int) -> list[int]:
    """Those that time alone has changed."""
    past = select(Counted.callback_id).where(Counted.due_at < work.now).order_by(Counted.due_at)
    return list(work.session.scalars(past.limit(limit)))


def _unknown(work: Work, how_far: Counting, limit: int) -> list[int]:
    """Those never walked to yet, in their order."""
    beyond = select(Callback.id).where(Callback.id > how_far.walked_to).order_by(Callback.id)
    return list(work.session.scalars(beyond.limit(limit)))


def _count(work: Work, ids: Collection[int]) -> None:
    """Count these, and put what they add in place of what they added before."""
    sums: dict[Key, Tally] = defaultdict(Tally)
    for some in _in_parts(sorted(ids)):
        before = work.session.scalars(select(Counted).where(Counted.callback_id.in_(some))).all()
        for row in before:
            _add(sums, row, -1)
            work.session.expunge(row)
        work.session.execute(delete(Counted).where(Counted.callback_id.in_(some)))
        rows = [row for row in recount(work, some) if row is not None]
        for row in rows:
            _add(sums, row, 1)
        work.session.add_all(rows)
        work.session.flush()
    _put(work, sums)


def recount(work: Work, ids: Sequence[int]) -> list[Counted | None]:
    """These requests counted from their journals, and from nothing that was counted before."""
    callbacks = work.session.scalars(select(Callback).where(Callback.id.in_(ids)).order_by(Callback.id)).all()
    lines: dict[str, list[Row[tuple[object, ...]]]] = defaultdict(list)
    told = select(
        Entry.subject, Entry.seq, Entry.move, Entry.by, Entry.at, Entry.written_at, Entry.facts
    ).where(Entry.subject.in_([callback.subject for callback in callbacks]))
    for line in work.session.execute(told.order_by(Entry.subject, Entry.seq)):
        lines[line.subject].append(line)
    return [counted(work, each, cast("Sequence[Entry]", lines[each.subject])) for each in callbacks]


def _add(sums: dict[Key, Tally], row: Counted, times: int) -> None:
    for part, of in zip(PARTS, ("", row.agent, row.subscription_id, row.topic, row.level), strict=True):
        sums[part, "" if of is None else str(of), row.day].add(row, times)


def _put(work: Work, sums: dict[Key, Tally]) -> None:
    """Into the days' sums, in one order whoever counts."""
    for some in _in_parts(sorted(sums)):
        key = tuple_(DaySums.part, DaySums.of, DaySums.day)
        kept = work.session.scalars(select(DaySums).where(key.in_(some)))
        known = {(row.part, row.of, row.day): row for row in kept}
        for part, of, day in some:
            row = known.get((part, of, day)) or DaySums(part=part, of=of, day=day)
            _write(work, row, sums[part, of, day])


def _write(work: Work, row: DaySums, change: Tally) -> None:
    """A day on which nothing is left has no row. What only fell due leaves the lengths as they are."""
    for name in SUMS:
        setattr(row, name, (getattr(row, name) or 0) + change.sums[name])
    if row.part != "company" and change.moves_lengths:
        row.spread = (held(row) + change).kept_as_json()
    if row.promised:
        work.session.add(row)
    elif inspect(row).persistent:
        work.session.delete(row)


def held(row: DaySums) -> Tally:
    """The tally that was kept."""
    made = Tally(Counter({name: getattr(row, name) or 0 for name in SUMS}))
    for name, counts in (row.spread or {}).items():
        made.spread[name].update({int(key): count for key, count in counts.items()})
    return made


def _in_parts(keys: Sequence[Many]) -> Iterable[list[Many]]:
    """Databases limit how much one question may name."""
    return (list(keys[first : first + AT_ONCE]) for first in range(0, len(keys), AT_ONCE))


def how_many(work: Work) -> int:
    """Promises counted."""
    return work.session.scalar(select(func.count(Counted.callback_id))) or 0
