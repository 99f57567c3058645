"""Keeps calls, recordings and messages: in memory, and where there is a folder also on disk."""

import json
import sqlite3
import threading
from pathlib import Path

from exchange.records import CallRecord, MessageRecord, Record, RecordingRecord, as_plain, from_plain


class Store:
    """All that a restart has to find again; safe to share between threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self.calls: dict[str, CallRecord] = {}
        self.recordings: dict[str, RecordingRecord] = {}
        self.messages: dict[str, MessageRecord] = {}
        self._audio: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._folder = folder
        self._base = self._open(folder) if folder else None

    def keep(self, record: Record) -> None:
        """Write a record, new or changed."""
        with self._lock:
            self._place(record)
            if self._base:
                row = (record.sid, json.dumps(as_plain(record)))
                self._base.execute("INSERT OR REPLACE INTO record VALUES (?, ?)", row)

    def keep_audio(self, sid: str, wav: bytes) -> None:
        """Write a recording's sound."""
        if self._folder:
            (self._folder / f"{sid}.wav").write_bytes(wav)
        else:
            self._audio[sid] = wav

    def audio(self, sid: str) -> bytes | None:
        """A recording's sound, where it is known and there is any."""
        if sid not in self.recordings:
            return None
        if self._folder is None:
            return self._audio.get(sid)
        kept = self._folder / f"{sid}.wav"
        return kept.read_bytes() if kept.exists() else None

    def forget(self, sid: str) -> None:
        """Delete a recording and its sound."""
        with self._lock:
            self.recordings.pop(sid, None)
            self._audio.pop(sid, None)
            if self._base and self._folder:
                self._base.execute("DELETE FROM record WHERE sid = ?", (sid,))
                (self._folder / f"{sid}.wav").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        if self._base:
            self._base.close()
            self._base = None

    def _place(self, record: Record) -> None:
        if isinstance(record, CallRecord):
            self.calls[record.sid] = record
        elif isinstance(record, RecordingRecord):
            self.recordings[record.sid] = record
        else:
            self.messages[record.sid] = record

    def _open(self, folder: Path) -> sqlite3.Connection:
        folder.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(folder / "exchange.sqlite", check_same_thread=False, isolation_level=None)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute("CREATE TABLE IF NOT EXISTS record (sid TEXT PRIMARY KEY, plain TEXT NOT NULL)")
        for (plain,) in base.execute("SELECT plain FROM record"):
            self._place(from_plain(json.loads(plain)))
        return base
