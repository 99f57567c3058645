"""Sound: WAV files of eight thousand samples a second, tones made on the spot, and how long speech takes."""

import array
import functools
import io
import math
import wave

RATE = 8000
LETTERS_A_SECOND = 15.0


def speaking_seconds(text: str) -> float:
    """About how long a voice takes to say a text."""
    return round(0.4 + len(text) / LETTERS_A_SECOND, 1)


def as_wav(samples: "array.array[int]", rate: int = RATE) -> bytes:
    """Wrap 16-bit mono samples as a WAV file."""
    held = io.BytesIO()
    with wave.open(held, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return held.getvalue()


@functools.lru_cache(maxsize=64)
def tone(seconds: float, pitch: float = 440.0, loud: float = 0.3) -> bytes:
    """A tone as a WAV file; loud 0 is silence."""
    cycle = _cycle(pitch, loud)
    wanted = int(seconds * RATE)
    whole = cycle * (wanted // len(cycle) + 1)
    return as_wav(whole[:wanted])


@functools.lru_cache(maxsize=64)
def _cycle(pitch: float, loud: float) -> "array.array[int]":
    # One second holds whole cycles of a whole pitch, so repeating it has no click, and costs nothing.
    step = 2 * math.pi * round(pitch) / RATE
    return array.array("h", (int(32767 * loud * math.sin(step * n)) for n in range(RATE)))


def wav_seconds(wav: bytes) -> float:
    """How long a WAV file plays; raises ValueError where it is not one."""
    try:
        with wave.open(io.BytesIO(wav)) as opened:
            seconds: float = opened.getnframes() / opened.getframerate()
            return seconds
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise ValueError(f"Not a WAV file: {error}") from error
