"""A call being carried: its line, its record, its requests. When things happen is its driver's matter."""

import math
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from exchange.effects import Ask, Effect, Heard, Recorded, Ring, Tell
from exchange.line import Line
from exchange.records import CallRecord, RecordingRecord, new_sid
from exchange.reply import Reply
from exchange.sound import tone, wav_seconds
from exchange.webhook import Notice, Webhook

if TYPE_CHECKING:
    from exchange.box import Exchange


class Connection:
    """What the scripted and the live telephone have in common."""

    def __init__(self, exchange: "Exchange", record: CallRecord, line: Line) -> None:
        self.exchange, self.facts, self.line = exchange, record, line
        self.sounds: list[Heard] = []
        self.webhooks: list[Webhook] = []
        self.recordings: list[RecordingRecord] = []
        self.ringing: Ring | None = None
        self.lock = threading.RLock()
        exchange.store.keep(record)
        exchange.remember(self)

    @property
    def sid(self) -> str:
        return self.facts.sid

    @property
    def verb(self) -> str:
        """What the call waits at: gather, record, dial, talking, ringing, ended ..."""
        return self.line.verb

    @property
    def state(self) -> str:
        return self.line.state

    @property
    def faults(self) -> list[str]:
        """What was wrong with the documents so far, each with Twilio's code."""
        return [str(fault) for fault in self.line.faults]

    def carry(self, effects: Iterable[Effect]) -> None:
        """Do what the line asks for."""
        raise NotImplementedError

    def ring_out(self) -> None:
        """Begin to ring whom this outgoing call or leg is for."""
        self.carry(self.line.ring_out())

    def end_from_outside(self) -> None:
        """The account hangs up (REST: Status=completed)."""
        raise NotImplementedError

    def go_on_with(self, url: str, method: str, document: bytes) -> None:
        """The account sends the call elsewhere (REST: Url or Twiml)."""
        raise NotImplementedError

    # For the drivers.

    def send(self, kind: str, url: str, method: str, fields: Mapping[str, str], mark: str = "") -> Webhook:
        mark = mark or secrets.token_hex(16)
        reply = self.exchange.web.send(url, method, fields, mark)
        sent = Webhook(kind, method, url, fields, mark, reply)
        self.webhooks.append(sent)
        return sent

    def ask(self, ask: Ask) -> Reply:
        self.note_state()
        kind = "last" if ask.last else "document"
        return self.send(kind, ask.url, ask.method, ask.fields).reply

    def deliver(self, notice: Notice) -> Webhook:
        for recording in self.recordings:
            told = recording.sid == notice.fields.get("RecordingSid")
            if told and recording.sid in self.exchange.store.recordings:  # a deleted one stays deleted
                recording.ready = True
                self.exchange.store.keep(recording)
        return self.send(notice.kind, notice.url, notice.method, notice.fields, notice.mark)

    def notice(self, tell: Tell, send: Callable[[Notice], Webhook]) -> Notice:
        """A notice to be sent; one of a call's progress carries the moment at which it came to be."""
        if "CallbackSource" in tell.fields:
            moment = format_datetime(self.exchange.clock().astimezone(UTC))
            tell = replace(tell, fields={**tell.fields, "Timestamp": moment})
        return Notice(tell, secrets.token_hex(16), send)

    def note_state(self) -> None:
        """Bring the call's record up to date with its line."""
        record, line = self.facts, self.line
        if record.state == line.state:
            return
        record.state = line.state
        if line.state == "in-progress" and record.started_at is None:
            record.started_at = self.exchange.clock()
        if line.over:
            begun = record.started_at or record.made_at
            record.seconds = math.ceil(line.seconds) if line.state == "completed" else 0
            record.ended_at = max(self.exchange.clock(), begun + timedelta(seconds=record.seconds))
        self.exchange.store.keep(record)

    def keep_recording(
        self, seconds: float, wav: bytes | None, *, source: str, ready: bool = True, absent: bool = False
    ) -> Recorded:
        """Put a recording into the store and answer it as the line needs it."""
        seconds = wav_seconds(wav) if wav else seconds
        sid, length = new_sid("RE"), 0 if absent else max(1, round(seconds))
        made = RecordingRecord(sid, self.sid, self.exchange.clock(), length, source, ready, absent)
        if not absent:
            self.exchange.store.keep(made)
            self.exchange.store.keep_audio(sid, wav or tone(length))
            self.recordings.append(made)
        more = {
            "RecordingStartTime": format_datetime(made.made_at.astimezone(UTC)),
            "RecordingSource": source,
            "RecordingChannels": "1",
            "RecordingTrack": "both",
            "ErrorCode": "0",
        }
        return Recorded(sid, self.exchange.recording_url(sid), length, absent, more)
