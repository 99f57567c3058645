"""The shelf: where the desk keeps the sound of messages, on any storage that fsspec knows."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any

from fsspec.core import url_to_fs

from callbacks.errors import DeskError

ENDINGS = {"audio/wav": "wav", "audio/mpeg": "mp3"}
BITE = 65536


class NotKept(DeskError):  # noqa: N818 - what happened, as the log says it
    """The storage would not take it, or did not give it back as it was."""


@dataclass(frozen=True)
class Kept:
    """What is on the shelf; `path` is relative to it."""

    path: str
    size: int
    sha256: str


class Shelf:
    """A sound appears under its name whole, or not at all."""

    def __init__(self, media_url: str) -> None:
        self._url = media_url

    @cached_property
    def _storage(self) -> tuple[Any, str]:
        storage, root = url_to_fs(self._url)
        return storage, root.rstrip("/")

    def keep(self, recording_sid: str, media_type: str, chunks: Iterable[bytes]) -> Kept:
        """Written under another name, read back, then named. NotKept where any of that fails."""
        path = path_of(recording_sid, media_type)
        draft = f"{path}.{secrets.token_hex(4)}.part"
        try:
            return self._keep(path, draft, chunks)
        except DeskError:
            raise
        except Exception as fault:
            raise NotKept(f"a recording cannot be stored: {fault}") from fault
        finally:
            with suppress(Exception):
                self.erase(draft)

    def holds(self, path: str, sha256: str) -> bool:
        """Whether it is there as it was stored."""
        try:
            return self._digest(path) == sha256
        except FileNotFoundError:
            return False
        except Exception as fault:
            raise NotKept(f"the storage gives no answer: {fault}") from fault

    def erase(self, path: str) -> None:
        """Gone; that it was gone already is as good."""
        storage, root = self._storage
        with suppress(FileNotFoundError):
            storage.rm_file(f"{root}/{path}")

    def _keep(self, path: str, draft: str, chunks: Iterable[bytes]) -> Kept:
        storage, root = self._storage
        storage.makedirs(f"{root}/{path}".rpartition("/")[0], exist_ok=True)
        found, size = hashlib.sha256(), 0
        with storage.open(f"{root}/{draft}", "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                found.update(chunk)
                size += len(chunk)
            _onto_the_disk(file)
        if self._digest(draft) != found.hexdigest():
            raise NotKept("a recording was not given back as it was stored")
        storage.mv(f"{root}/{draft}", f"{root}/{path}")
        return Kept(path, size, found.hexdigest())

    def _digest(self, path: str) -> str:
        storage, root = self._storage
        found = hashlib.sha256()
        with storage.open(f"{root}/{path}", "rb") as file:
            while bite := file.read(BITE):
                found.update(bite)
        return found.hexdigest()


def path_of(recording_sid: str, media_type: str) -> str:
    """The same for the same recording, so that storing it twice stores it once."""
    safe = re.fullmatch(r"[A-Za-z0-9]{4,64}", recording_sid)
    name = recording_sid if safe else hashlib.sha256(recording_sid.encode()).hexdigest()
    return f"{name[-2:]}/{name}.{ENDINGS[media_type]}"


def _onto_the_disk(file: IO[bytes]) -> None:
    """Before the carrier's copy goes, ours must outlive a power cut; only real files can promise it."""
    file.flush()
    with suppress(OSError, AttributeError):
        os.fsync(file.fileno())
