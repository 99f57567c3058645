"""The journal: chained, sealed each day, and telling at once of whoever changed it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import ColumnElement, delete, select, update

from callbacks import journal, seal
from callbacks.journal import Entry, Personal
from callbacks.seal import Seal
from tests.people import rome
from tests.timed import MONDAY, TimedDesk


@pytest.fixture
def noted(timed: TimedDesk) -> int:
    """A callback with a note by Ada, on Monday."""
    key = timed.promised()
    with timed.desk.work() as work:
        journal.write(
            work, f"callback/{key}", "noted", "agent:ada", personal={"text": "Rossi, +390212345678"}
        )
    return key


def faults(timed: TimedDesk) -> list[str]:
    """What verifying finds."""
    with timed.desk.reading() as work:
        return seal.faults(work.session)


def test_a_journal_nobody_touched_verifies(timed: TimedDesk, noted: int) -> None:
    assert faults(timed) == []


@pytest.mark.parametrize(
    "change",
    [
        {"by": "agent:bruno"},
        {"at": MONDAY - timedelta(hours=1)},
        {"written_at": MONDAY - timedelta(hours=1)},
        {"facts": {"result": "answered"}},
        {"move": "rang"},
        {"personal_digest": None},
        {"digest": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_line_changed_afterwards_is_named(timed: TimedDesk, noted: int, change: dict[str, object]) -> None:
    with timed.desk.work() as work:
        work.session.execute(update(Entry).where(Entry.move == "noted").values(**change))
    assert faults(timed)[0] == f"callback/{noted}, line 2: was changed after it was written"


def test_a_line_moved_to_another_request_is_named_there(timed: TimedDesk, noted: int) -> None:
    other = timed.promised("CA2")
    with timed.desk.work() as work:
        work.session.execute(
            update(Entry).where(Entry.move == "noted").values(subject=f"callback/{other}", seq=2)
        )
    assert faults(timed) == [
        f"callback/{other}, line 2: does not follow the line before it",
        f"callback/{other}, line 2: was changed after it was written",
    ]


def test_a_line_put_in_between_is_named(timed: TimedDesk, noted: int) -> None:
    with timed.desk.work() as work:
        first, second = work.session.scalars(select(Entry).order_by(Entry.seq))
        second.seq = 3
        work.session.flush()
        forged = Entry(
            subject=first.subject, seq=2, move="solved", by="agent:ada", at=work.now, written_at=work.now,
            facts={}, previous=first.digest,
        )  # fmt: skip
        forged.digest = forged.computed_digest()
        work.session.add(forged)
    assert f"callback/{noted}, line 3: does not follow the line before it" in faults(timed)


def taken_out(timed: TimedDesk, which: ColumnElement[bool]) -> None:
    """Somebody with the database in hand removes lines."""
    with timed.desk.work() as work:
        ids = list(work.session.scalars(select(Entry.id).where(which)))
        work.session.execute(delete(Personal).where(Personal.entry_id.in_(ids)))
        work.session.execute(delete(Entry).where(Entry.id.in_(ids)))


def test_a_line_taken_out_is_missed(timed: TimedDesk, noted: int) -> None:
    taken_out(timed, Entry.seq == 1)
    assert faults(timed) == [f"callback/{noted}, line 2: does not follow the line before it"]


def test_what_is_said_of_a_person_may_be_erased_but_not_changed(timed: TimedDesk, noted: int) -> None:
    of_note = select(Entry.id).where(Entry.move == "noted")
    with timed.desk.work() as work:
        work.session.execute(update(Personal).where(Personal.entry_id.in_(of_note)).values(body={}))
    assert faults(timed) == [f"callback/{noted}, line 2: what it says of a person was changed"]
    with timed.desk.work() as work:
        work.session.execute(delete(Personal).where(Personal.entry_id.in_(of_note)))
    assert faults(timed) == []


def test_an_ended_day_is_sealed_once_and_a_line_removed_whole_is_missed(timed: TimedDesk, noted: int) -> None:
    timed.clock.now = MONDAY + timedelta(days=3)
    assert timed.desk.do(seal.seal_past_days) == 3
    assert timed.desk.do(seal.seal_past_days) == 0
    assert faults(timed) == []
    taken_out(timed, Entry.move == "noted")
    assert faults(timed) == ["2026-11-23: sealed with 2 lines, now 1 that do not give its seal"]


@pytest.mark.parametrize("change", [{"entries": 1}, {"digest": "0" * 64}], ids=["entries", "digest"])
def test_a_seal_that_was_changed_is_named(timed: TimedDesk, noted: int, change: dict[str, object]) -> None:
    timed.clock.now = MONDAY + timedelta(days=1)
    timed.desk.do(seal.seal_past_days)
    with timed.desk.work() as work:
        work.session.execute(update(Seal).values(**change))
    [fault] = faults(timed)
    assert fault.startswith("2026-11-23: sealed with ")


def test_a_seal_taken_out_is_missed_by_the_next(timed: TimedDesk, noted: int) -> None:
    timed.clock.now = MONDAY + timedelta(days=3)
    timed.desk.do(seal.seal_past_days)
    with timed.desk.work() as work:
        work.session.execute(delete(Seal).where(Seal.day == date(2026, 11, 23)))
    [fault] = faults(timed)
    assert fault.startswith("2026-11-24: ")


def test_a_day_is_not_sealed_while_its_last_lines_may_still_be_written(timed: TimedDesk, noted: int) -> None:
    midnight = datetime.combine(date(2026, 11, 24), time(), UTC)
    timed.clock.now = midnight + timedelta(minutes=9)
    assert timed.desk.do(seal.seal_past_days) == 0
    timed.clock.now = midnight + timedelta(minutes=10)
    assert timed.desk.do(seal.seal_past_days) == 1


def test_somebody_is_told_in_office_hours_alone(timed: TimedDesk) -> None:
    timed.clock.now = rome("2026-11-28 11:00")
    with timed.desk.work() as work:
        entry = journal.write(work, journal.DESK, "guessing", "desk")
        nobody_asked = journal.write(work, journal.DESK, "signed_in", "agent:ada")
    assert entry.alarm_at == rome("2026-11-30 09:00")
    assert nobody_asked.alarm_at is None


def test_the_newest_seal_is_of_the_last_ended_day(timed: TimedDesk, noted: int) -> None:
    timed.clock.now = MONDAY + timedelta(days=2)
    timed.desk.do(seal.seal_past_days)
    with timed.desk.reading() as work:
        days = work.session.scalars(select(Seal.day).order_by(Seal.day)).all()
    assert days == [date(2026, 11, 23), date(2026, 11, 24)]
