"""A message is played from where it is kept: whole, in ranges, and to people of the desk alone."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from callbacks.callback import Callback
from callbacks.message import Message, MessageState
from callbacks.work import Desk
from settings import Settings
from tests.screens import Visitor, ask

SOUND = b"RIFF" + bytes(range(256)) * 40


@pytest.fixture
def stored(desk: Desk, settings: Settings) -> Callback:
    """A request whose message has been brought home."""
    callback = ask(desk)
    folder = Path(settings.media_url.removeprefix("file://"))
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "sound.wav").write_bytes(SOUND)
    with desk.work() as work:
        message = work.session.scalars(select(Message)).one()
        message.stored(work.now, "2026/sound.wav", "audio/wav", len(SOUND), "ab" * 32)
    return callback


def path_of(callback: Callback) -> str:
    """Where its sound is."""
    return f"/requests/{callback.reference}/messages/1"


def test_ada_hears_all_of_it(ada: Visitor, stored: Callback) -> None:
    answer = ada.open(path_of(stored))
    assert answer.data == SOUND
    assert answer.mimetype == "audio/wav"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(SOUND))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, 10243),
        ("bytes=100-199", 100, 199),
        ("bytes=-44", 10200, 10243),
        ("bytes=10000-99999", 10000, 10243),
    ],
)
def test_ada_jumps_within_it(ada: Visitor, stored: Callback, asked: str, first: int, last: int) -> None:
    answer = ada.open(path_of(stored), Range=asked)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert answer.data == SOUND[first : last + 1]


def test_a_jump_past_its_end_is_refused(ada: Visitor, stored: Callback) -> None:
    assert ada.open(path_of(stored), Range="bytes=99999-").status_code == 416


def test_what_the_browser_has_is_not_sent_again(ada: Visitor, stored: Callback) -> None:
    mark = ada.open(path_of(stored)).headers["ETag"]
    assert ada.open(path_of(stored), **{"If-None-Match": mark}).status_code == 304


def test_a_stranger_hears_nothing(screens: Flask, stored: Callback) -> None:
    answer = Visitor(screens).open(path_of(stored))
    assert answer.status_code == 302
    assert SOUND not in answer.data


def test_another_requests_message_is_not_here(ada: Visitor, desk: Desk, stored: Callback) -> None:
    other = ask(desk, "Bolt")
    assert ada.open(f"/requests/{other.reference}/messages/1").status_code == 404
    assert ada.open(f"/requests/{other.reference}/messages/{2**70}").status_code == 404


@pytest.mark.parametrize("state", [MessageState.AT_CARRIER, MessageState.LOST, MessageState.ERASED])
def test_a_message_we_do_not_have_is_said_to_be_so(
    ada: Visitor, desk: Desk, stored: Callback, state: MessageState
) -> None:
    with desk.work() as work:
        work.session.scalars(select(Message)).one().state = state
    assert ada.open(path_of(stored)).status_code == 404
    assert "<audio" not in ada.open(f"/requests/{stored.reference}").text


def test_a_file_that_has_gone_is_no_fault_of_the_page(
    ada: Visitor, stored: Callback, settings: Settings
) -> None:
    (Path(settings.media_url.removeprefix("file://")) / "2026" / "sound.wav").unlink()
    assert ada.open(path_of(stored)).status_code == 404


def test_what_is_no_sound_is_never_shown_as_a_page(ada: Visitor, desk: Desk, stored: Callback) -> None:
    with desk.work() as work:
        work.session.scalars(select(Message)).one().media_type = "text/html"
    assert ada.open(path_of(stored)).mimetype == "application/octet-stream"


def test_the_player_stands_on_the_board_and_on_the_request(ada: Visitor, stored: Callback) -> None:
    assert f'href="{path_of(stored)}"' in ada.open("/board").text
    assert f'src="{path_of(stored)}"' in ada.open(f"/requests/{stored.reference}").text
