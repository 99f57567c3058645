"""A caller's message: its recording at the carrier, its copy with us, its transcript."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from callbacks.database import Alarmed, Base

if TYPE_CHECKING:
    from callbacks.callback import Callback

RETRIES = tuple(timedelta(seconds=s) for s in (2, 10, 30, 120, 600, 1800))
"""Waits between attempts to fetch a recording; the last repeats, for the carrier keeps what we have not."""

ERASES = (*RETRIES, *(timedelta(hours=h) for h in (2, 8, 24)))
"""The same for deleting it at the carrier: there is no hurry, and the last repeats until it is gone."""

GIVES_UP = timedelta(days=1)
"""A recording that the carrier has denied for this long is lost; the request stands without it."""


class MessageState(StrEnum):
    """Where the sound is."""

    AT_CARRIER = "at_carrier"
    STORED = "stored"
    OURS_ALONE = "ours_alone"
    """Stored here and deleted at the carrier."""
    CARRIERS_ALONE = "carriers_alone"
    """Removed here by the policy's retention, though the carrier still holds it."""
    LOST = "lost"
    ERASED = "erased"
    """Removed by the policy's retention."""


class Message(Alarmed, Base):
    """`alarm_at` is when its next step is due: fetch, then delete at the carrier. Sizes in bytes.

    Retention lets our copy go when its time is over, whatever the carrier says; theirs is then asked after
    until it is gone.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_sid: Mapped[str] = mapped_column(String(64), unique=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    seconds: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20), default=MessageState.AT_CARRIER, index=True)
    arrived_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    path: Mapped[str | None] = mapped_column(String(300))
    media_type: Mapped[str | None] = mapped_column(String(60))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    transcript: Mapped[str | None] = mapped_column(Text)
    callback: Mapped["Callback"] = relationship(back_populates="messages")

    @property
    def playable(self) -> bool:
        """Whether the desk holds the sound."""
        return self.state in (MessageState.STORED, MessageState.OURS_ALONE)

    def stored(self, now: datetime, path: str, media_type: str, size: int, sha256: str) -> None:
        """We hold it; the carrier's copy is to go next."""
        self.state, self.path, self.media_type = MessageState.STORED, path, media_type
        self.size, self.sha256, self.tries = size, sha256, 0
        self.alarm_at, self.claimed_until = now, None

    def gone_from_shelf(self, now: datetime) -> None:
        """What we held is no more, while the carrier has it still: fetch it anew."""
        self.state, self.path, self.sha256 = MessageState.AT_CARRIER, None, None
        self.alarm_at, self.claimed_until = now, None

    @property
    def is_gone(self) -> bool:
        """Whether the desk will never have the sound any more."""
        return self.state in (MessageState.LOST, MessageState.ERASED, MessageState.CARRIERS_ALONE)

    def erased(self) -> None:
        """Removed by the policy's retention, with its words."""
        is_ours_alone = self.state == MessageState.OURS_ALONE
        self.state = MessageState.ERASED if is_ours_alone else MessageState.CARRIERS_ALONE
        self.path, self.transcript = None, None

    def deleted_at_carrier(self) -> None:
        """Ours alone now, and nothing more is due until retention; or nobody's."""
        was_ours = self.state == MessageState.STORED
        self.state = MessageState.OURS_ALONE if was_ours else MessageState.ERASED
        self.tries, self.alarm_at, self.claimed_until = 0, None, None

    def failed(self, now: datetime) -> None:
        """This attempt came to nothing; the next one waits longer."""
        waits = RETRIES if self.state == MessageState.AT_CARRIER else ERASES
        wait = waits[min(self.tries, len(waits) - 1)]
        self.tries, self.alarm_at, self.claimed_until = self.tries + 1, now + wait, None

    def denied(self, now: datetime) -> bool:
        """The carrier does not have it, now. True once that has been so for too long to hope."""
        if now - self.arrived_at < GIVES_UP:
            self.failed(now)
            return False
        self.state, self.alarm_at, self.claimed_until = MessageState.LOST, None, None
        return True


def by_recording(session: Session, recording_sid: str) -> Message | None:
    """The message made from this recording, if it has arrived."""
    return session.scalar(select(Message).where(Message.recording_sid == recording_sid))
