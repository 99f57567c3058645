"""Messages and calls that nobody told us of are found at the carrier."""

from datetime import timedelta

from callbacks import call as calls
from callbacks import seal
from callbacks.call import Call, Kind
from callbacks.callback import Callback
from callbacks.message import MessageState
from callbacks.work import Work
from tests.at_carrier import AtCarrier
from tests.recorded import message
from tests.timed import OPENS, TimedDesk
from worker import sweep


def swept(timed: TimedDesk, call_sid: str) -> Call:
    """The call, once the carrier was asked for it."""
    with timed.desk.reading() as work:
        known = calls.find(work.session, call_sid)
    assert known is not None
    sweep.ask(timed.means, [known.id])
    with timed.desk.reading() as work:
        found = calls.find(work.session, call_sid)
    assert found is not None
    return found


def begun(timed: TimedDesk, call_sid: str) -> None:
    """A caller was asked for a message, and then nothing more was heard."""

    def begin(work: Work) -> None:
        call = calls.held(work, call_sid, "+390212345678", "+18889624587")
        call.asks_for_message(3, Kind.CALLBACK)

    timed.desk.do(begin)
    timed.clock.forward(timedelta(minutes=30))


def requests(timed: TimedDesk) -> list[Callback]:
    """Every request there is."""
    return [timed.look_at(int(line.subject.split("/")[1])) for line in timed.entries("received")]


def test_a_message_whose_every_notice_was_lost_is_a_request_from_when_it_was_left(
    timed: TimedDesk, carrier: AtCarrier
) -> None:
    left_at, call = timed.clock(), carrier.call(timed.clock())
    carrier.recording(call, left_at, seconds=20)
    begun(timed, call)
    assert swept(timed, call).swept_at == timed.clock()
    [request] = requests(timed)
    assert (request.kind, request.turn) == (Kind.CALLBACK, 3)
    assert request.opens == OPENS + timedelta(seconds=20)
    assert swept(timed, call).alarm_at is None
    assert len(requests(timed)) == 1


def test_a_call_that_goes_on_is_asked_for_later(timed: TimedDesk, carrier: AtCarrier) -> None:
    call = carrier.call(timed.clock(), "in-progress")
    begun(timed, call)
    found = swept(timed, call)
    assert (found.ended_at, found.swept_at) == (None, None)
    assert found.alarm_at == timed.clock() + timedelta(minutes=30)


def test_a_recording_still_being_made_ready_is_waited_for(timed: TimedDesk, carrier: AtCarrier) -> None:
    call = carrier.call(timed.clock())
    recording = carrier.recording(call, timed.clock(), ready=False)
    begun(timed, call)
    assert swept(timed, call).alarm_at == timed.clock() + timedelta(minutes=1)
    carrier.exchange.store.recordings[recording].ready = True
    timed.clock.forward(timedelta(minutes=1))
    assert swept(timed, call).swept_at == timed.clock()
    assert len(requests(timed)) == 1


def test_while_the_carrier_is_away_a_call_is_asked_for_less_and_less_often(
    timed: TimedDesk, carrier: AtCarrier
) -> None:
    begun(timed, "CA" + "4" * 32)
    carrier.answers(503)
    found = swept(timed, "CA" + "4" * 32)
    assert found.alarm_at == timed.clock() + timedelta(minutes=15)


def test_a_call_the_carrier_knows_nothing_of_is_over(timed: TimedDesk, carrier: AtCarrier) -> None:
    begun(timed, "CA" + "4" * 32)
    assert swept(timed, "CA" + "4" * 32).swept_at == timed.clock()
    assert requests(timed) == []


def test_a_message_left_while_our_database_was_away_is_recovered_once(
    timed: TimedDesk, carrier: AtCarrier
) -> None:
    started, left_at = timed.clock(), timed.clock() + timedelta(minutes=2)
    call = carrier.call(left_at)
    recording = carrier.recording(call, left_at, seconds=30)
    timed.clock.forward(timedelta(minutes=10))
    for _ in range(2):
        sweep.recordings_of_strangers(timed.means, started)
    [request] = requests(timed)
    assert (request.kind, request.caller) == (Kind.TROUBLE, "+390212345678")
    assert request.received_at == left_at + timedelta(seconds=30)
    assert message(timed, recording).state == MessageState.AT_CARRIER
    with timed.desk.reading() as work:
        assert seal.faults(work.session) == []


def test_a_message_just_left_is_left_to_its_own_notice(timed: TimedDesk, carrier: AtCarrier) -> None:
    started = timed.clock()
    timed.clock.forward(timedelta(minutes=5))
    carrier.recording(carrier.call(timed.clock()), timed.clock() - timedelta(seconds=40))
    seen_until = sweep.recordings_of_strangers(timed.means, started)
    assert requests(timed) == []
    timed.clock.forward(timedelta(minutes=5))
    sweep.recordings_of_strangers(timed.means, seen_until)
    assert len(requests(timed)) == 1


def test_what_the_desk_itself_called_leaves_no_request(timed: TimedDesk, carrier: AtCarrier) -> None:
    call = carrier.call(timed.clock())
    carrier.exchange.store.calls[call].direction = "outbound-api"
    carrier.recording(call, timed.clock())
    timed.clock.forward(timedelta(minutes=10))
    sweep.recordings_of_strangers(timed.means, timed.clock() - timedelta(hours=1))
    assert requests(timed) == []
