"""Messages brought home, stored, read back, then deleted at the carrier; and found where nobody told us."""

import hashlib
import os
import resource
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from callbacks import call as calls
from callbacks import seal
from callbacks.call import Call, Kind
from callbacks.callback import Callback
from callbacks.message import GIVES_UP, Message, MessageState, by_recording
from callbacks.moves import Disposition
from callbacks.work import Work
from tests.at_carrier import AtCarrier, a_while_ago
from tests.timed import OPENS, TimedDesk
from worker import recordings, retention, sweep
from worker.notices import telling
from worker.shelf import Shelf, path_of


@pytest.fixture
def left(timed: TimedDesk, carrier: AtCarrier) -> str:
    """The SID of a recording that a caller has left, and that the desk has heard of."""
    call = carrier.call(a_while_ago(timed))
    sid = carrier.recording(call, a_while_ago(timed))
    timed.promised(call, recording=sid)
    return sid


def message(timed: TimedDesk, sid: str) -> Message:
    """The desk's message of this recording."""
    with timed.desk.reading() as work:
        found = by_recording(work.session, sid)
    assert found is not None
    return found


def step(timed: TimedDesk, sid: str) -> Message:
    """What is next for it, done."""
    recordings.next_step(timed.means, [message(timed, sid).id])
    return message(timed, sid)


def stored(timed: TimedDesk) -> list[Path]:
    """Every file on the shelf."""
    return [path for path in timed.shelf.rglob("*") if path.is_file()]


