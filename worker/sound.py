"""A recording on its way to us: judged by its first bytes and its size before anything relies on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callbacks.errors import DeskError

LARGEST = 30 * 1024 * 1024
"""Bytes. A message of the longest kind the carrier records is under a tenth of it."""

SAID_TO_BE = {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/mpeg", "audio/mp3"}
SAID_NOTHING = {"", "application/octet-stream", "binary/octet-stream"}


class NotSound(DeskError):  # noqa: N818 - what came, as the log says it
    """What came is no recording, whatever it is called."""


@dataclass(frozen=True)
class Sound:
    """`chunks` may be read once; reading raises NotSound where it turns out too large."""

    media_type: str
    chunks: Iterator[bytes]


def sound_of(headers: Mapping[str, str], chunks: Iterator[bytes]) -> Sound:
    """The sound in this body; NotSound where it is something else."""
    said = headers.get("Content-Type", "").split(";")[0].strip().lower()
    if said not in SAID_TO_BE | SAID_NOTHING:
        raise NotSound(f"the carrier sent {said[:60]!r} for a recording")
    first = b""
    while len(first) < 12 and (more := next(chunks, b"")):
        first += more
    return Sound(_media_type(first), _no_larger(first, chunks))


def _media_type(first: bytes) -> str:
    if first[:4] == b"RIFF" and first[8:12] == b"WAVE":
        return "audio/wav"
    if first[:3] == b"ID3" or (len(first) > 1 and first[0] == 0xFF and first[1] & 0xE0 == 0xE0):
        return "audio/mpeg"
    raise NotSound("what the carrier sent for a recording is no sound")


def _no_larger(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    size, chunk = 0, first
    while chunk:
        size += len(chunk)
        if size > LARGEST:
            raise NotSound("a recording is larger than any message can be")
        yield chunk
        chunk = next(rest, b"")
