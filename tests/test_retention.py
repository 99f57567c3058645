"""Retention: what the policy lets go is gone, open requests keep everything, the journal still verifies."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from callbacks import journal, laid_file, seal
from callbacks.call import Call
from callbacks.callback import Callback
from callbacks.guard import CodeTry
from callbacks.journal import Personal
from callbacks.laid_file import LaidFile
from callbacks.message import Message, MessageState
from callbacks.moves import Disposition
from callbacks.staffing import the_person
from callbacks.work import Work
from tests.people import fill
from tests.timed import MONDAY, TimedDesk
from worker import retention

NUMBER = "+390212345678"
DAY = timedelta(days=1)


@pytest.fixture
def closed(timed: TimedDesk) -> int:
    """A request with a stored message and a note, closed on Monday."""
    key = with_sound(timed, "CA1", "REabcd")

    def close(work: Work) -> None:
        callback = work.held(Callback, key)
        assert callback is not None
        callback.note(work, f"call Mr Rossi at {NUMBER}", "agent:ada")
        callback.close(work, Disposition.SOLVED, "agent:ada")

    timed.desk.do(close)
    return key


def with_sound(timed: TimedDesk, call: str, recording: str) -> int:
    """An open request whose message is on the shelf."""
    key = timed.promised(call, recording=recording)
    kept = timed.means.shelf.keep(recording, "audio/wav", [b"RIFF....WAVE"])
    with timed.desk.work() as work:
        [message] = work.session.scalars(select(Message).where(Message.callback_id == key))
        message.stored(work.now, kept.path, "audio/wav", kept.size, kept.sha256)
        message.deleted_at_carrier()
        message.transcript = "Hello, this is Mr Rossi"
    return key


def after(timed: TimedDesk, amount: timedelta) -> None:
    """The round is walked so long after Monday, twice for good measure."""
    timed.clock.now = MONDAY + amount
    for _ in range(2):
        retention.erase_what_is_old(timed.means, MONDAY)


def count(timed: TimedDesk, kind: type) -> int:
    """How many rows there are."""
    with timed.desk.reading() as work:
        return work.session.scalar(select(func.count()).select_from(kind)) or 0


def only_message(timed: TimedDesk) -> Message:
    """The one there is."""
    with timed.desk.reading() as work:
        return work.session.scalars(select(Message)).one()


def sounds(timed: TimedDesk) -> list[Path]:
    """What is on the shelf."""
    return [path for path in timed.shelf.rglob("*") if path.is_file()]


def verifies(timed: TimedDesk) -> bool:
    """Whether the journal is whole."""
    with timed.desk.reading() as work:
        return seal.faults(work.session) == []


def test_a_recording_is_kept_for_its_days_and_no_longer(timed: TimedDesk, closed: int) -> None:
    after(timed, 90 * DAY)
    assert len(sounds(timed)) == 1
    after(timed, 90 * DAY + timedelta(seconds=1))
    assert sounds(timed) == []
    message = only_message(timed)
    assert (message.state, message.path, message.transcript) == (MessageState.ERASED, None, None)
    assert [line.facts for line in timed.entries("recording_erased")] == [{"recording": "REabcd"}]
    assert verifies(timed)


def test_an_open_request_keeps_its_sound_and_its_number_for_ever(timed: TimedDesk) -> None:
    key = with_sound(timed, "CA1", "REabcd")
    after(timed, 5000 * DAY)
    assert len(sounds(timed)) == 1
    assert timed.look_at(key).caller == NUMBER
    assert count(timed, Personal) == 1
    assert count(timed, Call) == 1


def test_what_is_said_of_people_goes_and_the_chain_still_verifies(timed: TimedDesk, closed: int) -> None:
    after(timed, 364 * DAY)
    assert count(timed, Personal) == 2
    after(timed, 366 * DAY)
    assert count(timed, Personal) == 0
    callback = timed.look_at(closed)
    assert (callback.caller, callback.number) == ("", None)
    assert [line.facts for line in timed.entries("personal_erased")] == [{"lines": 2}]
    assert verifies(timed)


def test_an_old_call_goes_and_its_request_stays(timed: TimedDesk, closed: int) -> None:
    with timed.desk.work() as work:
        work.session.add(CodeTry(at=work.now, call_id=1, caller=NUMBER, digest="0" * 64, right=True))
    after(timed, 366 * DAY)
    assert (count(timed, Call), count(timed, CodeTry)) == (0, 0)
    assert timed.look_at(closed).call_id is None
    assert [line.facts for line in timed.entries("calls_erased")] == [{"calls": 1}]


def test_a_call_still_to_be_asked_for_stays(timed: TimedDesk) -> None:
    timed.promised("CA1", swept=False)
    with timed.desk.work() as work:
        callback = work.session.get_one(Callback, 1)
        callback.close(work, Disposition.SOLVED, "agent:ada")
    after(timed, 366 * DAY)
    assert count(timed, Call) == 1


def test_a_line_that_belongs_to_no_request_is_forgotten_when_it_is_old(timed: TimedDesk) -> None:
    with timed.desk.work() as work:
        journal.write(work, journal.DESK, "signed_in", "agent:ada", personal={"address": "192.0.2.7"})
    after(timed, 364 * DAY)
    assert count(timed, Personal) == 1
    after(timed, 366 * DAY)
    assert count(timed, Personal) == 0
    assert verifies(timed)


def test_a_sound_that_is_gone_already_is_no_trouble(timed: TimedDesk, closed: int) -> None:
    sounds(timed)[0].unlink()
    after(timed, 91 * DAY)
    assert only_message(timed).state == MessageState.ERASED


def test_many_old_ones_go_in_one_round(timed: TimedDesk) -> None:
    closed_at: datetime = timed.clock()
    keys = [timed.promised(f"CA{number}") for number in range(230)]
    with timed.desk.work() as work:
        for key in keys:
            work.session.get_one(Callback, key).close(work, Disposition.SOLVED, "agent:ada")
    assert timed.look_at(keys[0]).closed_at == closed_at
    after(timed, 366 * DAY)
    assert (count(timed, Personal), count(timed, Call)) == (0, 0)
    assert verifies(timed)


def test_a_file_that_nobody_took_for_a_day_goes_and_todays_stays(timed: TimedDesk) -> None:
    fill(timed.desk)

    def lay(work: Work, name: str) -> None:
        laid_file.lay(work, the_person(work, name), "companies.csv", b"company,plan,from", updates=False)

    timed.desk.do(lambda work: lay(work, "dora"))
    timed.clock.forward(timedelta(hours=25))
    timed.desk.do(lambda work: lay(work, "sara"))
    with timed.desk.reading() as work:
        assert len(work.session.scalars(select(LaidFile)).all()) == 2, (
            "laying one file tidies up after another"
        )
    retention.erase_what_is_old(timed.means, MONDAY)
    with timed.desk.reading() as work:
        [left] = work.session.scalars(select(LaidFile))
        assert left.agent_id == the_person(work, "sara").id