def test_a_message_is_brought_home_and_deleted_at_the_carrier(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    sound = carrier.exchange.store.audio(left)
    home = step(timed, left)
    assert home.state == MessageState.OURS_ALONE
    assert home.alarm_at is None
    assert not carrier.has(left)
    [file] = stored(timed)
    assert sound is not None
    assert file.read_bytes() == sound
    assert (home.path, home.media_type, home.size) == (path_of(left, "audio/wav"), "audio/wav", len(sound))
    assert home.sha256 == hashlib.sha256(sound).hexdigest()
    assert [line.facts["recording"] for line in timed.entries("message_stored")] == [left]


def test_bringing_it_home_twice_changes_nothing(timed: TimedDesk, carrier: AtCarrier, left: str) -> None:
    step(timed, left)
    requests = len(carrier.requests)
    step(timed, left)
    assert len(carrier.requests) == requests
    assert len(timed.entries("message_stored")) == 1


def test_a_sound_that_is_not_ready_yet_is_asked_for_again_less_and_less_often(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    carrier.exchange.store.recordings[left].ready = False
    waits = []
    for _ in range(7):
        waits.append((step(timed, left).alarm_at or timed.clock()) - timed.clock())
        timed.clock.forward(waits[-1])
    assert [wait.total_seconds() for wait in waits] == [2, 10, 30, 120, 600, 1800, 1800]
    carrier.exchange.store.recordings[left].ready = True
    assert step(timed, left).state == MessageState.OURS_ALONE


def test_a_recording_denied_for_a_day_is_lost_and_the_request_stands(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    carrier.exchange.store.forget(left)
    timed.clock.forward(GIVES_UP - timedelta(minutes=1))
    assert step(timed, left).state == MessageState.AT_CARRIER
    timed.clock.forward(timedelta(hours=1))
    assert step(timed, left).state == MessageState.LOST
    [line] = timed.entries("message_lost")
    assert line.facts["recording"] == left
    assert timed.look_at(1).is_open


@pytest.mark.parametrize("code", [500, 503, 429, 401, 403])
def test_a_carrier_in_trouble_for_days_loses_no_message(
    timed: TimedDesk, carrier: AtCarrier, left: str, code: int
) -> None:
    timed.clock.forward(GIVES_UP * 3)
    carrier.answers(code)
    assert step(timed, left).state == MessageState.AT_CARRIER
    carrier.recovers()
    timed.clock.forward(timedelta(hours=1))
    assert step(timed, left).state == MessageState.OURS_ALONE


def test_a_message_stored_while_the_carrier_went_away_is_deleted_there_later(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    whole = carrier.app

    def deletes_nothing(environ: dict[str, str], start_response: object) -> object:
        if environ["REQUEST_METHOD"] != "DELETE":
            return whole(environ, start_response)  # type: ignore[arg-type]
        start_response("503 So", [("Content-Length", "0")])  # type: ignore[operator]
        return [b""]

    carrier.app = deletes_nothing
    assert step(timed, left).state == MessageState.STORED
    assert message(timed, left).playable
    carrier.recovers()
    timed.clock.forward(timedelta(seconds=2))
    assert step(timed, left).state == MessageState.OURS_ALONE
    assert not carrier.has(left)


def test_a_stored_sound_that_vanished_before_the_carrier_deleted_it_is_fetched_again(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    with timed.desk.work() as work:
        known = by_recording(work.session, left)
        assert known is not None
        known.stored(work.now, path_of(left, "audio/wav"), "audio/wav", 3, hashlib.sha256(b"abc").hexdigest())
    assert step(timed, left).state == MessageState.AT_CARRIER
    assert carrier.has(left)
    assert step(timed, left).state == MessageState.OURS_ALONE


def test_what_is_no_sound_is_neither_stored_nor_deleted(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    carrier.exchange.store.keep_audio(left, b"<html>not a sound</html>")
    assert step(timed, left).state == MessageState.AT_CARRIER
    assert carrier.has(left)
    assert stored(timed) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for 64 KB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], stderr=subprocess.DEVNULL
    )
    if not mounted:
        pytest.skip("a disk can only be made by root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_with_the_disk_full_the_message_stays_at_the_carrier_until_there_is_room(
    timed: TimedDesk, carrier: AtCarrier, left: str, small_disk: Path
) -> None:
    carrier.exchange.store.keep_audio(left, b"RIFF1234WAVE" + bytes(100_000))
    timed.means = replace(timed.means, shelf=Shelf(f"file://{small_disk}"))
    assert step(timed, left).state == MessageState.AT_CARRIER
    assert carrier.has(left)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    subprocess.run(["mount", "-o", "remount,size=1m", str(small_disk)], check=True)
    timed.clock.forward(timedelta(seconds=2))
    assert step(timed, left).state == MessageState.OURS_ALONE


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel ends every file of this process there, whoever runs it: a disk that is full in mid-file."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


def test_a_file_that_ends_before_the_message_does_is_none(
    timed: TimedDesk, carrier: AtCarrier, left: str
) -> None:
    """As on a full disk, and for whoever may not make one."""
    carrier.exchange.store.keep_audio(left, b"RIFF1234WAVE" + bytes(6_000_000))
    with no_file_larger_than(4_000_000):
        assert step(timed, left).state == MessageState.AT_CARRIER
    assert carrier.has(left)
    assert stored(timed) == []
    timed.clock.forward(timedelta(seconds=2))
    assert step(timed, left).state == MessageState.OURS_ALONE
    assert [path.stat().st_size for path in stored(timed)] == [6_000_012]


def test_no_space_left_keeps_the_message_at_the_carrier_until_there_is_some(
    timed: TimedDesk, carrier: AtCarrier, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft is a name for the kernel's own full disk, `/dev/full`."""
    path = timed.shelf / path_of(left, "audio/wav")
    path.parent.mkdir(parents=True)
    with monkeypatch.context() as patched:
        patched.setattr(secrets, "token_hex", lambda _size: "full")
        (path.parent / f"{path.name}.full.part").symlink_to("/dev/full")
        with capture_logs() as said:
            assert step(timed, left).state == MessageState.AT_CARRIER
    assert "No space left on device" in said[0]["fault"]
    assert carrier.has(left)
    assert stored(timed) == []
    timed.clock.forward(timedelta(seconds=2))
    assert step(timed, left).state == MessageState.OURS_ALONE
    assert stored(timed) == [path]


def test_a_shelf_that_may_not_be_written_loses_nothing(
    timed: TimedDesk, carrier: AtCarrier, left: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    timed.means = replace(timed.means, shelf=Shelf(f"file://{tmp_path}/file"))
    assert step(timed, left).state == MessageState.AT_CARRIER
    assert carrier.has(left)


def test_a_name_that_is_a_path_is_stored_on_the_shelf_all_the_same() -> None:
    assert path_of("../../etc/passwd", "audio/wav").count("/") == 1
    assert ".." not in path_of("../../etc/passwd", "audio/wav")


# --- what nobody told us of ---


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


# --- what the policy lets go while the carrier does not ---


def deletes_nothing(carrier: AtCarrier) -> None:
    """It answers everything else as before."""
    whole = carrier.app

    def app(environ: dict[str, str], start_response: object) -> object:
        if environ["REQUEST_METHOD"] != "DELETE":
            return whole(environ, start_response)  # type: ignore[arg-type]
        start_response("403 So", [("Content-Length", "0")])  # type: ignore[operator]
        return [b""]

    carrier.app = app


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
