"""Messages brought home, stored, read back, then deleted at the carrier."""

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
from structlog.testing import capture_logs

from callbacks.message import GIVES_UP, MessageState, by_recording
from tests.at_carrier import AtCarrier
from tests.recorded import deletes_nothing, message, step, stored
from tests.timed import TimedDesk
from worker.shelf import Shelf, path_of


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
    deletes_nothing(carrier, "503 So")
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
