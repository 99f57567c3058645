"""The shape of a message: true for a voice, flat for silence, none for what cannot be drawn or was erased."""

import io
import math
import wave
from array import array
from pathlib import Path

import pytest

from callbacks.callback import Callback
from callbacks.message import Message
from callbacks.work import Desk
from console.waveform import BARS
from settings import Settings
from tests.screens import Visitor, ask


def wav(samples: list[int], channels: int = 1, width: int = 2) -> bytes:
    """16 bits at 8 kHz, as the carrier records."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(8000)
        file.writeframes(array("h", samples).tobytes())
    return whole.getvalue()


def tone(loud: int, length: int = 8000) -> list[int]:
    """A second of it."""
    return [round(loud * math.sin(n / 3)) for n in range(length)]


QUIET_THEN_LOUD = [*tone(4000), *tone(16000)]


def address(callback: Callback) -> str:
    """Where its one message's shape is asked for."""
    return f"/requests/{callback.reference}/messages/{callback.messages[0].id}/waveform"


def with_sound(desk: Desk, settings: Settings, sound: bytes, name: str = "one.wav") -> Callback:
    """A request whose message is this sound."""
    callback = ask(desk)
    folder = Path(settings.media_url.removeprefix("file://"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(sound)
    with desk.work() as work:
        message = work.held(Message, callback.messages[0].id)
        assert message
        message.stored(work.now, name, "audio/wav", len(sound), f"{hash(sound)}")
    return callback


def test_what_is_loud_stands_high_and_what_is_soft_low(ada: Visitor, desk: Desk, settings: Settings) -> None:
    bars = ada.open(address(with_sound(desk, settings, wav(QUIET_THEN_LOUD)))).json["bars"]  # type: ignore[index]
    assert len(bars) == BARS
    assert {24, 25} >= set(bars[2:78])
    assert min(bars[82:158]) > 97


def test_two_channels_are_drawn_by_the_first(ada: Visitor, desk: Desk, settings: Settings) -> None:
    both = [value for each in tone(9000) for value in (each, 0)]
    bars = ada.open(address(with_sound(desk, settings, wav(both, channels=2)))).json["bars"]  # type: ignore[index]
    assert min(bars) > 90


@pytest.mark.parametrize("sound", [[0] * 8000, tone(60)])
def test_silence_is_drawn_as_silence_and_not_made_louder(
    ada: Visitor, desk: Desk, settings: Settings, sound: list[int]
) -> None:
    answer = ada.open(address(with_sound(desk, settings, wav(sound))))
    assert answer.json == {"bars": [0] * BARS}


@pytest.mark.parametrize(
    "sound",
    [
        b"",
        b"RIFF",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"ID3" + b"\x00" * 500,
        wav([]),
        wav(tone(9000), width=1),
        b"\x00" * 90,
    ],
)
def test_what_cannot_be_drawn_has_no_shape_and_breaks_nothing(
    ada: Visitor, desk: Desk, settings: Settings, sound: bytes
) -> None:
    answer = ada.open(address(with_sound(desk, settings, sound)))
    assert (answer.status_code, answer.json) == (200, {"bars": None})


def test_a_recording_that_broke_off_is_silent_from_there(
    ada: Visitor, desk: Desk, settings: Settings
) -> None:
    whole = wav(tone(9000))
    bars = ada.open(address(with_sound(desk, settings, whole[: len(whole) // 2]))).json["bars"]  # type: ignore[index]
    assert min(bars[: BARS // 2 - 2]) > 90
    assert max(bars[BARS // 2 + 2 :]) == 0


def test_a_file_that_is_gone_has_no_shape(ada: Visitor, desk: Desk, settings: Settings) -> None:
    callback = with_sound(desk, settings, wav(tone(9000)))
    (Path(settings.media_url.removeprefix("file://")) / "one.wav").unlink()
    assert ada.open(address(callback)).json == {"bars": None}


def test_what_was_erased_has_no_shape_any_more(ada: Visitor, desk: Desk, settings: Settings) -> None:
    callback = with_sound(desk, settings, wav(tone(9000)))
    assert ada.open(address(callback)).status_code == 200
    with desk.work() as work:
        message = work.held(Message, callback.messages[0].id)
        assert message
        message.erased()
    assert ada.open(address(callback)).status_code == 404


def test_a_message_of_another_request_is_not_found_here(ada: Visitor, desk: Desk, settings: Settings) -> None:
    callback = with_sound(desk, settings, wav(tone(9000)))
    assert ada.open(f"/requests/{callback.reference}/messages/999/waveform").status_code == 404
