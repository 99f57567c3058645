"""The shape of a message's sound: how loud it is from beginning to end, for the eye to find the words by."""

import struct
import wave
from array import array
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import IO

import fsspec

BARS = 160
"""So many are told apart on the widest screen."""

LARGEST = 32 * 1024 * 1024
"""Bytes; what is larger is no message of ours."""

QUIETEST = 400
"""Of 32,768. A message whose loudest moment is below this is drawn as the silence that it is."""

Shape = tuple[int, ...]


class NoShape(Exception):  # noqa: N818 - what is wrong, as the page says it
    """The sound is of a kind that this desk cannot draw, or is broken."""


@lru_cache(maxsize=1024)
def shape(files: fsspec.AbstractFileSystem, path: str, _digest: str) -> Shape:
    """Loudness from 0 to 100 in so many steps. Kept in memory alone: what is erased leaves no shape behind.

    NoShape where there is none to be had; OSError where the storage does not answer.
    """
    if files.size(path) > LARGEST:
        raise NoShape("too large")
    with files.open(path, "rb") as file:
        return _drawn([_loudness(chunk) for chunk in _samples(file)])


def _samples(file: IO[bytes]) -> Iterator["array[int]"]:
    """The first channel, cut into pieces of one bar each."""
    try:
        with wave.open(file, "rb") as sound:
            width, channels, length = sound.getsampwidth(), sound.getnchannels(), sound.getnframes()
            if width != 2 or not length:
                raise NoShape("not 16 bits, or empty")
            for start, end in pairwise(length * bar // BARS for bar in range(BARS + 1)):
                frames = sound.readframes(end - start)
                whole = frames[: len(frames) - len(frames) % (2 * channels)]
                yield _little_endian(whole)[::channels]
    except (wave.Error, EOFError, ValueError, struct.error) as fault:
        raise NoShape(str(fault)) from fault


def _little_endian(frames: bytes) -> "array[int]":
    samples = array("h", frames)
    if struct.pack("=h", 1) != struct.pack("<h", 1):
        samples.byteswap()
    return samples


def _loudness(samples: "array[int]") -> int:
    highest, lowest = max(samples, default=0), min(samples, default=0)
    return max(highest, -lowest)


def _drawn(loudness: list[int]) -> Shape:
    """Beside the loudest moment, so that a soft voice is seen as well; silence stays flat."""
    loudest = max(loudness, default=0)
    if loudest < QUIETEST:
        return (0,) * BARS
    return tuple(round(100 * each / loudest) for each in loudness)
