"""A recording that somebody brings: looked at before it is believed, kept under a name nobody can guess."""

import secrets

import fsspec

from callbacks.errors import DeskError

LARGEST = 5_000_000
SMALLEST = 100
WAVE_FORMS = (1, 6, 7)
"""PCM, A-law and mu-law, which the carrier plays."""


class NoRecording(DeskError):  # noqa: N818 - what it is, as the page says it
    """Not a sound that the carrier plays; `str()` is the name of the sentence that says why."""


def keep(media_url: str, sound: bytes) -> str:
    """The policy's word for this sound, now on the shelf; NoRecording where it is none."""
    name = f"{secrets.token_hex(16)}.{_ending(sound)}"
    try:
        files, root = fsspec.core.url_to_fs(media_url)
        folder = f"{root.rstrip('/')}/prompts"
        files.makedirs(folder, exist_ok=True)
        files.pipe_file(f"{folder}/{name}", sound)
    except OSError as fault:
        raise NoRecording("unkept") from fault
    return f"kept:{name}"


def _ending(sound: bytes) -> str:
    if len(sound) > LARGEST:
        raise NoRecording("too_large")
    if len(sound) >= SMALLEST and _is_wave(sound):
        return "wav"
    if len(sound) >= SMALLEST and _is_mp3(sound):
        return "mp3"
    raise NoRecording("no_sound")


def _is_wave(sound: bytes) -> bool:
    form = int.from_bytes(sound[20:22], "little")
    return sound[:4] == b"RIFF" and sound[8:16] == b"WAVEfmt " and form in WAVE_FORMS


def _is_mp3(sound: bytes) -> bool:
    """A tag, or a frame of layer III."""
    return sound[:3] == b"ID3" or (sound[0] == 0xFF and sound[1] & 0xE6 == 0xE2)
