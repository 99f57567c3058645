"""What the policy lets go: our copy goes, and the carrier is asked until its own is gone."""

from datetime import timedelta

from sqlalchemy import select

from callbacks import seal
from callbacks.callback import Callback
from callbacks.message import Message, MessageState
from callbacks.moves import Disposition
from tests.at_carrier import AtCarrier, a_while_ago
from tests.recorded import deletes_nothing, message, step, stored
from tests.timed import TimedDesk
from worker import retention
from worker.notices import telling


def let_go(timed: TimedDesk) -> None:
    """Every request was closed so long ago that the policy lets its sound go."""
    with timed.desk.work() as work:
        for callback in work.session.scalars(select(Callback)):
            if callback.is_open:
                callback.close(work, Disposition.SOLVED, "agent:ada")
    timed.clock.forward(timed.desk.policy.retention.recordings + timedelta(days=1))
    for _ in range(2):
        retention.erase_what_is_old(timed.means, timed.clock())


def test_our_copy_goes_when_its_time_is_over_whatever_the_carrier_says(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    deletes_nothing(carrier)
    assert step(timed, left).state == MessageState.STORED
    assert len(stored(timed)) == 1
    let_go(timed)
    gone = message(timed, left)
    assert (gone.state, gone.path, gone.playable, gone.is_gone) == ("carriers_alone", None, False, True)
    assert stored(timed) == []
    carrier.recovers()
    timed.clock.forward(timedelta(days=1))
    assert step(timed, left).state == MessageState.ERASED
    assert not carrier.has(left)
    told = [line.move for line in timed.journal(1) if line.move.startswith("recording")]
    assert told == ["recording_erased", "recording_at_carrier", "recording_gone_at_carrier"]
    with timed.desk.reading() as work:
        assert seal.faults(work.session) == []


def test_the_carrier_is_asked_at_growing_distance_until_it_is_gone(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    deletes_nothing(carrier)
    step(timed, left)
    let_go(timed)
    hours = []
    for _ in range(10):
        waits = (step(timed, left).alarm_at or timed.clock()) - timed.clock()
        hours.append(waits / timedelta(hours=1))
        timed.clock.forward(waits)
    assert hours == sorted(hours)
    assert hours[-5:] == [2, 8, 24, 24, 24]
    assert message(timed, left).state == MessageState.CARRIERS_ALONE


def test_sara_hears_once_that_the_carrier_keeps_what_should_be_gone(
    timed: TimedDesk, carrier: AtCarrier
) -> None:
    deletes_nothing(carrier)
    sids = []
    for _ in range(3):
        call = carrier.call(a_while_ago(timed))
        sids.append(carrier.recording(call, a_while_ago(timed)))
        timed.promised(call, recording=sids[-1])
        step(timed, sids[-1])
    let_go(timed)
    assert len(timed.entries("recording_at_carrier")) == 3
    (line,) = timed.entries("carrier_keeps")
    telling.tell(timed.means, [line.id])
    telling.tell(timed.means, [line.id])
    (told,) = [notice for notice in timed.sara.heard if notice.about == "carrier_keeps"]
    assert told.title == "The carrier keeps recordings that the desk has let go"
    assert sids[0] in told.lines[0]


def test_a_sound_that_never_came_home_is_fetched_no_more_once_its_time_is_over(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    carrier.answers(503)
    assert step(timed, left).state == MessageState.AT_CARRIER
    let_go(timed)
    assert message(timed, left).state == MessageState.CARRIERS_ALONE
    carrier.recovers()
    timed.clock.forward(timedelta(days=1))
    assert step(timed, left).state == MessageState.ERASED
    assert stored(timed) == []
    assert not carrier.has(left)


def test_a_recording_in_a_workers_hands_is_let_go_the_next_time(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    deletes_nothing(carrier)
    step(timed, left)
    with timed.desk.work() as work:
        held = work.session.get_one(Message, message(timed, left).id)
        held.claimed_until = work.now + timed.desk.policy.retention.recordings + timedelta(days=1, seconds=30)
    let_go(timed)
    assert message(timed, left).state == MessageState.STORED
    timed.clock.forward(timedelta(minutes=1))
    retention.erase_what_is_old(timed.means, timed.clock())
    assert message(timed, left).state == MessageState.CARRIERS_ALONE
